using System.Globalization;

namespace Monitoring.Deployment.Tests;

/// <summary>Points as docs/reference/influxdb.md says, with a hole of each kind.</summary>
internal static class PanelPoints
{
    /// <summary>Lines of the bucket <c>released</c>.</summary>
    public static IEnumerable<string> Released(DateTimeOffset from)
    {
        (long? Value, string? Reason)[] hours = [(120, null), (null, "suppressed"), (15, null), (null, "no-data"), (null, "withdrawn"), (300, null), (44, null)];
        foreach (var (series, space) in (IEnumerable<(string, string)>)[("north-in", "market"), ("south-in", "market"), ("all", "quay")])
        {
            var kind = series == "all" ? "presence" : "flow";
            for (var hour = 0; hour < hours.Length; hour++)
            {
                // Other series have other numbers, which no panel of this one may show.
                var value = hours[hour].Value * (series == "north-in" ? 1 : 7);
                yield return Crowd(space, series, kind, "PT1H", from.AddHours(hour), value, hours[hour].Reason, err95: 17, seconds: 3600, hourOfWeek: hour);
                yield return Crowd(space, series, kind, "cell", from.AddHours(hour), value * 3, hours[hour].Reason, err95: 9, seconds: 900, hourOfWeek: hour);
            }

            yield return Crowd(space, series, kind, "P1D", from, 5_321, null, err95: 160, seconds: 86_400, hourOfWeek: 0);
            yield return Crowd(space, series, kind, "P1D", from.AddDays(1), null, space == "quay" ? "no-data" : "suppressed", err95: 160, seconds: 86_400, hourOfWeek: 24);
            yield return Crowd(space, series, kind, "P1M", from, 90_001, null, err95: 900, seconds: 30 * 86_400, hourOfWeek: 0);
        }

        // A night in one piece stands among the hours.
        yield return Crowd("market", "north-in", "flow", "PT1H", from.AddDays(1), 999, null, err95: 17, seconds: 21_600, hourOfWeek: 24);

        // The same hours a week earlier, for comparing events.
        yield return Crowd("market", "north-in", "flow", "PT1H", from.AddDays(-7), 90, null, err95: 17, seconds: 3600, hourOfWeek: 0);
        yield return Crowd("market", "north-in", "flow", "PT1H", from.AddDays(-7).AddHours(1), 80, null, err95: 17, seconds: 3600, hourOfWeek: 1);
        foreach (var made in (IEnumerable<int>)[1, 2])
        {
            yield return Week("mon", "00", made, from.AddDays(made), 10 * made, null);
            yield return Week("tue", "00", made, from.AddDays(made), 11 * made, null);
            yield return Week("tue", "01", made, from.AddDays(made), made == 1 ? 31 : null, made == 1 ? null : "suppressed");
            yield return Week("sun", "23", made, from.AddDays(made), 12 * made, null);
        }
    }

    /// <summary>Lines of the bucket <c>health</c>: every quarter of an hour, but for an hour in which the hub wrote nothing.</summary>
    public static IEnumerable<string> Health(DateTimeOffset from)
    {
        for (var step = 0; step < 12; step++)
        {
            if (step is >= 4 and < 8)
                continue;
            var at = from.AddMinutes(15 * step).ToUnixTimeMilliseconds();
            yield return step < 10
                ? string.Create(CultureInfo.InvariantCulture, $"device,space=market,device=camera-1 state=\"ok\",silentSeconds=20i,batteryPercent={90.5 - step},temperatureC=21.25 {at}")
                : string.Create(CultureInfo.InvariantCulture, $"device,space=market,device=camera-1 state=\"silent\",silentSeconds={900 * (step - 9)}i {at}");
            yield return string.Create(CultureInfo.InvariantCulture, $"device,space=market,device=counter-2 state=\"never-heard\" {at}");
            yield return string.Create(CultureInfo.InvariantCulture, $"device,space=quay,device=camera-9 state=\"ok\",silentSeconds=1i {at}");
        }
    }

    private static string Crowd(string space, string series, string kind, string grid, DateTimeOffset at, long? value, string? reason, int err95, int seconds, int hourOfWeek) => string.Create(
        CultureInfo.InvariantCulture,
        $"crowd,space={space},series={series},kind={kind},grid={grid} {Shown(value, reason)}err95={err95}i,alive={(reason == "no-data" ? 0 : 2)}i,total=2i,unconfirmed=0i,cells=4i,cellsReleased={(value is null ? 3 : 4)}i,seconds={seconds}i,hourOfWeek={hourOfWeek}i,terms=1i,localDay=\"{at:yyyy-MM-dd}\" {at.ToUnixTimeMilliseconds()}");

    private static string Week(string weekday, string hour, int made, DateTimeOffset at, long? value, string? reason) => string.Create(
        CultureInfo.InvariantCulture, $"week,space=market,series=north-in,kind=flow,weekday={weekday},hour={hour} {(value is { } mean ? $"value={mean}," : $"reason=\"{reason}\",")}err95=6,hours={3 + made}i,missing={made}i,minutes={(hour == "00" ? 360 : 60)}i {at.ToUnixTimeMilliseconds()}");

    private static string Shown(long? value, string? reason) => value is { } number ? string.Create(CultureInfo.InvariantCulture, $"value={number}i,") : $"reason=\"{reason}\",";
}

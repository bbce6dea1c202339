using Monitoring.Domain.History;

namespace Monitoring.Deployment.Tests;

/// <summary>Points as the hub gives them to its copy, with a hole of each kind.</summary>
internal static class PanelPoints
{
    /// <summary>Released numbers.</summary>
    public static IEnumerable<HistoryPoint> Released(DateTimeOffset from)
    {
        (long? Value, string? Reason)[] hours = [(120, null), (null, "suppressed"), (15, null), (null, "no-data"), (null, "withdrawn"), (300, null), (44, null)];
        foreach (var (series, space) in (IEnumerable<(string, string)>)[("north-in", "market"), ("south-in", "market"), ("all", "quay")])
        {
            for (var hour = 0; hour < hours.Length; hour++)
            {
                // Other series have other numbers, which no panel of this one may show.
                var value = hours[hour].Value * (series == "north-in" ? 1 : 7);
                yield return Point(space, series, HistoryGrid.Hour, from.AddHours(hour), TimeSpan.FromHours(1), value, hours[hour].Reason, err95: 17);
                yield return Point(space, series, HistoryGrid.Cell, from.AddHours(hour), TimeSpan.FromMinutes(15), value * 3, hours[hour].Reason, err95: 9);
            }

            yield return Point(space, series, HistoryGrid.Day, from, TimeSpan.FromDays(1), 5_321, null, err95: 160);
            yield return Point(space, series, HistoryGrid.Day, from.AddDays(1), TimeSpan.FromDays(1), null, space == "quay" ? "no-data" : "suppressed", err95: 160);
            yield return Point(space, series, HistoryGrid.Month, from, TimeSpan.FromDays(30), 90_001, null, err95: 900);
        }

        // A night in one piece stands among the hours.
        yield return Point("market", "north-in", HistoryGrid.Hour, from.AddDays(1), TimeSpan.FromHours(6), 999, null, err95: 17);

        // The same hours a week earlier, for comparing events.
        yield return Point("market", "north-in", HistoryGrid.Hour, from.AddDays(-7), TimeSpan.FromHours(1), 90, null, err95: 17);
        yield return Point("market", "north-in", HistoryGrid.Hour, from.AddDays(-7).AddHours(1), TimeSpan.FromHours(1), 80, null, err95: 17);
    }

    /// <summary>Usual weeks of two nights: the newer has lost the number of an hour.</summary>
    public static IEnumerable<UsualWeek> Weeks(DateTimeOffset from)
    {
        foreach (var made in (IEnumerable<int>)[1, 2])
        {
            var means = new Dictionary<int, double?> { [0] = 10 * made, [24] = 11 * made, [25] = made == 1 ? 31 : null, [167] = 12 * made };
            var hours = Enumerable.Range(0, 168).Select(hour => means.TryGetValue(hour, out var mean)
                ? new HourOfWeek(hour, mean, mean is null ? "suppressed" : null, 6, 3 + made, made, hour % 24 == 0 ? 360 : 60)
                : new HourOfWeek(hour, null, "no-data", null, 0, 0, null));
            yield return new UsualWeek(HistoryKind.Flow, from.AddDays(made), new WeekProfile("market", "north-in", "Etc/UTC", from.AddDays(made - 84), from.AddDays(made), [.. hours]));
        }
    }

    /// <summary>How devices were, every quarter of an hour, but for an hour in which the hub wrote nothing.</summary>
    public static IEnumerable<HealthPoint> Health(DateTimeOffset from)
    {
        for (var step = 0; step < 12; step++)
        {
            if (step is >= 4 and < 8)
                continue;
            var at = from.AddMinutes(15 * step);
            yield return step < 10
                ? new HealthPoint("market", "camera-1", at, "ok", 20, new Dictionary<string, double> { ["batteryPercent"] = 90.5 - step, ["temperatureC"] = 21.25 })
                : new HealthPoint("market", "camera-1", at, "silent", 900 * (step - 9), new Dictionary<string, double>());
            yield return new HealthPoint("market", "counter-2", at, "never-heard", null, new Dictionary<string, double>());
            yield return new HealthPoint("quay", "camera-9", at, "ok", 1, new Dictionary<string, double>());
        }
    }

    private static HistoryPoint Point(string space, string series, HistoryGrid grid, DateTimeOffset at, TimeSpan length, long? value, string? reason, int err95) => new(
        new HistoryKey(space, series, grid, at),
        at + length,
        series == "all" ? HistoryKind.Presence : HistoryKind.Flow,
        DateOnly.FromDateTime(at.UtcDateTime),
        (((int)at.DayOfWeek + 6) % 7 * 24) + at.Hour,
        new ShownValue(value, reason, err95),
        new HistoryCoverage(reason == "no-data" ? 0 : 2, 2, false, 4, value is null ? 3 : 4),
        new HistoryNoise(value, 250_000, 4),
        1);
}

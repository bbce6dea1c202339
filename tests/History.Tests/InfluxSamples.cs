
namespace Monitoring.History.Tests;

/// <summary>Points as the hub gives them.</summary>
internal static class InfluxSamples
{
    public const string Token = "tok-3f9c-never-shown";
    public const string OtherToken = "tok-77aa-never-shown";

    // No line holds this number but by a mistake.
    public const long Noisy = 486_113;

    public static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A point with a number, or with a reason where the number is null.</summary>
    public static HistoryPoint Point(DateTimeOffset from, long? value = 57, string? reason = null, HistoryGrid grid = HistoryGrid.Cell, string space = "market", string series = "gate-north/in", TimeSpan? length = null) => new(
        new HistoryKey(space, series, grid, from), from + (length ?? Length(grid)), HistoryKind.Flow, DateOnly.FromDateTime(from.UtcDateTime), (((int)from.DayOfWeek + 6) % 7 * 24) + from.Hour,
        new ShownValue(value, value is null ? reason ?? "suppressed" : null, 12), new HistoryCoverage(2, 3, true, 1, 1), new HistoryNoise(Noisy, 250_000, 4), 7);

    /// <summary>Neighbouring cells, oldest first.</summary>
    public static List<HistoryPoint> Cells(int count, DateTimeOffset? from = null) => [.. Enumerable.Range(0, count).Select(i => Point((from ?? Noon) + i * Length(HistoryGrid.Cell), value: 50 + i % 100))];

    public static HealthPoint Health(DateTimeOffset at, string device = "counter-1", long? silent = 30) =>
        new("market", device, at, silent is null ? "never-heard" : "ok", silent, new Dictionary<string, double> { ["batteryPercent"] = 87.5, ["temperatureC"] = -3, ["uptimeSeconds"] = 123_456 });

    private static TimeSpan Length(HistoryGrid grid) => grid switch
    {
        HistoryGrid.Cell => TimeSpan.FromMinutes(15),
        HistoryGrid.Hour => TimeSpan.FromHours(1),
        HistoryGrid.Day => TimeSpan.FromDays(1),
        _ => TimeSpan.FromDays(30),
    };
}

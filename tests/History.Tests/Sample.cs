namespace Monitoring.History.Tests;

/// <summary>Points as they might be, and a history in a folder of the test's own.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A quarter-hour, counted from the start of the sample.</summary>
    public static HistoryPoint Cell(int number, string space = "square", string series = "in", long? value = 40, string? reason = null) =>
        Of(HistoryGrid.Cell, Start.AddMinutes(15 * number), TimeSpan.FromMinutes(15), value, reason, space, series);

    /// <summary>A point of any length.</summary>
    public static HistoryPoint Of(HistoryGrid grid, DateTimeOffset from, TimeSpan length, long? value = 40, string? reason = null, string space = "square", string series = "in", int cells = 1, int? released = null, long? noisy = null, long epsilon = 100_000) =>
        new(new(space, series, grid, from), from + length, HistoryKind.Flow, DateOnly.FromDateTime(from.UtcDateTime), HourOfWeek(from), new(value, reason, 31),
            new(3, 4, true, cells, released ?? (value is null ? 0 : cells)), new(noisy ?? value, epsilon, 2), 7);

    public static HistoryRange All(HistoryGrid grid = HistoryGrid.Cell, string space = "square", string series = "in", int max = 1_000) =>
        new(space, series, grid, Start.AddYears(-1), Start.AddYears(1), max);

    public static HistoryExport Export(HistoryFormat format, bool noise = false, string? series = null, int max = 1_000, string space = "square") =>
        new(space, series, HistoryGrid.Cell, Start.AddYears(-1), Start.AddYears(1), max, format, noise);

    public static HealthPoint Health(int number, string state = "ok", long? silent = 12, string device = "counter-1") =>
        new("square", device, Start.AddMinutes(5 * number), state, silent, new Dictionary<string, double> { ["batteryPercent"] = 81.5, ["temperatureC"] = -4 });

    private static int HourOfWeek(DateTimeOffset at) => ((int)at.DayOfWeek + 6) % 7 * 24 + at.Hour;
}

/// <summary>A history in a folder of its own.</summary>
internal sealed class TemporaryHistory : IDisposable
{
    public TemporaryHistory(HistoryOptions? options = null, TimeProvider? time = null, string name = "history-tests-")
    {
        Options = options ?? new HistoryOptions();
        Time = time ?? TimeProvider.System;
        Folder = Directory.CreateTempSubdirectory(name).FullName;
        Store = Open();
    }

    public string Folder { get; }

    public string File => DuckDbHistory.FileIn(Folder);

    public HistoryOptions Options { get; }

    public TimeProvider Time { get; }

    public DuckDbHistory Store { get; private set; }

    public DuckDbHistory Open() => new(Folder, Options, Time);

    public void Reopen()
    {
        Store.Dispose();
        Store = Open();
    }

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}

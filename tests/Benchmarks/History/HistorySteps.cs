using System.Diagnostics;
using Monitoring.Domain.History;

namespace Monitoring.Benchmarks.History;

/// <summary>What is done with each store.</summary>
internal static class HistorySteps
{
    private const double BytesPerMB = 1_000_000;

    /// <summary>The questions, by the name in the table, each with how many rows answer it.</summary>
    public static IReadOnlyList<(string Name, int Rows, Func<HistoryContender, int, CancellationToken, Task<int>> Ask)> Questions(GeneratedHistory history)
    {
        var weeks = Math.Min(7, history.Days) * 24;
        return
        [
            ("profile of all spaces", history.Spaces * 2 * weeks, (store, _, cancellation) => store.ProfileOfAllAsync(cancellation)),
            ("profile of one series", weeks, (store, round, cancellation) => store.ProfileAsync(Range(round, HistoryGrid.Hour, GeneratedHistory.Start, history.End), cancellation)),
            ("last day of a space", 192, async (store, round, cancellation) =>
                await store.ReadAsync(Range(round, HistoryGrid.Cell, history.End.AddDays(-1), history.End), cancellation) + await store.ReadAsync(Range(round, HistoryGrid.Cell, history.End.AddDays(-1), history.End) with { Series = "out" }, cancellation)),
            ("two events of a series", 48, async (store, round, cancellation) =>
                await store.ReadAsync(Event(round, 3), cancellation) + await store.ReadAsync(Event(round, history.Days - 4), cancellation)),
        ];

        HistoryRange Range(int round, HistoryGrid grid, DateTimeOffset from, DateTimeOffset to) => new(GeneratedHistory.Space((17 + 31 * round) % history.Spaces), "in", grid, from, to, 1_000_000);

        // Six hours in the evening.
        HistoryRange Event(int round, int day) => Range(round, HistoryGrid.Cell, GeneratedHistory.Start.AddDays(day).AddHours(17), GeneratedHistory.Start.AddDays(day).AddHours(23));
    }

    public static async Task<HistoryTaken> FillAsync(HistoryContender store, GeneratedHistory history, CancellationToken cancellation)
    {
        var taken = new List<double>();
        for (var day = 0; day < history.Days; day++)
        {
            var points = history.Day(day);
            var began = Stopwatch.GetTimestamp();
            await store.AppendAsync(points, day + 1, cancellation);
            taken.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        await store.SettleAsync(cancellation);
        return new(PeakMB(store), new() { ["batch"] = taken });
    }

    public static async Task<HistoryTaken> AskAsync(HistoryContender store, GeneratedHistory history, int rounds, CancellationToken cancellation)
    {
        var taken = new Dictionary<string, List<double>>();
        foreach (var (name, rows, ask) in Questions(history))
        {
            taken[name] = [];
            for (var round = 0; round < rounds; round++)
            {
                var began = Stopwatch.GetTimestamp();
                var found = await ask(store, round, cancellation);
                taken[name].Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                if (found != rows)
                    throw new InvalidOperationException($"{name}: {found} rows, and {rows} are in the store.");
            }
        }

        return new(PeakMB(store), taken);
    }

    private static double PeakMB(HistoryContender store) => store.Processes.Append(Environment.ProcessId).Sum(id =>
    {
        using var process = Process.GetProcessById(id);
        return process.PeakWorkingSet64 / BytesPerMB;
    });
}

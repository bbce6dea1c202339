using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Monitoring.Harness;
using Monitoring.Privacy;
using Monitoring.Silo.Privacy;

namespace Monitoring.Benchmarks.Privacy;

/// <summary>How long the release mechanism takes by itself, and the ledger for all cells of one tick .</summary>
internal static class ReleaseBenchmark
{
    private const int SeriesOfSpace = 4;

    private static readonly DateOnly First = new(2026, 1, 1);

    public static Command Command()
    {
        var draws = new Option<int>("--draws") { Description = "Releases in memory, one draw each", DefaultValueFactory = _ => 1_000_000 };
        var spaces = new Option<int>("--spaces") { Description = $"Spaces, of {SeriesOfSpace} series each", DefaultValueFactory = _ => 1_000 };
        var times = new Option<int>("--times") { Description = "Ticks", DefaultValueFactory = _ => 5 };
        var command = new Command("release", "Draws, and a tick of the release ledger") { draws, spaces, times };
        command.SetAction(parsed => Run(parsed.GetValue(draws), parsed.GetValue(spaces), parsed.GetValue(times)));
        return command;
    }

    private static void Run(int draws, int spaces, int times)
    {
        var report = new Report("Releases (A-18)", "what", "times", "ms: median (range)", "of them the processor's");
        Add(report, FormattableString.Invariant($"{draws:#,0} releases in memory: look, charge, draw"), times, _ => InMemory(draws));
        using (var store = new Ledger())
            Add(report, FormattableString.Invariant($"{spaces * SeriesOfSpace:#,0} cells of {spaces:#,0} spaces, the first of their day, charged, drawn and committed as one transaction, and read as published"), times, round => Tick(store.Store, spaces, First.AddDays(round), together: true));
        using (var store = new Ledger())
            Add(report, "the same, one transaction for each space", times, round => Tick(store.Store, spaces, First.AddDays(round), together: false));
        report.Write("A day of 1,000 spaces with 4 series has 384,000 quarter-hours. Bounds of the design: 2,000 ms for a million draws on one core, 5,000 ms for 4,000 cells of a tick.");
    }

    private static void Add(Report report, string what, int times, Func<int, Took> measure)
    {
        var (taken, busy) = (new List<double>(), new List<double>());
        for (var round = 0; round < times; round++)
        {
            var took = measure(round);
            taken.Add(took.Wall.TotalMilliseconds);
            busy.Add(took.Processor.TotalMilliseconds);
            Report.Progress($"{what}: {taken[^1]:0} ms, of them the processor's {busy[^1]:0}");
        }

        report.Add(what, times.ToString(CultureInfo.InvariantCulture), Report.Spread(taken, "#,0"), Report.Spread(busy, "#,0"));
    }

    private static Took InMemory(int draws)
    {
        var (day, book) = (Day("square", First), new MemoryBook());
        var cells = day.CellsOf(ReleaseKind.Flow).Select(cell => new SealedCell("line-0", cell, 40, new CellCoverage(1, 1))).ToList();
        return Took.By(() =>
        {
            for (var i = 0; i < draws; i++)
                ReleaseMechanism.Release(book, day, cells[i % cells.Count]);
        });
    }

    private static Took Tick(ReleaseStore store, int spaces, DateOnly date, bool together)
    {
        var cells = Enumerable.Range(0, spaces).SelectMany(space => CellsOf(Day(FormattableString.Invariant($"space-{space}"), date))).ToList();
        var now = cells[0].Cell.Cell.To + ReleaseTick.Grace;
        var known = store.LastPublished(now);
        var read = 0;
        var took = Took.By(() =>
        {
            foreach (var batch in together ? [cells] : cells.Chunk(SeriesOfSpace).Select(batch => batch.ToList()))
                store.Release(batch, now);
            read = store.Published(known, now + ReleaseTick.Every, int.MaxValue).Count;
        });
        return read == cells.Count ? took : throw new InvalidOperationException($"{read} of {cells.Count} cells came out");
    }

    private static IEnumerable<(ReleaseDay Day, SealedCell Cell)> CellsOf(ReleaseDay day) =>
        Enumerable.Range(0, SeriesOfSpace).Select(series => (day, new SealedCell($"line-{series}", day.CellsOf(ReleaseKind.Flow)[0], 40, new CellCoverage(1, 1))));

    private static ReleaseDay Day(string space, DateOnly date) => new ReleaseTerms(space, 1, TimeZoneInfo.Utc, Epsilon.DayDefault,
        [new ReleaseGroup(ReleaseKind.Flow, Epsilon.DayDefault, Sensitivity.FlowDefault, ReleasePlan.P15, new SeriesMap([.. Enumerable.Range(0, SeriesOfSpace).Select(series => new Series($"line-{series}", new StreamId($"{space}/counter/line-{series}")))]), 100_000)]).On(date);

    // The processor's share tells what it costs on a machine that others use too.
    private readonly record struct Took(TimeSpan Wall, TimeSpan Processor)
    {
        public static Took By(Action work)
        {
            var (began, before) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            work();
            return new Took(Stopwatch.GetElapsedTime(began), Environment.CpuUsage.TotalTime - before);
        }
    }

    // Keeps the charge and no release: each call draws.
    private sealed class MemoryBook : IReleaseBook
    {
        private readonly List<Charge> _charges = [];

        public Released? Find(CellKey key) => null;

        public bool MayBeOut(CivilDay day) => false;

        public IReadOnlyCollection<Charge> ChargesBeside(Charge wanted) => _charges;

        public Released Add(Released released, Charge? charge)
        {
            if (charge is not null)
                _charges.Add(charge);
            return released;
        }
    }

    private sealed class Ledger : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Ledger() => Store = ReleaseStore.Open(_folder.Path, TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(3_650));

        public ReleaseStore Store { get; }

        public void Dispose()
        {
            Store.Dispose();
            _folder.Dispose();
        }
    }
}

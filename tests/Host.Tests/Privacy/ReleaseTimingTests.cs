using Monitoring.Domain;
using Monitoring.Harness;
using Monitoring.Privacy;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>A-08: when a number comes out follows from the end of its cell and from when it was stored, whatever was counted and whatever noise came up.</summary>
public sealed class ReleaseTimingTests : IDisposable
{
    private const int SeriesOfSpace = 35;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    // From an empty street to the most that the place can pass.
    private static readonly long[] Counts = [0, 1, 40, 9_999, 90_000];

    // How long after the end of its cell a release is stored, if not at once: on ticks, around the grace, and late.
    private static readonly TimeSpan[] StoredAfter =
    [
        TimeSpan.Zero, Moment, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(115) - TimeSpan.FromTicks(1), TimeSpan.FromSeconds(115), TimeSpan.FromSeconds(115) + TimeSpan.FromTicks(1),
        ReleaseTick.Grace, TimeSpan.FromSeconds(123.4), TimeSpan.FromSeconds(169.999), TimeSpan.FromSeconds(170), TimeSpan.FromSeconds(170.001),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A08_Every_number_comes_out_at_the_tick_of_its_cell_whatever_was_counted_and_whatever_noise_it_got()
    {
        // 288 cells of five minutes a day: 10,080 numbers, and 100,800 with --long.
        var days = RunSeed.IsLong ? 10 : 1;
        var clock = new HubClock(ClockKind.Replay, TimeProvider.System);
        using var ledger = new ReleaseStore(ReleaseStore.FileIn(_folder.Path));
        using var queue = new ReleaseQueue(ledger, clock);
        var (due, counted, stored) = (new Dictionary<DateTimeOffset, DateTimeOffset>(), new Dictionary<(string, DateTimeOffset), long>(), 0L);
        foreach (var day in Enumerable.Range(0, days).Select(i => Terms.On(new DateOnly(2026, 6, 2).AddDays(i))))
        {
            foreach (var cell in day.CellsOf(ReleaseKind.Flow))
            {
                clock.MoveTo(cell.To + StoredAfter[due.Count % StoredAfter.Length]);
                List<SealedCell> cells = [.. Enumerable.Range(0, SeriesOfSpace).Select(i => new SealedCell(Name(i), cell, Counts[(due.Count + i) % Counts.Length], new CellCoverage(1, 1)))];
                cells.ForEach(one => counted[(one.Series, cell.From)] = one.Count);
                await queue.ReleaseAsync("square", [.. cells.Select(one => (day, one))]);

                // Not a moment before, and then all at once.
                var tick = due[cell.From] = TickOf(cell.To, clock.Now);
                Assert.Equal(stored, ledger.LastPublished(tick - Moment));
                Assert.Equal(stored += SeriesOfSpace, ledger.LastPublished(tick));
            }
        }

        var released = ledger.All();
        Assert.Equal(days * 288 * SeriesOfSpace, released.Count);
        Assert.Null(ledger.FirstChanged());
        var byNoise = released.ToLookup(one => one.Release.Value!.Value - counted[(one.Release.Key.Series, one.Release.Key.From)]);
        Assert.All(byNoise, noise => Assert.All(noise, one => Assert.Equal(due[one.Release.Key.From], one.PublishAt)));

        // Of 10,080 draws none is 10 or -10 once in 10^44 runs.
        Assert.All(Enumerable.Range(-10, 21), noise => Assert.NotEmpty(byNoise[noise]));
    }

    [Fact]
    public async Task A08_What_takes_longer_than_a_step_to_store_comes_out_at_the_first_tick_after_it_is_stored()
    {
        var day = Ledgers.On(new DateOnly(2026, 6, 2));
        var (first, slow, after) = (day.Cells(take: 1), day.Cells(skip: 1, take: 2), day.Cells(skip: 3, take: 1));
        var (clock, went) = (new HubClock(ClockKind.Replay, TimeProvider.System), TimeSpan.Zero);
        using var ledger = new ReleaseStore(ReleaseStore.FileIn(_folder.Path));
        using var queue = new ReleaseQueue(ledger, clock);
        _ = new DrawProbe(ledger, () => clock.MoveTo(clock.Now + went));
        await ReleaseAsync(first, first[0].Cell.To + ReleaseTick.Grace);

        // Each of two rows takes seven seconds.
        went = TimeSpan.FromSeconds(7);
        var began = slow[^1].Cell.To + ReleaseTick.Grace;
        await ReleaseAsync(slow, began);
        Assert.Equal(began.AddSeconds(14), clock.Now);
        Assert.Equal(1, ledger.LastPublished(clock.Now));
        Assert.Equal(1, ledger.LastPublished(began.AddSeconds(15) - Moment));
        Assert.Single(ledger.Published(0, began.AddSeconds(15) - Moment, 100));
        Assert.Single(ledger.Between(Ledgers.Space, Ledgers.Series, day.Day.From, day.Day.To, began.AddSeconds(15) - Moment));
        Assert.Equal(3, ledger.LastPublished(began.AddSeconds(15)));
        Assert.Equal(3, ledger.Between(Ledgers.Space, Ledgers.Series, day.Day.From, day.Day.To, began.AddSeconds(15)).Count);

        // One that is on time again does not bring them out sooner, nor later.
        went = TimeSpan.Zero;
        await ReleaseAsync(day.Cells(skip: 2, take: 1), clock.Now);
        Assert.Equal(1, ledger.LastPublished(clock.Now));
        await ReleaseAsync(after, after[0].Cell.To);
        Assert.Equal(3, ledger.LastPublished(after[0].Cell.To + ReleaseTick.Grace - Moment));
        Assert.Equal(4, ledger.LastPublished(after[0].Cell.To + ReleaseTick.Grace));

        Task ReleaseAsync(List<SealedCell> cells, DateTimeOffset at)
        {
            clock.MoveTo(at);
            return queue.ReleaseAsync(Ledgers.Space, [.. cells.Select(cell => (day, cell))]);
        }
    }

    [Fact]
    public async Task A08_Storing_that_goes_on_across_such_a_tick_neither_brings_out_between_ticks_what_waited_nor_keeps_it_longer()
    {
        var day = Ledgers.On(new DateOnly(2026, 6, 2));
        var (clock, went) = (new HubClock(ClockKind.Replay, TimeProvider.System), TimeSpan.FromSeconds(7));
        using var ledger = new ReleaseStore(ReleaseStore.FileIn(_folder.Path));
        using var queue = new ReleaseQueue(ledger, clock);
        var step = TimeSpan.FromMilliseconds(100);
        List<(DateTimeOffset At, long Seen)> seen = [];
        _ = new DrawProbe(ledger, () =>
        {
            for (var gone = TimeSpan.Zero; gone < went; gone += step)
            {
                clock.MoveTo(clock.Now + step);
                seen.Add((clock.Now, ledger.LastPublished(clock.Now)));
            }
        });
        clock.MoveTo(day.Cells(skip: 8, take: 1)[0].Cell.To + ReleaseTick.Grace);

        // Stored at second 7 and waits until 10; the next one begins at 9.5, is on time, and is under way at 10.
        var began = clock.Now;
        await ReleaseAsync(0);
        clock.MoveTo(began.AddSeconds(9.5));
        went = TimeSpan.FromSeconds(2);
        await ReleaseAsync(1);
        Assert.Equal(0, ledger.LastPublished(began.AddSeconds(10) - Moment));
        Assert.Equal(1, ledger.LastPublished(began.AddSeconds(10)));
        Assert.All(seen, one => Assert.Equal(one.At < began.AddSeconds(10) ? 0 : 1, one.Seen));

        // Four slow ones without a pause: each comes out at the first tick after it was stored, while the next is under way.
        (went, seen, began) = (TimeSpan.FromSeconds(12), [], began.AddSeconds(20));
        clock.MoveTo(began);
        foreach (var i in Enumerable.Range(2, 4))
            await ReleaseAsync(i);
        (int Second, long Rows)[] outAt = [(0, 2), (15, 3), (25, 4), (40, 5), (50, 6)];
        Assert.All(seen, one => Assert.Equal(outAt.Last(tick => one.At >= began.AddSeconds(tick.Second)).Rows, one.Seen));
        Assert.Equal(6, ledger.LastPublished(began.AddSeconds(50)));

        Task ReleaseAsync(int i) => queue.ReleaseAsync(Ledgers.Space, [.. day.Cells(skip: i, take: 1).Select(cell => (day, cell))]);
    }

    // As docs/reference/release.md says it: a whole multiple of five seconds, two minutes after the end and a whole step after it was stored at the earliest.
    private static DateTimeOffset TickOf(DateTimeOffset cellEnd, DateTimeOffset storedAt)
    {
        var tick = new DateTimeOffset(cellEnd.UtcDateTime.Date, TimeSpan.Zero);
        while (tick < cellEnd.AddSeconds(120) || tick < storedAt.AddSeconds(5))
            tick = tick.AddSeconds(5);
        return tick;
    }

    private static string Name(int series) => $"gate-{series}/in";

    private static ReleaseTerms Terms { get; } = new(
        "square", 1, Ledgers.Zone, Epsilon.DayDefault,
        [new ReleaseGroup(ReleaseKind.Flow, Epsilon.DayDefault, Sensitivity.FlowDefault, ReleasePlan.P5, new SeriesMap([.. Enumerable.Range(0, SeriesOfSpace).Select(i => new Series(Name(i), new StreamId($"counter-{i}")))]), 100_000)]);
}

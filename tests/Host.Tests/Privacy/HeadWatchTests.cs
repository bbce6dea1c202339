using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Monitoring.Domain;
using Monitoring.Domain.History;
using Monitoring.Harness;
using Monitoring.Privacy;
using Monitoring.Silo.History;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>A-16 for a data folder that is put back as a whole: only what is kept elsewhere tells of it.</summary>
public sealed class HeadWatchTests : IDisposable
{
    private static readonly DateOnly Date = new(2026, 6, 2);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 6, 2, 20, 0, 0, TimeSpan.Zero));
    private readonly KeptHeads _copy = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A16_A_data_folder_of_before_is_noticed_before_anything_is_drawn()
    {
        using (var store = Open("data"))
        {
            store.Fill(Ledgers.On(Date), take: 2);
            Copy("data", "before");
            store.Fill(Ledgers.On(Date), take: 4);
            Assert.False(await Watch(store).LookAsync(_copy, Cancellation));
        }

        using (var older = Open("before"))
        {
            var watch = Watch(older);
            await CompareAsync(watch);
            Assert.Contains("is now at row 2, change 2, says far", older.PutBack!.Why, StringComparison.Ordinal);
            Assert.All(older.Fill(Ledgers.On(Date), skip: 2), released => Assert.Equal((null, ReleaseReason.Restored), (released.Value, released.Reason)));

            // From now on this is the head: no start after this one finds it older.
            Assert.False(await watch.LookAsync(_copy, Cancellation));
        }

        using var again = Open("before");
        again.PutBackIsTold();
        await CompareAsync(Watch(again));
        Assert.Null(again.PutBack);
    }

    [Fact]
    public async Task A_head_is_kept_each_day_and_compared_before()
    {
        using var store = Open("data");
        var watch = Watch(store);
        await watch.LookAsync(_copy, Cancellation);
        _time.Advance(HeadWatch.Every - TimeSpan.FromSeconds(1));
        await watch.LookAsync(_copy, Cancellation);
        Assert.Single(_copy.Heads);

        _copy.Heads[0] = _copy.Heads[0] with { Seq = 9, Number = 9, Hash = "of another ledger" };
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await watch.LookAsync(_copy, Cancellation));
        Assert.NotNull(store.PutBack);
        Assert.Equal(store.Head, _copy.Heads[1]);
    }

    [Fact]
    public async Task A_copy_that_is_away_or_says_nothing_holds_up_no_start_and_is_asked_again()
    {
        using var store = Open("data");
        _copy.Heads.Add(new LedgerMark(9, 9, "of another ledger"));
        _copy.Away = true;
        var watch = Watch(store);
        await CompareAsync(watch);
        Assert.Null(store.PutBack);

        _copy.Away = false;
        _copy.Mute = true;
        var comparing = CompareAsync(watch);
        await _copy.Asked.Task.WaitAsync(Cancellation);
        _time.Advance(HeadWatch.StartWithin);
        await comparing.WaitAsync(Cancellation);
        Assert.Null(store.PutBack);

        _copy.Mute = false;
        _copy.Away = true;
        await Assert.ThrowsAsync<HistoryAwayException>(() => watch.LookAsync(_copy, Cancellation));
        Assert.Single(_copy.Heads);

        _copy.Away = false;
        Assert.True(await watch.LookAsync(_copy, Cancellation));
    }

    [Fact]
    public async Task A_head_that_only_a_person_can_make_readable_again_is_not_written_over_and_holds_nothing_up()
    {
        using var store = Open("data");
        var watch = Watch(store);
        (_copy.Away, _copy.NeedsPerson) = (true, true);
        Assert.False(await watch.LookAsync(_copy, Cancellation));
        Assert.Empty(_copy.Heads);
        Assert.True(watch.NeedsPerson);

        // It is not asked with every beat.
        (_copy.Away, _copy.NeedsPerson) = (false, false);
        _time.Advance(HeadWatch.UnreadableEvery - TimeSpan.FromSeconds(1));
        await watch.LookAsync(_copy, Cancellation);
        Assert.True(watch.NeedsPerson);
        _time.Advance(TimeSpan.FromSeconds(1));
        await watch.LookAsync(_copy, Cancellation);
        Assert.False(watch.NeedsPerson);
        Assert.Single(_copy.Heads);
    }

    [Fact]
    public async Task A_copy_that_was_away_at_the_start_gets_nothing_of_an_older_ledger_before_it_was_asked()
    {
        using var store = Open("data");
        store.Fill(Ledgers.On(Date), take: 2);
        _copy.Heads.Add(new LedgerMark(9, 9, "of another ledger"));
        _copy.Away = true;
        var watch = Watch(store);
        await CompareAsync(watch);
        var run = new CopyRun(_copy, store, new PointAssembly(store, (_, _) => new SpaceFact(DateOnly.MinValue, Ledgers.Zone.Id, Sensitive: false)), new HealthLog(_copy, new HistoryState(), (_, _, _) => Task.FromResult<IReadOnlyList<HealthPoint>>([])), new HistoryState(), () => Task.CompletedTask, _time, new Random(RunSeed.Drawn), NullLogger.Instance);
        var tick = Ledgers.On(Date).Day.To.AddHours(1);

        // It comes back between the question and the copying of the same beat.
        Assert.False(await run.KeepHeadAsync(watch, Cancellation));
        _copy.Away = false;
        await run.GoOnAsync(tick, Cancellation);
        Assert.Equal(0, _copy.Appended);

        _time.Advance(CopyRun.WaitMax);
        Assert.True(await run.KeepHeadAsync(watch, Cancellation));
        Assert.NotNull(store.PutBack);
        await run.GoOnAsync(tick, Cancellation);
        Assert.NotEqual(0, _copy.Appended);
    }

    private ReleaseStore Open(string name) => ReleaseStore.Open(_folder.File(name), _time.GetUtcNow());

    private HeadWatch Watch(ReleaseStore store) => new(store, _time, NullLogger<HeadWatch>.Instance);

    private async Task CompareAsync(HeadWatch watch)
    {
        await using var services = new ServiceCollection().AddSingleton(watch).AddSingleton(new HubClock(ClockKind.Wall, _time)).AddSingleton<IHistoryCopy>(_copy).BuildServiceProvider();
        await ReleaseLedger.CompareWithCopiesAsync(services, Cancellation);
    }

    private void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(_folder.File(from), "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(_folder.File(to), Path.GetRelativePath(_folder.File(from), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private sealed class KeptHeads : IHistoryCopy
    {
        public List<LedgerMark> Heads { get; } = [];

        public bool Away { get; set; }

        public bool NeedsPerson { get; set; }

        public bool Mute { get; set; }

        public int Appended { get; private set; }

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => "far";

        public async Task<LedgerMark?> HeadAsync(CancellationToken cancellation)
        {
            if (Away)
                throw new HistoryAwayException("It is away.") { NeedsPerson = NeedsPerson };
            if (Mute)
            {
                Asked.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            }

            return Heads.LastOrDefault();
        }

        public Task KeepHeadAsync(LedgerMark head, DateTimeOffset at, CancellationToken cancellation)
        {
            Heads.Add(head);
            return Task.CompletedTask;
        }

        public Task<long?> CursorAsync(CancellationToken cancellation) => Task.FromResult<long?>(null);

        public Task AppendAsync(IReadOnlyList<HistoryPoint> points, long cursor, CancellationToken cancellation)
        {
            Appended += points.Count;
            return Task.CompletedTask;
        }

        public Task AppendAsync(IReadOnlyList<HealthPoint> points, CancellationToken cancellation) => Task.CompletedTask;

        public Task ForgetAsync(DateTimeOffset cellsBefore, DateTimeOffset healthBefore, CancellationToken cancellation) => Task.CompletedTask;

        public Task ClearAsync(CancellationToken cancellation) => Task.CompletedTask;
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Monitoring.Domain.History;
using Monitoring.Harness;
using Monitoring.Host.Tests.Privacy;
using Monitoring.Silo.History;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host.Tests.History;

/// <summary>Two copies of one ledger: what happens to one does not happen to the other, and neither loses sums of months.</summary>
public sealed class HistoryCopiesTests : IDisposable
{
    private const int Days = 30;

    private static readonly DateOnly Date = new(2026, 6, 2);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 6, 2, 20, 0, 0, TimeSpan.Zero));
    private readonly HistoryState _state = new() { Spaces = { [Ledgers.Space] = [new SpaceFact(DateOnly.MinValue, "Europe/Brussels", false)] } };
    private readonly GivenCopy _first = new("duckdb", keepsCursor: true);
    private readonly GivenCopy _second = new("influxdb", keepsCursor: false);
    private readonly ReleaseStore _ledger;
    private readonly HistoryCopies _copies;
    private Func<IReadOnlyList<DueMonth>, Task<bool>> _tell = _ => Task.FromResult(true);
    private int _saved;

    public HistoryCopiesTests()
    {
        _ledger = new ReleaseStore(Path.Combine(_folder.Path, "releases.db"));
        var assembly = new PointAssembly(_ledger, _state.On);
        var health = new HealthLog(_first, _state, _first.HealthAfterAsync);
        CopyRun RunOf(IHistoryCopy copy) => new(copy, _ledger, assembly, health, _state, SaveAsync, _time, new Random(1), NullLogger.Instance);
        _copies = new HistoryCopies([RunOf(_first), RunOf(_second)], _ledger, assembly, health, _state, NullLogger.Instance);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _ledger.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task While_a_copy_hangs_the_other_gets_what_is_new_and_nothing_is_forgotten()
    {
        var day = Ledgers.On(Date);
        var now = day.Day.To.AddDays(90);
        var held = _second.Hold();
        _ledger.Fill(day, take: 2);
        Begin(now);
        await _copies.Runs[0].UnderWay;
        Assert.Equal(2, _first.Count(HistoryGrid.Cell));

        _ledger.Fill(day, skip: 2, take: 2);
        Begin(now);
        await _copies.Runs[0].UnderWay;
        Assert.Equal((4, 0), (_first.Count(HistoryGrid.Cell), _second.Count(HistoryGrid.Cell)));
        Assert.Equal((false, 1), (_copies.Runs[1].UnderWay.IsCompleted, _second.Asked));
        await ForgetAsync(now);
        Assert.Equal(4, _ledger.All().Count);

        held.SetResult();
        await _copies.UnderWay;
        Assert.Equal((4, _first.Cursor), (_second.Count(HistoryGrid.Cell), _state.Cursors["influxdb"]));
        Assert.Equal(2, _saved);
    }

    [Fact]
    public async Task The_days_of_a_month_stay_in_ledger_and_copies_until_its_sum_stands_in_their_place()
    {
        var (early, last) = (Ledgers.On(Date), Ledgers.On(new DateOnly(2026, 6, 30)));
        _ledger.Fill(early);
        _ledger.Fill(last);

        // The 2nd is older than 30 days, the 30th is not; then both are.
        foreach (var (now, days, months) in ((DateTimeOffset, int, int)[])[(last.Day.From.AddDays(20), 2, 0), (last.Day.To.AddDays(30).AddHours(-1), 2, 0), (last.Day.To.AddDays(30), 0, 1)])
        {
            await BeatAsync(now);
            await ForgetAsync(now);
            await BeatAsync(now);
            Assert.Equal(days * 24, _ledger.All().Count);
            Assert.All((GivenCopy[])[_first, _second], copy => Assert.Equal((days * 24, days, months), (copy.Count(HistoryGrid.Cell), copy.Count(HistoryGrid.Day), copy.Count(HistoryGrid.Month))));
        }
    }

    [Fact]
    public async Task What_goes_is_told_before_and_stays_until_it_can_be_told()
    {
        var now = await CopiedAsync();
        _tell = _ => Task.FromResult(false);
        await ForgetAsync(now);
        await BeatAsync(now);
        Assert.Equal((24, 24, 24), (_ledger.All().Count, _first.Count(HistoryGrid.Cell), _second.Count(HistoryGrid.Cell)));

        var told = new List<DueMonth>();
        _tell = due =>
        {
            Assert.Equal(24, _ledger.All().Count);
            told.AddRange(due);
            return Task.FromResult(true);
        };
        await ForgetAsync(now.AddHours(1) - TimeSpan.FromTicks(1));
        Assert.Empty(told);
        await ForgetAsync(now.AddHours(1));
        Assert.Equal(new DueMonth(Ledgers.Space, new DateOnly(2026, 6, 1), 24, 24), Assert.Single(told));
        Assert.Empty(_ledger.All());
        await ForgetAsync(now.AddHours(2));
        Assert.Single(told);
    }

    [Fact]
    public async Task Sums_of_months_reach_a_copy_that_was_away_when_their_cells_were_forgotten()
    {
        var now = await CopiedAsync();
        _second.Away = new HistoryAwayException("It is away.");
        await ForgetAsync(now);
        Assert.Empty(_ledger.All());
        await BeatAsync(now);
        Assert.Equal((1, 0), (_first.Count(HistoryGrid.Month), _second.Count(HistoryGrid.Month)));
        Assert.Equal((0, 24), (_first.Count(HistoryGrid.Cell), _second.Count(HistoryGrid.Cell)));
        Assert.NotNull(_copies.Runs[1].Away);

        _second.Away = null;
        _time.Advance(CopyRun.WaitMax);
        await BeatAsync(now);
        Assert.Equal((1, 0), (_second.Count(HistoryGrid.Month), _second.Count(HistoryGrid.Cell)));
        Assert.Null(_copies.Runs[1].Away);
    }

    [Fact]
    public async Task Copies_that_are_emptied_have_the_sums_of_months_again_as_soon_as_everything_else()
    {
        var now = await CopiedAsync();
        await ForgetAsync(now);
        await BeatAsync(now);
        Assert.Equal((1, 1), (_first.Count(HistoryGrid.Month), _second.Count(HistoryGrid.Month)));

        // One that is away is named, and the other is emptied all the same.
        foreach (var (away, there, name) in ((GivenCopy, GivenCopy, string)[])[(_second, _first, "influxdb"), (_first, _second, "duckdb")])
        {
            away.Away = new HistoryAwayException("It is away.");
            var told = await Assert.ThrowsAsync<HistoryAwayException>(() => _copies.ClearAsync(Cancellation));
            Assert.StartsWith($"Not emptied: {name} (It is away.).", told.Message, StringComparison.Ordinal);
            Assert.Equal(0, there.Count(HistoryGrid.Month));
            away.Away = null;
        }

        _time.Advance(CopyRun.WaitMax);
        await BeatAsync(now);
        var last = _ledger.LastPublished(now);
        Assert.All(_copies.Runs, run => Assert.Equal((0, true, false), (run.Status(last).Behind, run.Status(last).MonthsDue, run.Status(last).IsWhole)));
        await ForgetAsync(now);
        await BeatAsync(now);
        Assert.All(_copies.Runs, run => Assert.True(run.Status(last).IsWhole));
        Assert.Equal((1, 1), (_first.Count(HistoryGrid.Month), _second.Count(HistoryGrid.Month)));
    }

    [Fact]
    public async Task A_space_that_does_not_answer_keeps_the_equipment_of_no_other_from_the_history()
    {
        var now = Ledgers.On(Date).Day.To;
        await _copies.NoteHealthAsync(["quiet", "square"], space => space == "quiet"
            ? throw new TimeoutException("It does not answer.")
            : Task.FromResult<IEnumerable<HealthPoint>>([new HealthPoint(space, "counter-1", now, "ok", 12, new Dictionary<string, double>())]));
        await BeatAsync(now);
        await BeatAsync(now);
        Assert.Equal(("square", "square"), (Assert.Single(_first.Health).Space, Assert.Single(_second.Health).Space));
    }

    [Fact]
    public async Task A_copy_that_was_away_gets_how_equipment_was_meanwhile_a_piece_at_a_time()
    {
        var from = Ledgers.On(Date).Day.To;
        _second.Away = new HistoryAwayException("It is away.");
        for (var instant = 0; instant < HealthLog.InstantsMax + 3; instant++)
        {
            await NoteAsync(from.AddMinutes(15 * instant));
            await BeatAsync(from);
        }

        Assert.Equal((HealthLog.InstantsMax + 3, 0), (_first.Health.Count, _second.Health.Count));
        Assert.NotNull(_copies.Runs[1].Away);

        // Also by a hub that begins anew: how far the copy has come is kept.
        _second.Away = null;
        foreach (var has in (int[])[HealthLog.InstantsMax, HealthLog.InstantsMax + 3, HealthLog.InstantsMax + 3])
        {
            _time.Advance(CopyRun.WaitMax);
            await BeatAsync(from);
            Assert.Equal(has, _second.Health.Count);
        }

        Assert.Equal(_first.Health, _second.Health);
        Assert.Equal(_first.Health[^1].At, _state.HealthCursors["influxdb"]);
    }

    [Fact]
    public async Task What_the_store_does_not_take_waits_for_it_a_day()
    {
        var from = Ledgers.On(Date).Day.To;
        _first.Away = new HistoryAwayException("Another program holds it.");
        for (var instant = 0; instant <= HealthLog.WaitingMax; instant++)
            await NoteAsync(from.AddMinutes(15 * instant));
        await BeatAsync(from);
        Assert.Empty(_first.Health);
        Assert.Null(_copies.Runs[1].Away);

        _first.Away = null;
        _time.Advance(CopyRun.WaitMax);
        await BeatAsync(from);
        Assert.Equal(Enumerable.Range(1, HealthLog.WaitingMax).Select(instant => from.AddMinutes(15 * instant)), _first.Health.Select(point => point.At));
    }

    [Fact]
    public async Task A_copy_that_is_emptied_or_whose_clock_goes_back_gets_equipment_again()
    {
        var from = Ledgers.On(Date).Day.To;
        foreach (var minutes in (int[])[0, 15, 30])
            await NoteAsync(from.AddMinutes(minutes));
        await BeatAsync(from);
        await BeatAsync(from);
        Assert.Equal(3, _second.Health.Count);

        await _copies.ClearAsync(Cancellation);
        await BeatAsync(from);
        await BeatAsync(from);
        Assert.Equal(6, _second.Health.Count);

        await NoteAsync(from.AddMinutes(15));
        await BeatAsync(from);
        await BeatAsync(from);
        Assert.Equal([15, 30], _second.Health[6..].Select(point => (point.At - from).TotalMinutes));
    }

    [Fact]
    public async Task An_instant_that_the_store_takes_again_while_a_copy_takes_it_reaches_the_copy_as_it_is_in_the_store()
    {
        var from = Ledgers.On(Date).Day.To;
        var held = _second.Hold();
        await NoteAsync(from);
        Begin(from);
        await _copies.Runs[0].UnderWay;
        Assert.False(_copies.Runs[1].UnderWay.IsCompleted);

        await NoteAsync(from, "silent");
        Begin(from);
        await _copies.Runs[0].UnderWay;
        held.SetResult();
        await _copies.UnderWay;
        await BeatAsync(from);
        Assert.Equal("silent", _second.Health[^1].State);
        Assert.Equal(from, _state.HealthCursors["influxdb"]);
    }

    [Fact]
    public async Task A_copy_that_asks_for_time_is_left_alone_for_as_long()
    {
        var day = Ledgers.On(Date);
        _ledger.Fill(day, take: 1);
        _second.Away = new HistoryAwayException("Too much.") { RetryAfter = TimeSpan.FromMinutes(10) };
        await BeatAsync(day.Day.To.AddDays(1));
        _second.Away = null;
        _time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        await BeatAsync(day.Day.To.AddDays(1));
        Assert.Equal((1, 0), (_second.Asked, _second.Count(HistoryGrid.Cell)));
        _time.Advance(TimeSpan.FromTicks(1));
        await BeatAsync(day.Day.To.AddDays(1));
        Assert.Equal(1, _second.Count(HistoryGrid.Cell));
    }

    // A day of cells, in both copies.
    private async Task<DateTimeOffset> CopiedAsync()
    {
        var day = Ledgers.On(Date);
        _ledger.Fill(day);
        var now = day.Day.To.AddDays(90);
        await BeatAsync(now);
        Assert.Equal((24, 24), (_first.Count(HistoryGrid.Cell), _second.Count(HistoryGrid.Cell)));
        return now;
    }

    private Task NoteAsync(DateTimeOffset at, string state = "ok") =>
        _copies.NoteHealthAsync([Ledgers.Space], space => Task.FromResult<IEnumerable<HealthPoint>>([new HealthPoint(space, "counter-1", at, state, 12, new Dictionary<string, double>())]));

    private Task ForgetAsync(DateTimeOffset now) => _copies.ForgetAsync(now, Days, _tell, Cancellation);

    private Task BeatAsync(DateTimeOffset now)
    {
        Begin(now);
        return _copies.UnderWay;
    }

    private void Begin(DateTimeOffset now) => _copies.Begin(now, _ => Task.CompletedTask, _ => Task.CompletedTask, Cancellation);

    private Task SaveAsync()
    {
        _saved++;
        return Task.CompletedTask;
    }

    /// <summary>A copy in memory.</summary>
    private sealed class GivenCopy(string name, bool keepsCursor) : IHistoryCopy
    {
        private readonly Dictionary<HistoryKey, HistoryPoint> _points = [];
        private Task _held = Task.CompletedTask;

        public string Name => name;

        public HistoryAwayException? Away { get; set; }

        public long Cursor { get; private set; }

        public int Asked { get; private set; }

        public List<HealthPoint> Health { get; } = [];

        public int Count(HistoryGrid grid) => _points.Keys.Count(key => key.Grid == grid);

        public TaskCompletionSource Hold()
        {
            var held = new TaskCompletionSource();
            _held = held.Task;
            return held;
        }

        public Task<long?> CursorAsync(CancellationToken cancellation) => Task.FromResult<long?>(keepsCursor ? Cursor : null);

        public async Task AppendAsync(IReadOnlyList<HistoryPoint> points, long cursor, CancellationToken cancellation)
        {
            Asked++;
            await _held;
            ThrowIfAway();
            foreach (var point in points)
                _points[point.Key] = point;
            Cursor = cursor;
        }

        public async Task AppendAsync(IReadOnlyList<HealthPoint> points, CancellationToken cancellation)
        {
            await _held;
            ThrowIfAway();
            if (keepsCursor)
                Health.RemoveAll(there => points.Any(point => point.At == there.At));
            Health.AddRange(points);
        }

        public Task<IReadOnlyList<HealthPoint>> HealthAfterAsync(DateTimeOffset after, int instants, CancellationToken cancellation)
        {
            ThrowIfAway();
            return Task.FromResult<IReadOnlyList<HealthPoint>>([.. Health.Where(point => point.At > after).OrderBy(point => point.At).Take(instants)]);
        }

        public Task ForgetAsync(DateTimeOffset cellsBefore, DateTimeOffset healthBefore, CancellationToken cancellation)
        {
            ThrowIfAway();
            foreach (var key in _points.Keys.Where(key => key.Grid != HistoryGrid.Month && key.From < cellsBefore).ToList())
                _points.Remove(key);
            return Task.CompletedTask;
        }

        public Task ClearAsync(CancellationToken cancellation)
        {
            ThrowIfAway();
            _points.Clear();
            Cursor = 0;
            return Task.CompletedTask;
        }

        private void ThrowIfAway()
        {
            if (Away is { } away)
                throw away;
        }
    }
}

using Microsoft.Data.Sqlite;
using Monitoring.Harness;
using Monitoring.Privacy;
using Monitoring.Silo.Privacy;
using Monitoring.Storage;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>The release ledger on disk: a number is drawn once, whatever happens around it.</summary>
public sealed class ReleaseStoreTests : IDisposable
{
    private const string Space = "square";

    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels");

    private readonly TemporaryFolder _folder = new();

    private string File => ReleaseStore.FileIn(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A01_A_cell_has_one_number_however_often_it_is_asked_for_and_after_a_restart()
    {
        var cells = Cells(8, count: 40);
        IReadOnlyList<Released> first;
        using (var store = new ReleaseStore(File))
        {
            first = store.Release(Day, cells, After(cells));
            for (var i = 0; i < 1_250; i++)
                Assert.Equal(first, store.Release(Day, cells, After(cells)));
        }

        using var again = new ReleaseStore(File);
        Assert.Equal(first, again.Release(Day, cells, After(cells)));
        Assert.Equal(first, again.Published(0, After(cells) + TimeSpan.FromHours(1), 100).Select(stored => stored.Release));
    }

    [Fact]
    public void A04_A_ledger_that_somebody_holds_has_neither_number_nor_charge_until_it_is_let_go()
    {
        var cells = Cells(4, count: 40);
        using var store = new ReleaseStore(File);
        using (var held = SqliteFile.Connect(File))
        {
            SqliteFile.Execute(held, "BEGIN IMMEDIATE");
            Assert.Throws<SqliteException>(() => store.Release(Day, cells, After(cells)));
        }

        Assert.Empty(store.Published(0, DateTimeOffset.MaxValue.AddDays(-1), 100));
        Assert.Empty(store.Spent(Space, Day.Day.Date));
        Assert.All(store.Release(Day, cells, After(cells)), released => Assert.NotNull(released.Value));
        Assert.Equal(1_000_000, store.Spent(Space, Day.Day.Date)[ReleaseKind.Flow]);
    }

    [Fact]
    public void A04_A_row_that_cannot_be_stored_leaves_neither_number_nor_charge()
    {
        var cells = Cells(4, count: 40);
        using var store = new ReleaseStore(File);
        using (var spoil = SqliteFile.Connect(File))
            SqliteFile.Execute(spoil, "CREATE TRIGGER spoil BEFORE INSERT ON release WHEN (SELECT COUNT(*) FROM release) = 2 BEGIN SELECT RAISE(ABORT, 'disk'); END");
        Assert.Throws<SqliteException>(() => store.Release(Day, cells, After(cells)));

        Assert.Empty(store.Published(0, DateTimeOffset.MaxValue.AddDays(-1), 100));
        Assert.Empty(store.Spent(Space, Day.Day.Date));
    }

    [Fact]
    public async Task A05_Of_two_activations_that_release_the_same_cell_both_return_the_one_that_is_stored()
    {
        // 10,080 cells are raced for, in 1,260 transactions of eight, as the cells of a tick are released together: both begin the same eight at the same moment. With --long each race is for one cell.
        const int days = 105;
        var atOnce = RunSeed.IsLong ? 1 : 8;
        var races = Enumerable.Range(0, days).Select(i => Terms().On(new DateOnly(2026, 5, 1).AddDays(i)))
            .SelectMany(day => day.CellsOf(ReleaseKind.Flow).Take(96).Select(cell => new SealedCell("gate/in", cell, 40, new CellCoverage(1, 1))).Chunk(atOnce).Select(cells => (Day: day, Cells: cells)))
            .ToList();
        using var one = new ReleaseStore(File);
        using var other = new ReleaseStore(File);
        using var start = new Barrier(2);
        var both = await Task.WhenAll(Task.Run(() => Race(one, start, races)), Task.Run(() => Race(other, start, races)));

        Assert.Equal(both[0], both[1]);
        Assert.Equal(days * 96, both[0].Count);
        Assert.Equal(both[0], one.Published(0, DateTimeOffset.MaxValue.AddDays(-1), int.MaxValue).Select(stored => stored.Release));
        Assert.Null(one.FirstChanged());
    }

    [Fact]
    public void A16_A_ledger_that_was_put_back_draws_nothing_for_cells_that_may_be_out()
    {
        var (known, lost) = (Cells(2, count: 40), Cells(4, count: 40)[2..]);
        var tomorrow = Terms().On(Day.Day.Date.AddDays(1));
        var next = tomorrow.CellsOf(ReleaseKind.Flow).Take(2).Select(cell => new SealedCell("gate/in", cell, 40, new CellCoverage(1, 1))).ToList();
        var copy = _folder.File("copy.db");
        IReadOnlyList<Released> first;
        using (var store = new ReleaseStore(File))
        {
            first = store.Release(Day, known, After(known));
            using (var copying = SqliteFile.Connect(File))
                SqliteFile.Execute(copying, $"VACUUM INTO '{copy}'");
            store.Release(Day, lost, After(lost));
        }

        System.IO.File.Copy(copy, File, overwrite: true);
        System.IO.File.Delete($"{File}-wal");
        System.IO.File.Delete($"{File}-shm");
        using var restored = new ReleaseStore(File);
        restored.BlockBefore(lost[1].Cell.To);

        Assert.Equal(first, restored.Release(Day, known, After(next)));
        Assert.All(restored.Release(Day, lost, After(next)), released => Assert.Equal((null, ReleaseReason.Restored), (released.Value, released.Reason)));
        Assert.All(restored.Release(Day, Cells(6, count: 40)[4..], After(next)), released => Assert.Equal(ReleaseReason.Restored, released.Reason));
        Assert.All(restored.Release(tomorrow, next, After(next)), released => Assert.NotNull(released.Value));
        restored.BlockBefore(DateTimeOffset.UnixEpoch);
        Assert.All(restored.Release(Day, lost, After(next)), released => Assert.Equal(ReleaseReason.Restored, released.Reason));
    }

    [Fact]
    public void A_number_that_was_withdrawn_stays_away_and_so_does_what_it_cost()
    {
        var cells = Cells(3, count: 40);
        using var store = new ReleaseStore(File);
        store.Release(Day, cells, After(cells));

        Assert.Equal(3, store.Withdraw(Space, Day.Day.Date, After(cells)));
        Assert.Equal(0, store.Withdraw(Space, Day.Day.Date, After(cells)));

        Assert.All(store.Release(Day, cells, After(cells)), released => Assert.Equal((null, ReleaseReason.Withdrawn), (released.Value, released.Reason)));
        Assert.Equal(1_000_000, store.Spent(Space, Day.Day.Date)[ReleaseKind.Flow]);
        Assert.Null(store.FirstChanged());
        Assert.Equal(0, new FileInfo($"{File}-wal").Length);
    }

    [Theory]
    [InlineData("value = value + 1")]
    [InlineData("value = NULL, reason = 'no-data'")]
    [InlineData("reason = 'withdrawn', withdrawn = 1")]
    [InlineData("from_ms = from_ms + 1")]
    [InlineData("alive = 0")]
    [InlineData("kind = 'x'")]
    [InlineData("epsilon = 0")]
    [InlineData("publish_ms = publish_ms - 5000")]
    public void A_row_that_somebody_changed_is_found(string change)
    {
        var cells = Cells(3, count: 40);
        using var store = new ReleaseStore(File);
        store.Release(Day, cells, After(cells));
        Assert.Null(store.FirstChanged());
        using (var hand = SqliteFile.Connect(File))
            SqliteFile.Execute(hand, $"UPDATE release SET {change} WHERE number = 2");
        Assert.Equal(2, store.FirstChanged());
    }

    [Fact]
    public void A_row_that_somebody_took_away_is_found_where_one_follows_it()
    {
        var cells = Cells(3, count: 40);
        using var store = new ReleaseStore(File);
        store.Release(Day, cells, After(cells));
        using (var hand = SqliteFile.Connect(File))
            SqliteFile.Execute(hand, "DELETE FROM release WHERE number = 2");
        Assert.Equal(3, store.FirstChanged());
    }

    [Fact]
    public void A08_Releases_come_out_at_ticks_and_not_before_whatever_was_counted()
    {
        var cells = Cells(4, count: 40);
        using var store = new ReleaseStore(File);
        store.Release(Day, [cells[0]], cells[0].Cell.To + TimeSpan.FromSeconds(1));
        var due = cells[0].Cell.To + ReleaseTick.Grace;
        Assert.Empty(store.Published(0, due - TimeSpan.FromMilliseconds(1), 100));
        Assert.Equal([due], store.Published(0, due, 100).Select(stored => stored.PublishAt));

        // On a tick, and a moment after one: there is always a whole step to the one at which it comes out.
        var late = cells[3].Cell.To + TimeSpan.FromHours(5);
        store.Release(Day, [cells[1] with { Count = 0 }], late);
        store.Release(Day, [cells[2] with { Count = 90_000 }], late + TimeSpan.FromMilliseconds(1));
        Assert.Equal([late + ReleaseTick.Every, late + (2 * ReleaseTick.Every)], store.Published(1, late + (2 * ReleaseTick.Every), 100).Select(stored => stored.PublishAt));
        Assert.All(store.Published(0, late + (2 * ReleaseTick.Every), 100), stored => Assert.Equal(0, stored.PublishAt.UtcTicks % ReleaseTick.Every.Ticks));
    }

    [Fact]
    public void Cells_of_several_spaces_and_days_are_released_together_or_not_at_all()
    {
        var days = new[] { Ledgers.On(Day.Day.Date), Ledgers.On(Day.Day.Date, "garden"), Ledgers.On(Day.Day.Date.AddDays(1)) };
        List<(ReleaseDay Day, SealedCell Cell)> cells = [.. days.SelectMany(day => day.Cells(take: 2).Select(cell => (day, cell)))];
        using var store = new ReleaseStore(File);
        using (var spoil = SqliteFile.Connect(File))
            SqliteFile.Execute(spoil, "CREATE TRIGGER spoil BEFORE INSERT ON release WHEN (SELECT COUNT(*) FROM release) = 5 BEGIN SELECT RAISE(ABORT, 'disk'); END");
        Assert.Throws<SqliteException>(() => store.Release(cells, days[2].Day.To));
        Assert.Empty(store.All());

        using (var mend = SqliteFile.Connect(File))
            SqliteFile.Execute(mend, "DROP TRIGGER spoil");
        var released = store.Release(cells, days[2].Day.To);
        Assert.Equal(cells.Select(cell => (cell.Day.Terms.Space, cell.Cell.Cell.From)), released.Select(one => (one.Key.Space, one.Key.From)));
        Assert.Equal(released, store.All().Select(stored => stored.Release));
        Assert.Equal(released, store.Release(cells, days[2].Day.To));
        Assert.All(released, one => Assert.NotNull(one.Value));
        Assert.Throws<ArgumentException>(() => store.Release(cells, days[2].Cells()[1].Cell.To - TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void A_cell_that_has_not_ended_is_not_released()
    {
        var cells = Cells(1, count: 40);
        using var store = new ReleaseStore(File);
        Assert.Contains("has not ended", Assert.Throws<ArgumentException>(() => store.Release(Day, cells, cells[0].Cell.To - TimeSpan.FromTicks(1))).Message, StringComparison.Ordinal);
        Assert.Single(store.Release(Day, cells, cells[0].Cell.To));
    }

    [Fact]
    public void What_is_stored_after_something_that_is_not_out_waits_behind_it()
    {
        var cells = Cells(3, count: 40);
        using var store = new ReleaseStore(File);
        store.Release(Day, [cells[2]], After(cells));
        store.Release(Day, [cells[0]], After(cells) - TimeSpan.FromMinutes(1));

        Assert.Empty(store.Published(0, After(cells) - TimeSpan.FromSeconds(10), 100));
        Assert.Equal(2, store.Published(0, After(cells) + ReleaseTick.Every, 100).Count);
        Assert.Single(store.Published(0, After(cells) + ReleaseTick.Every, 1));
    }

    [Fact]
    public void Another_space_that_would_tell_the_same_stream_again_is_refused()
    {
        var cells = Cells(1, count: 40);
        using var store = new ReleaseStore(File);
        store.Release(Day, cells, After(cells));

        var renamed = Terms("square-2").On(Day.Day.Date);
        var refused = Assert.Single(store.Release(renamed, cells, After(cells)));

        Assert.Equal((null, ReleaseReason.StreamElsewhere), (refused.Value, refused.Reason));
        Assert.Empty(store.Spent("square-2", Day.Day.Date));
    }

    [Theory]
    [InlineData("UPDATE charge SET epsilon = epsilon - 1")]
    [InlineData("UPDATE charge SET budget = 3000000")]
    [InlineData("UPDATE charge SET promise = 'nothing'")]
    [InlineData("UPDATE charge SET streams = '[]'")]
    [InlineData("UPDATE charge SET streams = 'none'")]
    [InlineData("UPDATE charge SET day = '2026-06-01'")]
    [InlineData("UPDATE charge SET to_ms = to_ms - 1")]
    [InlineData("UPDATE charge SET number = 2")]
    [InlineData("UPDATE charge SET number = 9")]
    [InlineData("DELETE FROM charge")]
    [InlineData("DELETE FROM charge_stream")]
    [InlineData("INSERT INTO charge SELECT space, 'presence', from_ms, to_ms, day, epsilon, budget, promise, streams, 2 FROM charge")]
    [InlineData("INSERT INTO charge SELECT space, 'presence', from_ms, to_ms, day, epsilon, budget, promise, streams, 9 FROM charge")]
    public void A_charge_that_somebody_changed_took_away_or_added_is_found(string change)
    {
        var cells = Cells(3, count: 40);
        using var store = new ReleaseStore(File);
        store.Release(Day, cells, After(cells));
        Assert.Null(store.FirstChanged());
        using (var hand = SqliteFile.Connect(File))
            SqliteFile.Execute(hand, change);
        Assert.NotNull(store.FirstChanged());
    }

    private static ReleaseDay Day => Terms().On(new DateOnly(2026, 6, 2));

    private static ReleaseTerms Terms(string space = Space) => new(
        space, 1, Zone, Epsilon.DayDefault,
        [new ReleaseGroup(ReleaseKind.Flow, Epsilon.DayDefault, Sensitivity.FlowDefault, ReleasePlan.P15, new SeriesMap(new Series("gate/in", new StreamId("counter-1/gate/in"))), 100_000)]);

    private static List<SealedCell> Cells(int number, long count) =>
        [.. Day.CellsOf(ReleaseKind.Flow).Take(number).Select(cell => new SealedCell("gate/in", cell, count, new CellCoverage(1, 1)))];

    private static DateTimeOffset After(List<SealedCell> cells) => cells[^1].Cell.To + ReleaseTick.Grace;

    private static List<Released> Race(ReleaseStore store, Barrier start, List<(ReleaseDay Day, SealedCell[] Cells)> races)
    {
        var released = new List<Released>();
        foreach (var (day, cells) in races)
        {
            start.SignalAndWait(TestContext.Current.CancellationToken);
            released.AddRange(Patiently(() => store.Release(day, cells, day.Day.To)));
        }

        return released;
    }

    // The other may hold the file for longer than a write waits, on a machine that is busy.
    private static IReadOnlyList<Released> Patiently(Func<IReadOnlyList<Released>> release)
    {
        const int busy = 5;
        while (true)
        {
            try
            {
                return release();
            }
            catch (SqliteException held) when (held.SqliteErrorCode == busy)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }
        }
    }
}

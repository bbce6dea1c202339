using Monitoring.Harness;
using Monitoring.Privacy;
using Monitoring.Silo.Privacy;
using Monitoring.Storage;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>Cells whose time is over: what stays of them, and that nothing is drawn in their place.</summary>
public sealed class ReleaseRetentionTests : IDisposable
{
    // Months of one noise as forms 1 and 2 had them.
    private const string MonthsOfFormTwo = """
        CREATE TABLE two (
            space TEXT NOT NULL, series TEXT NOT NULL, kind TEXT NOT NULL, month TEXT NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,
            cells INTEGER NOT NULL, released INTEGER NOT NULL, value INTEGER, epsilon INTEGER, sensitivity INTEGER,
            alive INTEGER NOT NULL, total INTEGER NOT NULL, unconfirmed INTEGER NOT NULL, terms INTEGER NOT NULL, PRIMARY KEY (space, series, kind, month)) WITHOUT ROWID;
        INSERT INTO two SELECT space, series, kind, month, from_ms, to_ms, cells, released, value, epsilon, sensitivity, alive, total, unconfirmed, terms FROM month_sum;
        DROP TABLE month_sum;
        ALTER TABLE two RENAME TO month_sum
        """;

    private static readonly DateOnly First = new(2026, 5, 30);
    private static readonly DateOnly June = new(2026, 6, 1);
    private static readonly DateOnly July = new(2026, 7, 1);

    private readonly TemporaryFolder _folder = new();

    private readonly ReleaseStore _store;

    public ReleaseRetentionTests() => _store = new ReleaseStore(File);

    private string File => ReleaseStore.FileIn(_folder.Path);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_days_of_a_month_go_together_and_no_later_one()
    {
        Fill(First, 4);
        Assert.Equal(0, _store.Forget(new DateOnly(2026, 5, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _store.Forget(June.AddDays(1)));
        Assert.Equal(48, _store.Forget(June));
        Assert.Equal(0, _store.Forget(June));

        Assert.All(_store.All(), stored => Assert.Equal(June.Month, stored.Release.Day.Month));
        Assert.Equal(48, _store.All().Count);
        Assert.Equal([June, June.AddDays(1)], _store.Charges(Ledgers.Space, First, First.AddDays(9), DateTimeOffset.MaxValue.AddDays(-1)).Select(charge => charge.Day));
        Assert.Null(_store.FirstChanged());
        Assert.Equal(2L, Scalar("SELECT COUNT(*) FROM charge_stream"));
        Assert.Equal(0, new FileInfo($"{File}-wal").Length);
    }

    [Fact]
    public void Sums_of_months_say_what_the_cells_added_up_to()
    {
        var released = Fill(First, 4);
        _store.Withdraw(Ledgers.Space, First.AddDays(1), Ledgers.On(First.AddDays(9)).Day.To);
        Assert.Empty(_store.Months(Ledgers.Space));

        _store.Forget(June);
        var may = Assert.Single(_store.Months(Ledgers.Space));
        Assert.Equal((new DateOnly(2026, 5, 1), 48, 24, released[..24].Sum(one => one.Value)), (may.Month, may.Cells, may.Released, may.Value));
        Assert.Equal((Ledgers.On(First).Day.From, Ledgers.On(First.AddDays(1)).Day.To), (may.From, may.To));
        Assert.Equal((new MonthNoise(new Epsilon(1_000_000), Sensitivity.FlowDefault, 24), new CellCoverage(1, 1), 1), (Assert.Single(may.Noises), may.Coverage, may.TermsVersion));

        _store.Forget(July);
        Assert.Equal([(48, 24), (48, 48)], _store.Months(Ledgers.Space).Select(month => (month.Cells, month.Released)));
        Assert.Equal([may.Value, released[48..].Sum(one => one.Value)], _store.Months(Ledgers.Space).Select(month => month.Value));
        Assert.Empty(_store.Months("elsewhere"));
    }

    [Fact]
    public void A_month_within_which_the_noise_changed_is_one_sum_that_knows_both_and_one_without_numbers_has_none()
    {
        var released = _store.Fill(Ledgers.On(First)).ToList();
        released.AddRange(_store.Fill(Ledgers.On(First.AddDays(1), version: 2, epsilon: 500_000), take: 20));
        var empty = Ledgers.On(June, "garden");
        _store.Release(empty, [.. empty.Cells().Select(cell => cell with { Coverage = new CellCoverage(0, 2, true) })], empty.Day.To);
        while (_store.Forget(July) > 0)
        {
        }

        var may = Assert.Single(_store.Months(Ledgers.Space));
        Assert.Equal((released[0].Key.From, released[^1].To, 44, 44, released.Sum(one => one.Value), 2), (may.From, may.To, may.Cells, may.Released, may.Value, may.TermsVersion));
        Assert.Equal([new MonthNoise(new Epsilon(1_000_000), Sensitivity.FlowDefault, 24), new MonthNoise(new Epsilon(500_000), Sensitivity.FlowDefault, 20)], may.Noises);
        var june = Assert.Single(_store.Months("garden"));
        Assert.Equal((null, 24, 0, new CellCoverage(0, 2, true)), (june.Value, june.Cells, june.Released, june.Coverage));
    }

    [Fact]
    public void Parts_of_a_month_are_one_whatever_they_were_drawn_with()
    {
        var day = Ledgers.On(First);
        _store.Release(day, [.. day.Cells(take: 4).Select(cell => cell with { Coverage = new CellCoverage(2, 3) })], day.Day.To);
        var after = Ledgers.On(First.AddDays(1), version: 2, epsilon: 500_000);
        _store.Release(after, [.. after.Cells(take: 2).Select(cell => cell with { Coverage = new CellCoverage(0, 4, true) })], after.Day.To);
        _store.Forget(June);

        var may = Assert.Single(_store.Months(Ledgers.Space));
        Assert.Equal((6, 4, new CellCoverage(0, 4, true)), (may.Cells, may.Released, may.Coverage));
        Assert.NotNull(may.Value);
        Assert.Equal([4, 0], may.Noises.Select(noise => noise.Released));
    }

    [Fact]
    public void Nothing_is_drawn_for_a_day_of_which_a_cell_was_forgotten_nor_before_it()
    {
        Fill(First, 2);
        _store.Forget(June);
        Assert.Equal(Ledgers.On(First.AddDays(1)).Day.To, _store.DrawsNothingBefore);

        Assert.All(_store.Fill(Ledgers.On(First)), released => Assert.Equal((null, ReleaseReason.Restored), (released.Value, released.Reason)));
        Assert.All(_store.Fill(Ledgers.On(First.AddDays(-1))), released => Assert.Equal(ReleaseReason.Restored, released.Reason));
        Assert.All(_store.Fill(Ledgers.On(June, "garden")), released => Assert.NotNull(released.Value));
        Assert.Empty(_store.Spent(Ledgers.Space, First));
    }

    [Fact]
    public void A_day_of_which_only_one_cell_was_stored_is_closed_to_its_end()
    {
        var day = Ledgers.On(First);
        _store.Fill(day, take: 1);
        _store.Forget(June);
        Assert.Equal(day.Day.To, _store.DrawsNothingBefore);
        Assert.All(_store.Fill(day), released => Assert.Equal(ReleaseReason.Restored, released.Reason));
    }

    [Fact]
    public void A_cell_that_is_stored_after_its_month_went_is_added_to_it()
    {
        var last = Ledgers.On(June.AddDays(-1));
        _store.Fill(last, take: 23);
        _store.Forget(June);
        var sum = Assert.Single(_store.Months(Ledgers.Space)).Value;
        _store.Fill(last, skip: 23);
        Assert.Empty(_store.Months(Ledgers.Space));

        Assert.Equal(1, _store.Forget(June));
        Assert.Equal((24, 23, sum), Assert.Single(_store.Months(Ledgers.Space)) is var may ? (may.Cells, may.Released, may.Value) : default);
    }

    [Fact]
    public void A_cell_that_was_stored_behind_one_of_the_next_month_goes_with_its_own_and_the_chain_holds()
    {
        var (last, next) = (Ledgers.On(June.AddDays(-1)), Ledgers.On(June));
        _store.Fill(last, take: 22);
        _store.Fill(next, take: 1);
        _store.Fill(last, skip: 22, take: 1);
        _store.Fill(next, skip: 1, take: 1);
        _store.Fill(last, skip: 23);

        Assert.Equal(24, _store.Forget(June));
        Assert.Equal(24, Assert.Single(_store.Months(Ledgers.Space)).Cells);
        Assert.All(_store.All(), stored => Assert.Equal(June, stored.Release.Day));
        _store.Fill(next, skip: 2);
        Assert.Equal((24, 3L), (_store.All().Count, Scalar("SELECT COUNT(*) FROM anchor")));
        Assert.Null(_store.FirstChanged());

        // Each gap is watched.
        var second = _store.All()[1].Number;
        Hand($"UPDATE anchor SET hash = hash || '0' WHERE number = {second - 1}");
        Assert.Equal(second, _store.FirstChanged());
        Hand($"UPDATE anchor SET hash = substr(hash, 1, 64) WHERE number = {second - 1}");

        Assert.Equal(24, _store.Forget(July));
        Assert.Empty(_store.All());
        Assert.Equal(1L, Scalar("SELECT COUNT(*) FROM anchor"));
        _store.Fill(Ledgers.On(July), take: 1);
        Assert.Null(_store.FirstChanged());
    }

    [Fact]
    public void A_chain_whose_beginning_is_forgotten_goes_on_and_still_tells_of_changes()
    {
        Fill(First, 2);
        _store.Forget(June);
        _store.Fill(Ledgers.On(June));
        Assert.Null(_store.FirstChanged());
        Hand("UPDATE anchor SET hash = '00'");
        Assert.Equal(49, _store.FirstChanged());
    }

    [Fact]
    public void Places_that_copies_have_read_are_never_given_again()
    {
        Fill(First, 1);
        _store.Withdraw(Ledgers.Space, First, Ledgers.On(First).Day.To);
        while (_store.Forget(June) > 0)
        {
        }

        _store.Fill(Ledgers.On(June), take: 1);
        Assert.Equal((49, 25), (Assert.Single(_store.All()).Seq, _store.All()[0].Number));
    }

    [Fact]
    public void One_transaction_forgets_so_many_cells_and_no_more_and_no_month_is_told_by_half()
    {
        for (var date = First; date < First.AddDays(53); date = date.AddDays(1))
            _store.Fill(Ledgers.On(date, plan: ReleasePlan.P15));
        var all = _store.All();
        Assert.Equal(53 * 96, all.Count);

        var august = July.AddMonths(1);
        var due = _store.Due(august);
        Assert.Equal([(First.AddDays(-29), 2 * 96, 2 * 96L), (June, 30 * 96, 32 * 96), (July, 21 * 96, 53 * 96)], due.Select(month => (month.Month, month.Cells, month.Newest)));
        Assert.Equal(ReleaseStore.ForgetMax, _store.Forget(august));
        Assert.Null(_store.FirstChanged());

        // Stopped here and told again, what is left of the month is the same fact.
        var left = Assert.Single(_store.Due(august));
        Assert.Equal((88, due[^1].ToFact(30, DateTimeOffset.UnixEpoch).Id), (left.Cells, left.ToFact(30, DateTimeOffset.UnixEpoch.AddHours(1)).Id));
        Assert.Equal(("release-forgotten", "hub", Ledgers.Space, "2026-07: 88 cells and what they cost became the sum of their month; days kept at least: 30"), left.ToFact(30, DateTimeOffset.UnixEpoch) is var fact ? (fact.Kind, fact.Who, fact.Subject, fact.Detail) : default);
        Assert.Equal([2 * 96, 30 * 96], _store.Months(Ledgers.Space).Select(month => month.Cells));
        Assert.Equal((53 * 96) - ReleaseStore.ForgetMax, _store.Forget(august));
        Assert.Equal(0, _store.Forget(august));
        Assert.Equal([2 * 96, 30 * 96, 21 * 96], _store.Months(Ledgers.Space).Select(month => month.Cells));
        Assert.Equal(all.Sum(stored => stored.Release.Value), _store.Months(Ledgers.Space).Sum(month => month.Value));
        Assert.Null(_store.FirstChanged());
    }

    [Fact]
    public void What_fails_on_the_way_forgets_nothing()
    {
        Fill(First, 2);
        Hand("CREATE TRIGGER spoil BEFORE DELETE ON charge BEGIN SELECT RAISE(ABORT, 'disk'); END");
        Assert.Throws<Microsoft.Data.Sqlite.SqliteException>(() => _store.Forget(June));

        Assert.Equal(48, _store.All().Count);
        Assert.Empty(_store.Months(Ledgers.Space));
        Assert.Equal(DateTimeOffset.MinValue, _store.DrawsNothingBefore);
    }

    [Fact]
    public void A_ledger_of_the_first_form_goes_on_with_the_month_that_it_had_forgotten_by_half()
    {
        var released = Fill(First, 2);
        _store.Forget(June);
        _store.Fill(Ledgers.On(June));
        _store.Dispose();

        // As the first form left it: one anchor of a space, and days of June that went before the others.
        Hand($"""
            {MonthsOfFormTwo};
            CREATE TABLE one (space TEXT PRIMARY KEY, number INTEGER NOT NULL, hash TEXT NOT NULL) WITHOUT ROWID;
            INSERT INTO one SELECT space, number, hash FROM anchor;
            DROP TABLE anchor;
            ALTER TABLE one RENAME TO anchor;
            UPDATE month_sum SET month = '2026-06';
            PRAGMA user_version = 1
            """);
        Assert.Null(StoredReleases.Walk(_folder.Path)!.Fault);

        using var store = new ReleaseStore(File);
        Assert.Null(store.FirstChanged());
        Assert.Empty(store.Months(Ledgers.Space));
        var sum = store.All().Sum(stored => stored.Release.Value) + released.Sum(one => one.Value);
        Assert.Equal(24, store.Forget(July));
        Assert.Equal((72, sum), Assert.Single(store.Months(Ledgers.Space)) is var june ? (june.Cells, june.Value) : default);
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(File)!, "*.schema-*"));
    }

    [Fact]
    public void A_ledger_of_the_second_form_keeps_its_months_but_gives_none_of_which_it_did_not_keep_the_noise()
    {
        var released = _store.Fill(Ledgers.On(First)).ToList();
        _store.Fill(Ledgers.On(First, "garden"));
        while (_store.Forget(June) > 0)
        {
        }

        released.AddRange(_store.Fill(Ledgers.On(First.AddDays(1), version: 2, epsilon: 500_000)));
        _store.Fill(Ledgers.On(First.AddDays(1), "garden"));
        _store.Dispose();
        Hand($"{MonthsOfFormTwo}; UPDATE month_sum SET epsilon = NULL WHERE space = 'garden'; PRAGMA user_version = 2");

        using var store = new ReleaseStore(File);
        while (store.Forget(June) > 0)
        {
        }

        var may = Assert.Single(store.Months(Ledgers.Space));
        Assert.Equal((48, released.Sum(one => one.Value)), (may.Cells, may.Value));
        Assert.Equal([24, 24], may.Noises.Select(noise => noise.Released));
        Assert.Empty(store.Months("garden"));
        Assert.Equal(24L, Scalar("SELECT cells FROM month_sum WHERE space = 'garden' AND epsilon = 0"));
    }

    [Theory]
    [InlineData(".schema-1")]
    [InlineData(".schema-1.part")]
    public void A_copy_of_an_older_form_that_a_kill_has_left_goes_when_the_ledger_is_opened(string left)
    {
        Fill(First, 1);
        _store.Dispose();
        System.IO.File.Copy(File, File + left);
        using var store = new ReleaseStore(File);
        Assert.False(System.IO.File.Exists(File + left));
        Assert.Equal(24, store.All().Count);
    }

    private List<Released> Fill(DateOnly from, int days) => [.. Enumerable.Range(0, days).SelectMany(day => _store.Fill(Ledgers.On(from.AddDays(day))))];

    private void Hand(string sql)
    {
        using var hand = SqliteFile.Connect(File);
        SqliteFile.Execute(hand, sql);
    }

    private object? Scalar(string sql)
    {
        using var connection = SqliteFile.Connect(File);
        return SqliteFile.Scalar(connection, sql);
    }
}

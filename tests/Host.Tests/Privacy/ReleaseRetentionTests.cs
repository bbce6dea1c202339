using Monitoring.Harness;
using Monitoring.Privacy;
using Monitoring.Silo.Privacy;
using Monitoring.Storage;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>Cells whose time is over: what stays of them, and that nothing is drawn in their place.</summary>
public sealed class ReleaseRetentionTests : IDisposable
{
    private static readonly DateOnly First = new(2026, 5, 30);

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
    public void Days_before_a_day_go_and_no_later_one()
    {
        Fill(First, 4);
        Assert.Equal(0, _store.Forget(First));
        Assert.Equal(24, _store.Forget(First.AddDays(1)));
        Assert.Equal(0, _store.Forget(First.AddDays(1)));
        Assert.Equal(48, _store.Forget(First.AddDays(3)));

        Assert.All(_store.All(), stored => Assert.Equal(First.AddDays(3), stored.Release.Day));
        Assert.Equal(24, _store.All().Count);
        Assert.Equal([First.AddDays(3)], _store.Charges(Ledgers.Space, First, First.AddDays(9), DateTimeOffset.MaxValue.AddDays(-1)).Select(charge => charge.Day));
        Assert.Null(_store.FirstChanged());
        Assert.Equal(1L, Scalar("SELECT COUNT(*) FROM charge_stream"));
        Assert.Equal(0, new FileInfo($"{File}-wal").Length);
    }

    [Fact]
    public void Sums_of_months_say_what_the_cells_added_up_to_and_whether_the_month_is_whole()
    {
        var released = Fill(First, 4);
        _store.Withdraw(Ledgers.Space, First.AddDays(1), Ledgers.On(First.AddDays(9)).Day.To);
        Assert.Empty(_store.Months(Ledgers.Space));

        _store.Forget(First.AddDays(1));
        var may = Assert.Single(_store.Months(Ledgers.Space));
        Assert.Equal((new DateOnly(2026, 5, 1), 24, 24, released[..24].Sum(one => one.Value), false), (may.Month, may.Cells, may.Released, may.Value, may.Complete));

        _store.Forget(First.AddDays(3));
        var months = _store.Months(Ledgers.Space);
        Assert.Equal([(48, 24, true), (24, 24, false)], months.Select(month => (month.Cells, month.Released, month.Complete)));
        Assert.Equal([released[..24].Sum(one => one.Value), released[48..72].Sum(one => one.Value)], months.Select(month => month.Value));
        Assert.Equal((Ledgers.On(First).Day.From, Ledgers.On(First.AddDays(1)).Day.To), (months[0].From, months[0].To));
        Assert.Equal((new Epsilon(1_000_000), Sensitivity.FlowDefault, new CellCoverage(1, 1), 1), (months[0].Epsilon, months[0].Sensitivity, months[0].Coverage, months[0].TermsVersion));
        Assert.Empty(_store.Months("elsewhere"));
    }

    [Fact]
    public void A_month_in_which_epsilon_changed_says_none_and_one_without_numbers_has_no_sum()
    {
        _store.Fill(Ledgers.On(First));
        _store.Fill(Ledgers.On(First.AddDays(1), version: 2, epsilon: 500_000));
        var empty = Ledgers.On(First.AddDays(2), "garden");
        _store.Release(empty, [.. empty.Cells().Select(cell => cell with { Coverage = new CellCoverage(0, 2, true) })], empty.Day.To);
        while (_store.Forget(First.AddDays(9)) > 0)
        {
        }

        var may = Assert.Single(_store.Months(Ledgers.Space));
        Assert.Equal((null, 2, 48), (may.Epsilon, may.TermsVersion, may.Released));
        var june = Assert.Single(_store.Months("garden"));
        Assert.Equal((null, 24, 0, new CellCoverage(0, 2, true)), (june.Value, june.Cells, june.Released, june.Coverage));
    }

    [Fact]
    public void Nothing_is_drawn_for_a_day_of_which_a_cell_was_forgotten_nor_before_it()
    {
        Fill(First, 2);
        _store.Forget(First.AddDays(1));
        Assert.Equal(Ledgers.On(First).Day.To, _store.DrawsNothingBefore);

        Assert.All(_store.Fill(Ledgers.On(First)), released => Assert.Equal((null, ReleaseReason.Restored), (released.Value, released.Reason)));
        Assert.All(_store.Fill(Ledgers.On(First.AddDays(-1))), released => Assert.Equal(ReleaseReason.Restored, released.Reason));
        Assert.All(_store.Fill(Ledgers.On(First.AddDays(1), "garden")), released => Assert.NotNull(released.Value));
        Assert.Empty(_store.Spent(Ledgers.Space, First));
    }

    [Fact]
    public void A_day_of_which_only_one_cell_was_stored_is_closed_to_its_end()
    {
        var day = Ledgers.On(First);
        _store.Fill(day, take: 1);
        _store.Forget(First.AddDays(1));
        Assert.Equal(day.Day.To, _store.DrawsNothingBefore);
        Assert.All(_store.Fill(day), released => Assert.Equal(ReleaseReason.Restored, released.Reason));
    }

    [Fact]
    public void A_cell_that_was_stored_behind_one_of_a_later_day_goes_with_that_one()
    {
        _store.Fill(Ledgers.On(First), take: 23);
        _store.Fill(Ledgers.On(First.AddDays(1)), take: 1);
        _store.Fill(Ledgers.On(First), skip: 23);
        _store.Fill(Ledgers.On(First.AddDays(1)), skip: 1);

        Assert.Equal(23, _store.Forget(First.AddDays(1)));
        Assert.Equal(0, _store.Forget(First.AddDays(1)));
        Assert.False(Assert.Single(_store.Months(Ledgers.Space)).Complete);
        Assert.Null(_store.FirstChanged());

        Assert.Equal(25, _store.Forget(First.AddDays(2)));
        Assert.Null(_store.FirstChanged());
        Assert.Empty(_store.All());
        Assert.True(_store.Forget(new DateOnly(2026, 6, 1)) == 0 && Assert.Single(_store.Months(Ledgers.Space)) is { Complete: true, Cells: 48 });
    }

    [Fact]
    public void A_chain_whose_beginning_is_forgotten_goes_on_and_still_tells_of_changes()
    {
        Fill(First, 2);
        _store.Forget(First.AddDays(2));
        _store.Fill(Ledgers.On(First.AddDays(2)));
        Assert.Null(_store.FirstChanged());
        using (var hand = SqliteFile.Connect(File))
            SqliteFile.Execute(hand, "UPDATE anchor SET hash = '00'");
        Assert.Equal(49, _store.FirstChanged());
    }

    [Fact]
    public void Places_that_copies_have_read_are_never_given_again()
    {
        Fill(First, 1);
        _store.Withdraw(Ledgers.Space, First, Ledgers.On(First).Day.To);
        while (_store.Forget(First.AddDays(1)) > 0)
        {
        }

        _store.Fill(Ledgers.On(First.AddDays(1)), take: 1);
        Assert.Equal((49, 25), (Assert.Single(_store.All()).Seq, _store.All()[0].Number));
    }

    [Fact]
    public void One_transaction_forgets_so_many_cells_and_no_more()
    {
        for (var date = First; date < First.AddDays(53); date = date.AddDays(1))
            _store.Fill(Ledgers.On(date, plan: ReleasePlan.P15));
        var all = _store.All();
        Assert.Equal(53 * 96, all.Count);

        Assert.Equal(ReleaseStore.ForgetMax, _store.Forget(First.AddDays(53)));
        Assert.Null(_store.FirstChanged());
        Assert.Equal((53 * 96) - ReleaseStore.ForgetMax, _store.Forget(First.AddDays(53)));
        Assert.Equal(0, _store.Forget(First.AddDays(53)));
        Assert.Equal(all.Sum(stored => stored.Release.Value), _store.Months(Ledgers.Space).Sum(month => month.Value));
        Assert.Null(_store.FirstChanged());
    }

    [Fact]
    public void What_fails_on_the_way_forgets_nothing()
    {
        Fill(First, 2);
        using (var spoil = SqliteFile.Connect(File))
            SqliteFile.Execute(spoil, "CREATE TRIGGER spoil BEFORE DELETE ON charge BEGIN SELECT RAISE(ABORT, 'disk'); END");
        Assert.Throws<Microsoft.Data.Sqlite.SqliteException>(() => _store.Forget(First.AddDays(2)));

        Assert.Equal(48, _store.All().Count);
        Assert.Empty(_store.Months(Ledgers.Space));
        Assert.Equal(DateTimeOffset.MinValue, _store.DrawsNothingBefore);
    }

    private List<Released> Fill(DateOnly from, int days) => [.. Enumerable.Range(0, days).SelectMany(day => _store.Fill(Ledgers.On(from.AddDays(day))))];

    private object? Scalar(string sql)
    {
        using var connection = SqliteFile.Connect(File);
        return SqliteFile.Scalar(connection, sql);
    }
}

using Monitoring.Domain.History;
using Monitoring.Harness;
using Monitoring.Privacy;
using Monitoring.Silo.Privacy;
using Monitoring.Storage;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>A ledger that has not come as far as it once had is noticed when it is opened.</summary>
public sealed class LedgerHeadTests : IDisposable
{
    private static readonly DateOnly Date = new(2026, 6, 2);

    private static readonly DateTimeOffset Now = Ledgers.On(Date).Day.From.AddHours(12);

    private readonly TemporaryFolder _folder = new();

    private string Data => _folder.Path;

    private string File => ReleaseStore.FileIn(Data);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_ledger_that_goes_on_where_it_was_draws_on()
    {
        using (var store = ReleaseStore.Open(Data, Now))
            Assert.Null(store.PutBack);
        using (var store = ReleaseStore.Open(Data, Now))
        {
            store.Fill(Ledgers.On(Date), take: 2);
            store.Withdraw(Ledgers.Space, Date, Now);
        }

        using (var store = ReleaseStore.Open(Data, Now))
        {
            Assert.Null(store.PutBack);
            store.Fill(Ledgers.On(Date.AddDays(1)));
            Assert.True(store.Forget(new DateOnly(Date.Year, Date.Month, 1).AddMonths(1)) > 0);
        }

        using var last = ReleaseStore.Open(Data, Now.AddDays(2));
        Assert.Null(last.PutBack);
        Assert.All(last.Fill(Ledgers.On(Date.AddDays(2))), released => Assert.NotNull(released.Value));
    }

    [Fact]
    public void A_ledger_that_came_further_than_its_mark_is_taken_as_it_is()
    {
        using (var store = ReleaseStore.Open(Data, Now))
            store.Fill(Ledgers.On(Date), take: 1);
        var mark = System.IO.File.ReadAllBytes(LedgerHead.FileIn(Data));
        using (var store = ReleaseStore.Open(Data, Now))
        {
            store.Fill(Ledgers.On(Date), take: 2);
            store.Fill(Ledgers.On(Date.AddDays(1)), take: 1);
        }

        // A power cut between a commit and the mark of it.
        System.IO.File.WriteAllBytes(LedgerHead.FileIn(Data), mark);
        using var again = ReleaseStore.Open(Data, Now);
        Assert.Null(again.PutBack);
    }

    [Theory]
    [InlineData("older")]
    [InlineData("gone")]
    [InlineData("another")]
    [InlineData("before a withdrawal")]
    [InlineData("unmarked")]
    [InlineData("mark unreadable")]
    public void A_ledger_that_was_put_back_by_hand_draws_nothing_for_days_that_have_begun(string how)
    {
        var copy = _folder.File("copy.db");
        using (var store = ReleaseStore.Open(Data, Now))
        {
            store.Fill(Ledgers.On(Date), take: how == "before a withdrawal" ? 3 : 2);
            Copy(copy);
            store.Fill(Ledgers.On(Date), take: 3);
            if (how == "before a withdrawal")
                store.Withdraw(Ledgers.Space, Date, Now);
        }

        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(File)!).Where(_ => how is not ("unmarked" or "mark unreadable")))
            System.IO.File.Delete(file);
        if (how is "older" or "before a withdrawal")
            System.IO.File.Copy(copy, File);
        else if (how == "another")
            Another();
        else if (how == "unmarked")
            System.IO.File.Delete(LedgerHead.FileIn(Data));
        else if (how == "mark unreadable")
            System.IO.File.WriteAllText(LedgerHead.FileIn(Data), "{");

        using (var store = ReleaseStore.Open(Data, Now))
        {
            Assert.Equal((Now, Now), (store.PutBack!.At, store.PutBack.BlockedBefore));
            Assert.All(store.Fill(Ledgers.On(Date), skip: 5), released => Assert.Equal((null, ReleaseReason.Restored), (released.Value, released.Reason)));
            Assert.All(store.Fill(Ledgers.On(Date.AddDays(1))), released => Assert.NotNull(released.Value));
        }

        // It is told until somebody has heard it, and noticed once.
        using (var store = ReleaseStore.Open(Data, Now.AddDays(5)))
        {
            Assert.Equal(Now, store.PutBack!.BlockedBefore);
            store.PutBackIsTold();
            Assert.Null(store.PutBack);
        }

        using var last = ReleaseStore.Open(Data, Now.AddDays(5));
        Assert.Null(last.PutBack);
        Assert.Equal(Now, last.DrawsNothingBefore);
    }

    [Fact]
    public void A_clock_that_is_behind_opens_no_day_of_which_the_ledger_has_cells()
    {
        using (var store = ReleaseStore.Open(Data, Now))
            store.Fill(Ledgers.On(Date), take: 3);
        StoredReleases.LeaveRestored(Data);
        using var again = ReleaseStore.Open(Data, Now.AddDays(-300));
        Assert.Equal(Ledgers.On(Date).Cells()[2].Cell.To, again.DrawsNothingBefore);
    }

    [Fact]
    public void A_head_that_was_kept_elsewhere_tells_of_a_ledger_that_was_put_back_with_everything_around_it()
    {
        using var store = ReleaseStore.Open(Data, Now);
        store.Fill(Ledgers.On(Date), take: 3);
        var head = store.Head;
        Assert.Equal((3L, 3L), (head.Seq, head.Number));
        Assert.False(store.NoticeHead("far", head, Now));
        Assert.False(store.NoticeHead("far", new LedgerMark(0, 0, ""), Now));
        Assert.Null(store.PutBack);

        // One row further than this ledger is; and as far, on another way.
        Assert.True(store.NoticeHead("far", head with { Seq = 4, Number = 4 }, Now));
        Assert.Equal((Now, "it had come to row 4, change 4, and is now at row 3, change 3, says far"), (store.PutBack!.BlockedBefore, store.PutBack.Why));
        Assert.All(store.Fill(Ledgers.On(Date), skip: 3, take: 1), released => Assert.Equal(ReleaseReason.Restored, released.Reason));
        Assert.True(store.NoticeHead("far", head with { Hash = "another" }, Now));
        Assert.False(store.NoticeHead("far", head, Now));
        Assert.False(store.NoticeHead("far", store.Head, Now));
    }

    [Fact]
    public void Copies_that_have_come_further_than_an_older_ledger_get_all_that_it_stores_from_then_on()
    {
        var copy = _folder.File("copy.db");
        long cursor;
        using (var store = ReleaseStore.Open(Data, Now))
        {
            store.Fill(Ledgers.On(Date), take: 2);
            Copy(copy);
            store.Fill(Ledgers.On(Date));
            cursor = store.All()[^1].Seq;
        }

        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(File)!))
            System.IO.File.Delete(file);
        System.IO.File.Copy(copy, File);
        using var older = ReleaseStore.Open(Data, Now);
        older.Fill(Ledgers.On(Date.AddDays(1)), take: 3);
        Assert.Equal(3, older.Published(cursor, Now.AddDays(9), 100).Count);
        Assert.Null(older.FirstChanged());
    }

    [Fact]
    public void A_folder_that_came_out_of_a_backup_without_a_ledger_draws_nothing_for_days_that_have_begun()
    {
        StoredReleases.LeaveRestored(Data);
        using var store = ReleaseStore.Open(Data, Now);
        Assert.Equal(Now, store.PutBack!.BlockedBefore);
        Assert.Contains("backup", store.PutBack.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void How_far_it_has_come_is_written_before_anybody_is_told_and_a_failure_is_not_silent()
    {
        using var store = ReleaseStore.Open(Data, Now);
        System.IO.File.Delete(LedgerHead.FileIn(Data));
        Directory.CreateDirectory(LedgerHead.FileIn(Data));
        Assert.ThrowsAny<Exception>(() => store.Fill(Ledgers.On(Date), take: 1));
        Assert.ThrowsAny<Exception>(() => store.Fill(Ledgers.On(Date), take: 1));

        Directory.Delete(LedgerHead.FileIn(Data));
        var released = Assert.Single(store.Fill(Ledgers.On(Date), take: 1));
        Assert.Equal(Assert.Single(store.All()).Release, released);
        Assert.Equal(1, LedgerHead.Read(LedgerHead.FileIn(Data))!.Number);
    }

    [Fact]
    public void A_walk_over_the_files_names_an_end_that_was_cut_off()
    {
        Assert.Null(StoredReleases.Walk(Data));
        using (var store = ReleaseStore.Open(Data, Now))
            store.Fill(Ledgers.On(Date), take: 3);
        Assert.Equal((3, 1, 3, null), (StoredReleases.Walk(Data) is { } walk ? (walk.Releases, walk.Spaces, walk.Newest, walk.Fault) : default));
        using (var hand = SqliteFile.Connect(File))
            SqliteFile.Execute(hand, "DELETE FROM release WHERE number = 3");
        Assert.Equal(3, StoredReleases.Walk(Data)!.Fault!.Number);
    }

    private void Copy(string to)
    {
        using var copying = SqliteFile.Connect(File);
        SqliteFile.Execute(copying, $"VACUUM INTO '{to}'");
    }

    private void Another()
    {
        using var store = new ReleaseStore(File);
        store.Fill(Ledgers.On(Date), take: 5);
    }
}

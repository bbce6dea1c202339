using System.Globalization;
using Monitoring.Contracts.Accounts;
using Monitoring.Domain.Accounts;
using Monitoring.Silo.Accounts;
using Monitoring.Storage;

namespace Monitoring.Host.Tests.Accounts;

public sealed class AuditLogTests
{
    private const int KeptMonths = 13;
    private static readonly DateTimeOffset Begin = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Entries_are_numbered_chained_and_read_newest_first_across_blocks_and_months()
    {
        var storage = new CrashingStorage();
        var log = Open(storage);
        for (var i = 0; i < 3; i++)
            await log.AppendAsync(Facts($"m{i}", 150), Begin.AddMonths(i));
        var end = storage.Walk();
        Assert.Null(end.Fault);
        Assert.Equal(452, end.Entries);
        Assert.Equal([true, true, false], end.Segments.Select(segment => segment.Closed));

        var read = new List<AuditLine>();
        while (await Open(storage).ReadAsync(read.Count == 0 ? long.MaxValue : read[^1].Number, 70) is { Count: > 0 } page)
            read.AddRange(page);
        Assert.Equal(Enumerable.Range(1, 452).Reverse().Select(number => (long)number), read.Select(line => line.Number));
        Assert.Equal(end.End.Hash, read[0].Hash);
    }

    [Fact]
    public async Task A_fact_that_is_sent_again_is_stored_once_also_by_another_activation()
    {
        var storage = new CrashingStorage();
        await Open(storage).AppendAsync([.. Facts("a", 100), .. Facts("a", 3)], Begin);
        await Open(storage).AppendAsync(Facts("a", 101), Begin.AddMonths(1));
        Assert.Equal(100 + 1 + 1, storage.Walk().Entries);
    }

    [Fact]
    public async Task A_fact_is_known_again_within_the_last_16384_and_not_before()
    {
        var storage = new CrashingStorage();
        var log = Open(storage);
        await log.AppendAsync(Facts("first", 1), Begin);
        for (var i = 0; i < AuditLimits.RepeatsMax; i += 1_024)
            await log.AppendAsync(Facts($"more-{i}", 1_024), Begin);
        var before = storage.Walk().Entries;
        foreach (var next in new[] { log, Open(storage) })
        {
            await next.AppendAsync(Facts("more-0", 1_024), Begin);
            Assert.Equal(before, storage.Walk().Entries);
        }

        await log.AppendAsync(Facts("first", 1), Begin);
        Assert.Equal(before + 1, storage.Walk().Entries);
    }

    // Every write of a run over three months and a removed one is cut once before and once after it is done.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_crash_at_any_write_loses_nothing_and_doubles_nothing(bool after)
    {
        var whole = new CrashingStorage();
        await RunAsync(whole);
        Assert.True(whole.Writes > 20);
        var expected = Ids(await AllAsync(whole));
        for (var crash = 1; crash <= whole.Writes; crash++)
        {
            var storage = new CrashingStorage { CrashAt = crash, CrashAfter = after };
            await RunAsync(storage);
            var walk = storage.Walk();
            Assert.True(walk.Fault is null, $"crash {(after ? "after" : "before")} write {crash}: {walk.Fault}");
            Assert.True(expected.SequenceEqual(Ids(await AllAsync(storage))), $"crash {(after ? "after" : "before")} write {crash}");
        }
    }

    [Fact]
    public async Task Nothing_is_appended_while_the_store_is_away_and_all_of_it_later()
    {
        var storage = new CrashingStorage();
        var log = Open(storage);
        await log.AppendAsync(Facts("a", 1), Begin);
        storage.Away = true;
        await Assert.ThrowsAsync<IOException>(() => log.AppendAsync(Facts("b", 1), Begin));
        storage.Away = false;
        await log.AppendAsync(Facts("b", 1), Begin);
        Assert.Equal(["a/0", "b/0"], Ids(await AllAsync(storage)));
    }

    [Fact]
    public async Task A_clock_that_goes_back_stays_in_the_open_month()
    {
        var storage = new CrashingStorage();
        await Open(storage).AppendAsync(Facts("a", 1), Begin);
        await Open(storage).AppendAsync(Facts("b", 1), Begin.AddMonths(-1));
        Assert.Equal("2026-01", Assert.Single(storage.Walk().Segments).Name);
    }

    [Fact]
    public async Task Months_older_than_the_option_go_as_a_whole_and_the_rest_stays_provable()
    {
        var storage = new CrashingStorage();
        for (var month = 0; month <= KeptMonths + 2; month++)
            await Open(storage).AppendAsync(Facts($"m{month}", 70), Begin.AddMonths(month));
        var walk = storage.Walk();
        Assert.Null(walk.Fault);
        Assert.Equal("2026-03", walk.Segments[0].Name);
        Assert.DoesNotContain(storage.Keys, key => key.StartsWith("2026-02", StringComparison.Ordinal));
        Assert.Contains(await AllAsync(storage), line => line is { Kind: AuditChain.SegmentDropped, Subject: "2026-01" });
    }

    [Theory]
    [InlineData("2026-01/00001")]
    [InlineData("2026-01/00002")]
    [InlineData("head")]
    public async Task Over_a_gap_at_its_end_the_log_does_not_go_on(string row)
    {
        var storage = new CrashingStorage();
        await Open(storage).AppendAsync(Facts("a", 2 * AuditRows.BlockLength), Begin);
        await Open(storage).AppendAsync(Facts("b", 1), Begin);
        storage.Remove(row);
        if (row == "2026-01/00002")
        {
            // Behind what the head knows a cut is not seen: docs/reference/audit.md says so.
            await Open(storage).AppendAsync(Facts("c", 1), Begin);
            return;
        }

        Assert.NotNull(storage.Walk().Fault);
        foreach (var at in new[] { Begin, Begin.AddMonths(1) })
            await Assert.ThrowsAsync<StoreException>(() => Open(storage).AppendAsync(Facts("c", 1), at));
    }

    // Sends each batch until it is taken, by a new activation each time: as an outbox does over a crash.
    private static async Task RunAsync(CrashingStorage storage)
    {
        for (var month = 0; month < 3; month++)
        {
            foreach (var batch in new[] { Facts($"{month}-a", 60), Facts($"{month}-b", 1), Facts($"{month}-c", 70) })
                await UntilTakenAsync(storage, batch, Begin.AddMonths(month));
        }

        await UntilTakenAsync(storage, Facts("late", 1), Begin.AddMonths(KeptMonths + 1));
    }

    private static async Task UntilTakenAsync(CrashingStorage storage, IReadOnlyList<AuditFact> facts, DateTimeOffset at)
    {
        try
        {
            await Open(storage).AppendAsync(facts, at);
        }
        catch (IOException)
        {
            await Open(storage).AppendAsync(facts, at);
        }
    }

    private static AuditLog Open(CrashingStorage storage) => new(new AuditRows(storage), KeptMonths);

    private static async Task<IReadOnlyList<AuditLine>> AllAsync(CrashingStorage storage) => [.. (await Open(storage).ReadAsync(long.MaxValue, int.MaxValue)).Reverse()];

    // What holds the chain together may be there once more after a crash; facts may not.
    private static IEnumerable<string> Ids(IEnumerable<AuditLine> lines) => lines.Where(line => line.Who != AuditChain.Hub).Select(line => line.Id);

    private static List<AuditFact> Facts(string name, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new AuditFact($"{name}/{i.ToString(CultureInfo.InvariantCulture)}", Begin, "sign-in", "alice", "alice", null))];
}

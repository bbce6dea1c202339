using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Accounts;
using Monitoring.Domain.Accounts;
using Monitoring.Harness;
using Monitoring.Silo.Accounts;
using Monitoring.Silo.State;

namespace Monitoring.Host.Tests.Accounts;

/// <summary>The log in a real state file, and somebody at the file with a hex editor.</summary>
public sealed class StoredAuditTests
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Any_flipped_bit_is_named_also_where_the_row_checksum_is_made_anew()
    {
        using var folder = new TemporaryFolder();
        var whole = await FillAsync(folder.Path);
        Assert.Null(whole.Fault);
        const int Seed = 20261122;
        var random = new Random(Seed);
        var named = 0;
        for (var round = 0; round < 200; round++)
        {
            using var file = Open(folder.Path);
            var (key, body, checksum) = Row(file, random.Next(7));
            var flipped = (byte[])body.Clone();
            flipped[random.Next(body.Length)] ^= (byte)(1 << random.Next(8));
            var forged = round % 2 == 0;
            Write(file, key, flipped, forged ? SqliteGrainStorage.Checksum(AuditRows.Kind, key, flipped) : checksum);
            var found = StoredAudit.Walk(folder.Path)!;
            // A flip may leave what the row says as it was: the case of a property name. Then nothing was changed.
            Assert.True(found.Fault is not null || (forged && SaysTheSame(whole, found)), $"seed {Seed}, round {round}, {key}");
            named += found.Fault is null ? 0 : 1;
            Write(file, key, body, checksum);
        }

        Assert.True(named > 150, $"only {named} of 200 flips were named");
        Assert.Null(StoredAudit.Walk(folder.Path)!.Fault);
    }

    [Fact]
    public async Task Each_missing_row_is_named_but_the_open_one_at_the_end()
    {
        using var folder = new TemporaryFolder();
        await FillAsync(folder.Path);
        for (var row = 0; row < 7; row++)
        {
            using var file = Open(folder.Path);
            var (key, body, checksum) = Row(file, row);
            Execute(file, "DELETE FROM grain_state WHERE kind = 'audit' AND key = $key", ("$key", key));
            var fault = StoredAudit.Walk(folder.Path)!.Fault;
            // Less than a block at the open end is what the head row does not know yet: docs/reference/audit.md says so.
            Assert.True(key == "2026-02/00002" ? fault is null : fault is not null, key);
            Execute(file, "INSERT INTO grain_state (kind, key, etag, body, checksum) VALUES ('audit', $key, 1, $body, $sum)", ("$key", key), ("$body", body), ("$sum", checksum));
        }
    }

    [Fact]
    public async Task Verify_says_how_far_the_log_is_whole_or_which_entry_is_not()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var nothing = await HubCommand.RunAsync(["verify", "--data", folder.File("none")], cancellation);
        Assert.Equal(ExitCode.Missing, nothing.ExitCode);

        var whole = await FillAsync(folder.Path);
        var fine = await HubCommand.RunAsync(["verify", "--data", folder.Path], cancellation);
        Assert.Equal(ExitCode.Fine, fine.ExitCode);
        Assert.Contains($"head {whole.End.Number} {whole.End.Hash}", fine.Output, StringComparison.Ordinal);
        Assert.Contains("no release ledger yet", fine.Output, StringComparison.Ordinal);

        using var file = Open(folder.Path);
        var (key, body, _) = Row(file, 1);
        var changed = System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(body).Replace("a/70\"", "b/70\"", StringComparison.Ordinal));
        Write(file, key, changed, SqliteGrainStorage.Checksum(AuditRows.Kind, key, changed));
        var bad = await HubCommand.RunAsync(["verify", "--data", folder.Path], cancellation);
        Assert.Equal(ExitCode.WrongInput, bad.ExitCode);
        Assert.Contains("audit entry 71 (2026-01) is bad: changed", bad.Errors, StringComparison.Ordinal);
    }

    // Two months: blocks 0 to 2 (150 entries and the closing one) and 0 to 2 (130), and the head row.
    private static async Task<AuditWalk> FillAsync(string data)
    {
        using (var store = new SqliteGrainStorage(SqliteGrainStorage.FileIn(data), Options.Create(new StateOptions()), TimeProvider.System, NullLogger.Instance))
        {
            var log = new AuditLog(new AuditRows(store), 24);
            await log.AppendAsync(Facts("a", 150), Begin);
            await log.AppendAsync(Facts("b", 130), Begin.AddMonths(1));
        }

        return StoredAudit.Walk(data)!;
    }

    private static List<AuditFact> Facts(string name, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new AuditFact($"{name}/{i.ToString(CultureInfo.InvariantCulture)}", Begin.AddSeconds(i), "sign-in", "zoë", "zoë", i % 3 == 0 ? null : "password"))];

    private static bool SaysTheSame(AuditWalk one, AuditWalk other) => one.End == other.End && one.Entries == other.Entries;

    private static SqliteConnection Open(string data)
    {
        var file = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = SqliteGrainStorage.FileIn(data), Pooling = false }.ToString());
        file.Open();
        return file;
    }

    private static (string Key, byte[] Body, long Checksum) Row(SqliteConnection file, int number)
    {
        using var command = file.CreateCommand();
        command.CommandText = "SELECT key, body, checksum FROM grain_state WHERE kind = 'audit' ORDER BY key LIMIT 1 OFFSET $number";
        command.Parameters.AddWithValue("$number", number);
        using var row = command.ExecuteReader();
        Assert.True(row.Read());
        return (row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetInt64(2));
    }

    private static void Write(SqliteConnection file, string key, byte[] body, long checksum) =>
        Execute(file, "UPDATE grain_state SET body = $body, checksum = $sum WHERE kind = 'audit' AND key = $key", ("$key", key), ("$body", body), ("$sum", checksum));

    private static void Execute(SqliteConnection file, string sql, params (string Name, object Value)[] values)
    {
        using var command = file.CreateCommand();
#pragma warning disable CA2100 // Fixed text.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }
}

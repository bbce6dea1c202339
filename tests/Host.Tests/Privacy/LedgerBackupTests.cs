using System.Net.Http.Json;
using System.Text.Json;
using Monitoring.Harness;
using Monitoring.Privacy;
using Monitoring.Silo.Privacy;
using Monitoring.Storage;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>The release ledger in a backup, by the real commands on a real hub.</summary>
public sealed class LedgerBackupTests : IDisposable
{
    private static readonly DateOnly Yesterday = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(-1);

    // The hub itself releases nothing, so that nobody but the test writes to the ledger.
    private static readonly string Closed = FixtureSites.Square(1, 60).Replace("    timeZone: Europe/Brussels", "    timeZone: Europe/Brussels\n    release: { class: closed }", StringComparison.Ordinal);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A16_A_hub_on_a_restored_ledger_keeps_what_is_in_it_draws_no_second_number_and_says_so()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (file, restored) = (_folder.File("day.backup"), _folder.File("restored"));
        IReadOnlyList<Released> known;
        await using (var hub = await StartAsync(cancellation))
        {
            using (var store = Open(hub.Data))
                known = store.Fill(Ledgers.On(Yesterday), take: 2);
            var made = await HubCommand.RunAsync(["backup", file, "--data", hub.Data], cancellation);
            Assert.Equal((0, ""), (made.ExitCode, made.Errors));
            Assert.Contains(" 2 releases,", made.Output, StringComparison.Ordinal);
            using (var store = Open(hub.Data))
                store.Fill(Ledgers.On(Yesterday), take: 4);
            var whole = await HubCommand.RunAsync(["verify", "--data", hub.Data], cancellation);
            Assert.Equal((0, ""), (whole.ExitCode, whole.Errors));
            Assert.Contains("releases: 4 of 1 spaces are whole; head 4 ", whole.Output, StringComparison.Ordinal);
        }

        var back = await HubCommand.RunAsync(["restore", file, "--data", restored], cancellation);
        Assert.Equal((0, ""), (back.ExitCode, back.Errors));
        Assert.Contains("No number is released for days that have begun", back.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await HubCommand.RunAsync(["verify", "--data", restored], cancellation)).ExitCode);

        await using var other = await HubUnderTest.StartAsync(restored, ["serve"], cancellation);
        Assert.Contains("it came out of a backup", await ToldAsync(other, cancellation), StringComparison.Ordinal);
        Assert.Contains("The release ledger may be older than what is out", other.Output, StringComparison.Ordinal);
        using var again = Open(restored);
        Assert.Null(again.PutBack);
        Assert.Equal(known, again.Fill(Ledgers.On(Yesterday), take: 2));
        Assert.All(again.Fill(Ledgers.On(Yesterday), skip: 2), released => Assert.Equal((null, ReleaseReason.Restored), (released.Value, released.Reason)));
        Assert.All(again.Fill(Ledgers.On(Yesterday.AddDays(3))), released => Assert.NotNull(released.Value));
        Assert.Null(again.FirstChanged());
    }

    [Fact]
    public async Task A16_A_ledger_that_was_copied_in_by_hand_is_noticed_at_the_start()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var copy = _folder.File("copy.db");
        await using var hub = await StartAsync(cancellation);
        using (var store = Open(hub.Data))
        {
            store.Fill(Ledgers.On(Yesterday), take: 2);
            using (var copying = SqliteFile.Connect(ReleaseStore.FileIn(hub.Data)))
                SqliteFile.Execute(copying, $"VACUUM INTO '{copy}'");
            store.Fill(Ledgers.On(Yesterday), take: 4);
        }

        await hub.StopAsync(cancellation);
        foreach (var left in Directory.EnumerateFiles(Path.Combine(hub.Data, "silo"), "releases.db*"))
            File.Delete(left);
        File.Copy(copy, ReleaseStore.FileIn(hub.Data));
        var older = await HubCommand.RunAsync(["verify", "--data", hub.Data], cancellation);
        Assert.Equal(1, older.ExitCode);
        Assert.Contains("release 4 (no space) is bad", older.Errors, StringComparison.Ordinal);

        await hub.StartAgainAsync(cancellation);
        Assert.Contains("it had come to row 4, change 4, and is now at row 2, change 2", await ToldAsync(hub, cancellation), StringComparison.Ordinal);
        using var again = Open(hub.Data);
        Assert.All(again.Fill(Ledgers.On(Yesterday), skip: 2), released => Assert.Equal(ReleaseReason.Restored, released.Reason));
        Assert.Equal(0, (await HubCommand.RunAsync(["verify", "--data", hub.Data], cancellation)).ExitCode);
    }

    [Fact]
    public async Task Verify_names_the_first_bad_release_with_its_space_and_cell()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var hub = await StartAsync(cancellation);
        var day = Ledgers.On(new DateOnly(2026, 6, 2));
        using (var store = Open(hub.Data))
            store.Fill(day, take: 3);
        using (var hand = SqliteFile.Connect(ReleaseStore.FileIn(hub.Data)))
            SqliteFile.Execute(hand, "UPDATE release SET value = value + 1 WHERE number = 2");

        var bad = await HubCommand.RunAsync(["verify", "--data", hub.Data], cancellation);
        Assert.Equal(1, bad.ExitCode);
        Assert.StartsWith("monitoring: release 2 (square, 2026-06-01T23:00:00Z) is bad: ", bad.Errors, StringComparison.Ordinal);
        Assert.Single(bad.Errors.Trim().Split('\n'));
        Assert.Contains("audit: ", bad.Output, StringComparison.Ordinal);
    }

    private Task<HubUnderTest> StartAsync(CancellationToken cancellation) =>
        HubUnderTest.StartSiteAsync(_folder.File("data"), _folder.Write("site.yaml", Closed), cancellation);

    private static ReleaseStore Open(string data) => ReleaseStore.Open(data, TimeProvider.System.GetUtcNow());

    private static async Task<string> ToldAsync(HubUnderTest hub, CancellationToken cancellation)
    {
        await hub.AddUserAsync("root", "admin", cancellation);
        using var admin = hub.Client();
        admin.DefaultRequestHeaders.Authorization = new("Bearer", await hub.AddTokenAsync("root", "test", cancellation));
        var audit = await admin.GetFromJsonAsync<JsonElement>("api/audit?max=100", cancellation);
        return Assert.Single(audit.GetProperty("entries").EnumerateArray(), entry => entry.GetProperty("kind").GetString() == "ledger-put-back").GetProperty("detail").GetString()!;
    }
}

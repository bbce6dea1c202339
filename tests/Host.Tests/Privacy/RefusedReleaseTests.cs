using System.Net.Http.Json;
using System.Text.Json;
using Monitoring.Harness;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>Cells that were refused a number stand in the audit log.</summary>
public sealed class RefusedReleaseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_refused_stands_in_the_audit_log_once_for_a_day_and_reason_also_after_a_kill()
    {
        using var folder = new TemporaryFolder();
        var data = folder.File("data");
        var day = Ledgers.On(DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(-2));
        using (var ledger = new ReleaseStore(ReleaseStore.FileIn(data)))
        {
            ledger.Fill(day, take: 3);
            ledger.Fill(Ledgers.On(day.Day.Date, version: 2, epsilon: 500_000), skip: 3, take: 5);
        }

        await using var hub = await HubUnderTest.StartAsync(data, ["serve", "--site", folder.Write("site.yaml", FixtureSites.Square(1, 60))], Cancellation);
        using var admin = await hub.NewClientAsync("the-admin", "admin", Cancellation);
        await Waiting.UntilAsync("the refusal is told", async () => (await RefusalsAsync(admin)).Count > 0, TimeSpan.FromMinutes(2), Cancellation);
        await hub.KillAsync();
        await hub.StartAgainAsync(Cancellation);
        await Waiting.UntilAsync("the history is there again", async () => (await admin.GetFromJsonAsync<JsonElement>("api/history/copies", Cancellation)).EnumerateArray().All(copy => !copy.GetProperty("monthsDue").GetBoolean()), TimeSpan.FromMinutes(2), Cancellation);

        var told = Assert.Single(await RefusalsAsync(admin));
        Assert.Equal(
            ("hub", $"square {day.Day.Date:O}", $"flow: terms-changed; from the period on that began at {day.Day.From.AddHours(3).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"),
            (told.GetProperty("who").GetString(), told.GetProperty("subject").GetString(), told.GetProperty("detail").GetString()));
    }

    private static async Task<List<JsonElement>> RefusalsAsync(HttpClient admin) =>
        [.. (await admin.GetFromJsonAsync<JsonElement>("api/audit?max=500", Cancellation)).GetProperty("entries").EnumerateArray().Where(entry => entry.GetProperty("kind").GetString() == "release-refused")];
}

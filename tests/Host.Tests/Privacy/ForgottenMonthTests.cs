using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>A hub whose month of released cells is over its time: it is gone with one entry in the audit log, also after a kill.</summary>
public sealed class ForgottenMonthTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_month_that_goes_stands_in_the_audit_log_once()
    {
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartAsync(
            folder.File("data"), ["serve", "--site", folder.Write("site.yaml", FixtureSites.Square(1, 60)), "--clock", "replay"], Cancellation,
            environment: new Dictionary<string, string> { ["MONITORING__Silo__Releases__RetentionDays"] = "1" });
        using var admin = await hub.NewClientAsync("the-admin", "admin", Cancellation);

        // 31 January in Brussels, then February: of January nothing is younger than a day on the 2nd.
        foreach (var to in (DateTimeOffset[])[new(2026, 1, 30, 23, 0, 0, TimeSpan.Zero), new(2026, 1, 31, 23, 0, 0, TimeSpan.Zero), new(2026, 2, 1, 22, 50, 0, TimeSpan.Zero), new(2026, 2, 1, 22, 55, 0, TimeSpan.Zero)])
            await MoveAsync(admin, to);
        var january = Cells(hub, "< '2026-02-01'");
        Assert.InRange(january, 1, 1_000);

        await MoveAsync(admin, new DateTimeOffset(2026, 2, 2, 12, 0, 0, TimeSpan.Zero));
        await Waiting.UntilAsync("January is forgotten", () => Task.FromResult(Cells(hub, "< '2026-02-01'") == 0), TimeSpan.FromMinutes(2), Cancellation);
        Assert.InRange(Cells(hub, ">= '2026-02-01'"), 1, 1_000);
        await hub.KillAsync();
        await hub.StartAgainAsync(Cancellation);
        await Waiting.UntilAsync(
            "the copies have looked again for months",
            async () => (await admin.GetFromJsonAsync<JsonElement>("api/history/copies", Cancellation)).EnumerateArray().All(copy => !copy.GetProperty("monthsDue").GetBoolean()),
            TimeSpan.FromMinutes(2),
            Cancellation);

        var entries = (await admin.GetFromJsonAsync<JsonElement>("api/audit?max=500", Cancellation)).GetProperty("entries").EnumerateArray().Where(entry => entry.GetProperty("kind").GetString() == "release-forgotten").ToList();
        var entry = Assert.Single(entries);
        Assert.Equal(
            ("hub", "square", $"2026-01: {january} cells and what they cost became the sum of their month; days kept at least: 1"),
            (entry.GetProperty("who").GetString(), entry.GetProperty("subject").GetString(), entry.GetProperty("detail").GetString()));
    }

    private static async Task MoveAsync(HttpClient admin, DateTimeOffset to)
    {
        using var moved = await admin.PostAsJsonAsync("api/clock", new { to }, Cancellation);
        Assert.True(moved.IsSuccessStatusCode, await moved.Content.ReadAsStringAsync(Cancellation));
    }

    private static long Cells(HubUnderTest hub, string days)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(hub.Data, "silo", "releases.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 30 }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Fixed texts of this file.
        command.CommandText = $"SELECT COUNT(*) FROM release WHERE day {days}";
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }
}

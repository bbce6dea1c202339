using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Monitoring.Harness;
using Monitoring.Silo.State;

namespace Monitoring.Host.Tests.Accounts;

public sealed partial class AuditTests
{
    [Fact]
    public async Task Sign_ins_refusals_and_changes_stand_in_the_log_after_a_stop_and_the_chain_is_whole()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSampleCityAsync(folder.File("data"), cancellation);
        var account = hub.DemoAccount("operator");
        Assert.Equal("/", await SignInAsync(hub, account.User, account.Password, cancellation));
        for (var i = 0; i < 3; i++)
            Assert.Contains("wrong", await SignInAsync(hub, account.User, "not-it", cancellation), StringComparison.Ordinal);
        await SignInAsync(hub, "my-password-typed-as-name", "x", cancellation);
        await hub.Command(["users", "add", "eve", "--role", "operator"], cancellation);
        await hub.Command(["tokens", "add", "eve", "one"], cancellation);
        await hub.Command(["tokens", "revoke", "eve", "one"], cancellation);
        await hub.Command(["users", "disable", "eve"], cancellation);
        Assert.NotEqual(0, (await HubCommand.RunAsync(["users", "add", "eve", "--role", "operator", "--data", hub.Data], cancellation)).ExitCode);
        using (var analyst = hub.Client("analyst"))
        {
            for (var i = 0; i < 20; i++)
                Assert.Equal(HttpStatusCode.Forbidden, (await analyst.GetAsync(new Uri("api/audit", UriKind.Relative), cancellation)).StatusCode);
        }

        // While the hub runs, the file is read beside it.
        Assert.Contains("are whole", await hub.Command(["verify"], cancellation), StringComparison.Ordinal);
        Assert.Equal(0, await hub.StopAsync(cancellation));
        await hub.StartAgainAsync(cancellation);

        using var admin = hub.Client("admin");
        var log = await admin.GetFromJsonAsync<JsonElement>("api/audit?max=500", cancellation);
        var entries = log.GetProperty("entries").EnumerateArray().Select(entry => (
            Kind: entry.GetProperty("kind").GetString(),
            Who: entry.GetProperty("who").GetString(),
            Subject: entry.GetProperty("subject").GetString(),
            Detail: entry.GetProperty("detail").GetString())).ToList();
        Assert.Contains(("sign-in", account.User, account.User, "password"), entries);
        Assert.Contains(("account-added", "local", "eve", "operator"), entries);
        Assert.Contains(("not-done", "local", "eve", "account-added"), entries);
        Assert.Contains(("token-added", "local", "eve", "one"), entries);
        Assert.Contains(("token-revoked", "local", "eve", "one"), entries);
        Assert.Contains(("account-disabled", "local", "eve", (string?)null), entries);
        Assert.Contains(entries, entry => entry is { Kind: "site-imported", Subject: "site version 1" });
        Assert.Equal(6, entries.Count(entry => entry is { Kind: "account-added", Who: "hub" }));
        Assert.DoesNotContain("typed-as-name", log.ToString(), StringComparison.Ordinal);

        // Counted per minute: the three may lie in two minutes at the most.
        Assert.Equal(4, Sum(entries, "sign-in-refused", ""));
        Assert.Equal(20, Sum(entries, "denied", "analyst"));
        Assert.InRange(entries.Count(entry => entry.Kind == "denied" && entry.Who == "analyst"), 1, 2);

        var head = log.GetProperty("head");
        var line = $"head {head.GetProperty("number").GetInt64()} {head.GetProperty("hash").GetString()}";
        Assert.Contains(line, await hub.Command(["verify"], cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_log_cannot_be_written_nobody_signs_in_and_nothing_is_changed_but_the_live_state_is_still_told()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSampleCityAsync(folder.File("data"), cancellation);
        Assert.Equal(0, await hub.StopAsync(cancellation));
        using (var file = new SqliteConnection($"Data Source={SqliteGrainStorage.FileIn(hub.Data)};Pooling=False"))
        {
            file.Open();
            using var command = file.CreateCommand();
            command.CommandText = "DELETE FROM grain_state WHERE kind = 'audit' AND key = 'head'";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        await hub.StartAgainAsync(cancellation);
        var account = hub.DemoAccount("operator");
        using var answer = await PostSignInAsync(hub, account.User, account.Password, cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("nothing is done unaudited", await answer.Content.ReadAsStringAsync(cancellation), StringComparison.Ordinal);
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(cookie => cookie.StartsWith("hub-session=", StringComparison.Ordinal)));
        Assert.Equal(ExitCode.WrongInput, (await HubCommand.RunAsync(["verify", "--data", hub.Data], cancellation)).ExitCode);
        Assert.NotEqual(0, (await HubCommand.RunAsync(["users", "disable", "operator", "--data", hub.Data], cancellation)).ExitCode);
        using var watching = hub.Client("operator");
        Assert.Equal(HttpStatusCode.OK, (await watching.GetAsync(new Uri("api/spaces", UriKind.Relative), cancellation)).StatusCode);
    }

    private static long Sum(IEnumerable<(string? Kind, string? Who, string? Subject, string? Detail)> entries, string kind, string who) =>
        entries.Where(entry => entry.Kind == kind && entry.Who == who).Sum(entry => long.Parse(entry.Detail!.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));

    internal static async Task<string> SignInAsync(HubUnderTest hub, string user, string password, CancellationToken cancellation)
    {
        using var answer = await PostSignInAsync(hub, user, password, cancellation);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return answer.Headers.Location!.ToString();
    }

    private static async Task<HttpResponseMessage> PostSignInAsync(HubUnderTest hub, string user, string password, CancellationToken cancellation)
    {
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = hub.Address };
        var page = await browser.GetStringAsync("sign-in", cancellation);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = FormToken().Match(page).Groups[1].Value,
            ["user"] = user,
            ["password"] = password,
        });
        return await browser.PostAsync(new Uri("session", UriKind.Relative), form, cancellation);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}

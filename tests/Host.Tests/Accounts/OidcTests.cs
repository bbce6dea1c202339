using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Accounts;

public sealed partial class OidcTests
{
    private static readonly Uri Begin = new("session/oidc?next=%2Fapi%2Fspaces", UriKind.Relative);
    private static readonly Uri Spaces = new("api/spaces", UriKind.Relative);

    [Fact]
    public async Task A_person_of_the_provider_gets_the_mapped_role_and_whatever_cannot_be_trusted_is_refused()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var provider = await SmallProvider.StartAsync(cancellation);
        await using var hub = await StartAsync(folder, provider.Settings(), cancellation);

        provider.Person = Person("alice", "staff", "hub-operators");
        using (var browser = Browser(hub))
        {
            Assert.Contains("Sign in with your organisation", await browser.GetStringAsync("sign-in", cancellation), StringComparison.Ordinal);
            using var answer = await browser.GetAsync(Begin, cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var page = await answer.Content.ReadAsStringAsync(cancellation);
            // Not a redirect: the cookie of the session is SameSite=Strict.
            Assert.Contains("content=\"0;url=/api/spaces\"", page, StringComparison.Ordinal);
            Assert.Contains(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("hub-session=", StringComparison.Ordinal) && cookie.Contains("samesite=strict", StringComparison.OrdinalIgnoreCase));
            Assert.Contains("form-action 'self'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(Spaces, cancellation)).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync(new Uri("api/audit", UriKind.Relative), cancellation)).StatusCode);

            // The hub keeps no account of hers whose sessions it could end: it says so, and claims nothing.
            var token = FormToken().Match(await browser.GetStringAsync("account", cancellation)).Groups[1].Value;
            using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", WebUtility.HtmlDecode(token))]);
            using var ended = await browser.PostAsync(new Uri("account/sessions/end", UriKind.Relative), form, cancellation);
            Assert.Contains("the hub cannot end its other sessions", await ended.Content.ReadAsStringAsync(cancellation), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(Spaces, cancellation)).StatusCode);
        }

        await RefusedAsync(hub, HttpStatusCode.Forbidden, "no role at this hub", () => provider.Person = Person("bob", "staff"), cancellation);
        provider.Person = Person("alice", "hub-operators");
        await RefusedAsync(hub, HttpStatusCode.BadRequest, "was refused", () => provider.Lie = token => token["nonce"] = "another", cancellation);
        await RefusedAsync(hub, HttpStatusCode.BadRequest, "was refused", () => provider.Lie = token => token["exp"] = token["iat"]!.GetValue<long>() - 3_600, cancellation);
        await RefusedAsync(hub, HttpStatusCode.BadRequest, "was refused", () => provider.Lie = token => token["aud"] = "another-client", cancellation);
        await RefusedAsync(hub, HttpStatusCode.BadRequest, "was refused", () => provider.Lie = token => token["iss"] = "http://127.0.0.1:9", cancellation);
        provider.Lie = _ => { };
        await RefusedAsync(hub, HttpStatusCode.BadRequest, "was refused", () => provider.ForeignKey = true, cancellation);
        provider.ForeignKey = false;
        await RefusedAsync(hub, HttpStatusCode.BadRequest, "was refused", () => provider.State = "forged", cancellation);
        provider.State = null;

        // Refusals are written at the end of their minute, or of the hub.
        Assert.Equal(0, await hub.StopAsync(cancellation));
        await hub.StartAgainAsync(cancellation);
        using var admin = hub.Client();
        var entries = (await admin.GetFromJsonAsync<JsonElement>("api/audit?max=500", cancellation)).GetProperty("entries").EnumerateArray().ToList();
        var signIn = Assert.Single(entries, entry => entry.GetProperty("kind").GetString() == "sign-in");
        Assert.Equal("sso:alice", signIn.GetProperty("who").GetString());
        Assert.Contains("as operator, subject id-of-alice", signIn.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(entries, entry => entry.GetProperty("kind").GetString() == "own-sessions-ended");
        Assert.Contains(entries, entry => entry.GetProperty("kind").GetString() == "sign-in-refused" && entry.GetProperty("who").GetString() == "sso:bob");
        Assert.Contains(entries, entry => entry.GetProperty("kind").GetString() == "sign-in-refused" && entry.GetProperty("detail").GetString()!.Contains("provider's answer refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cookies_on_the_way_to_the_provider_are_lax_and_the_request_carries_a_challenge()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var provider = await SmallProvider.StartAsync(cancellation);
        await using var hub = await StartAsync(folder, provider.Settings(), cancellation);
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = hub.Address };
        using var answer = await browser.GetAsync(Begin, cancellation);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith($"{provider.Authority}/authorize?", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains("code_challenge_method=S256", answer.Headers.Location.Query, StringComparison.Ordinal);
        var cookies = answer.Headers.GetValues("Set-Cookie").ToList();
        Assert.Equal(2, cookies.Count);
        Assert.All(cookies, cookie => Assert.Contains("samesite=lax; httponly", cookie, StringComparison.OrdinalIgnoreCase));

        // The answer to somebody else's question, in a browser that has asked nothing.
        using var foreign = await browser.GetAsync(new Uri("session/oidc/callback?code=x&state=y", UriKind.Relative), cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, foreign.StatusCode);
    }

    [Fact]
    public async Task While_the_provider_is_away_a_page_says_so_and_local_accounts_still_work()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await StartAsync(folder, SmallProvider.SettingsOf("http://127.0.0.1:9"), cancellation);
        using var browser = Browser(hub);
        using var away = await browser.GetAsync(Begin, cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
        Assert.Contains("Local accounts still work", await away.Content.ReadAsStringAsync(cancellation), StringComparison.Ordinal);
        using var watching = await hub.OperatorAsync(cancellation);
        Assert.Equal(HttpStatusCode.OK, (await watching.GetAsync(Spaces, cancellation)).StatusCode);
        Assert.Equal("/", await AuditTests.SignInAsync(hub, "desk", await hub.AddUserAsync("desk", "operator", cancellation), cancellation));
    }

    [Theory]
    [InlineData("Authority", "http://login.example.org", "https")]
    [InlineData("ClientId", "", "needed")]
    [InlineData("Roles", "hub-operators=boss", "roles are")]
    [InlineData("Roles", "", "roles are")]
    [InlineData("SecretFile", "no-such-file", "Secret")]
    [InlineData("Scopes", "profile", "openid")]
    public async Task A_provider_that_cannot_be_trusted_or_used_is_refused_at_start(string setting, string value, string expected)
    {
        var settings = SmallProvider.SettingsOf("http://127.0.0.1:9");
        settings[$"MONITORING__Dashboard__Oidc__{setting}"] = value;
        using var folder = new TemporaryFolder();
        var refused = await HubCommand.RunAsync(["serve", "--data", folder.File("data")], TestContext.Current.CancellationToken, settings);
        Assert.Equal(ExitCode.WrongInput, refused.ExitCode);
        Assert.Contains($"Dashboard:Oidc:{setting}", refused.Errors, StringComparison.Ordinal);
        Assert.Contains(expected, refused.Errors, StringComparison.Ordinal);
    }

    // A square costs less than the sample city, whose own equipment speaks all the time.
    private static Task<HubUnderTest> StartAsync(TemporaryFolder folder, Dictionary<string, string> settings, CancellationToken cancellation) =>
        HubUnderTest.StartAsync(folder.File("data"), ["serve", "--site", folder.Write("site.yaml", FixtureSites.Square(1, 600))], cancellation, environment: settings);

    private static async Task RefusedAsync(HubUnderTest hub, HttpStatusCode status, string says, Action lie, CancellationToken cancellation)
    {
        lie();
        using var browser = Browser(hub);
        using var answer = await browser.GetAsync(Begin, cancellation);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(says, await answer.Content.ReadAsStringAsync(cancellation), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync(Spaces, cancellation)).StatusCode);
    }

    private static JsonObject Person(string name, params string[] roles) => new()
    {
        ["sub"] = $"id-of-{name}",
        ["preferred_username"] = name,
        ["roles"] = new JsonArray([.. roles.Select(role => (JsonNode)role)]),
    };

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();

    private static HttpClient Browser(HubUnderTest hub) => new(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = hub.Address };
}

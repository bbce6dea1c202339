using System.Globalization;
using System.Net;
using System.Reflection;
using System.Security.Claims;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Accounts;
using Monitoring.Dashboard.Accounts;
using Monitoring.Domain;
using Monitoring.Domain.Accounts;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Accounts;

/// <summary>Sessions end: at their time, by their owner, and with what their account may do.</summary>
public sealed class SessionTests
{
    private const string NewPassword = "blue kettle walks north";

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    private static readonly IReadOnlyDictionary<string, string> Quick = new Dictionary<string, string> { ["MONITORING__Dashboard__SignIn__RevalidateSeconds"] = "1", ["MONITORING__Dashboard__SignIn__AttemptsMax"] = "1000" };

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public async Task A_session_ends_at_its_end_to_the_second_and_not_before(int secondsAfterEnd, bool stands)
    {
        var end = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var account = new Account("eve", Role.Operator, "", "stamp", Disabled: false);
        var check = new SessionCheck(Fake<IGrainFactory>(_ => Fake<IAccountsGrain>(_ => Task.FromResult<Account?>(account))), new HubClock(ClockKind.Wall, new Still(end.AddSeconds(secondsAfterEnd))), Options.Create(new SignInOptions()), Options.Create(new OidcOptions()));
        var principal = HubClaims.Of(account, SessionCookie.Scheme);
        Assert.False(await check.StandsAsync(principal, TestContext.Current.CancellationToken));
        ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim(HubClaims.Until, end.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        Assert.Equal(stands, await check.StandsAsync(principal, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_disabled_account_loses_its_open_stream_and_its_session()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await StartAsync(folder, cancellation);
        using var browser = await SignedInAsync(hub, "eve", cancellation);
        using var stream = await browser.Http.GetAsync(new Uri("api/spaces/square/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        var ended = stream.Content.CopyToAsync(Stream.Null, cancellation);

        await hub.Command(["users", "disable", "eve"], cancellation);
        await ended.WaitAsync(Within, cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.StatusAsync("api/spaces", cancellation));
    }

    [Fact]
    public async Task All_my_sessions_end_at_once_and_tokens_stay()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await StartAsync(folder, cancellation);
        var password = await hub.Command(["users", "add", "eve", "--role", "operator"], cancellation);
        var token = await hub.Command(["tokens", "add", "eve", "wall"], cancellation);
        using var here = new FormBrowser(hub);
        using var elsewhere = new FormBrowser(hub);
        await here.SignInAsync("eve", password, cancellation);
        await elsewhere.SignInAsync("eve", password, cancellation);

        using var answer = await here.PostAsync("account", "account/sessions/end", cancellation);
        Assert.Equal("/sign-in", answer.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.Unauthorized, await here.StatusAsync("api/spaces", cancellation));
        Assert.Equal(HttpStatusCode.Unauthorized, await elsewhere.StatusAsync("api/spaces", cancellation));
        using var program = new HttpClient { BaseAddress = hub.Address };
        program.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.NotEmpty(await program.GetStringAsync("api/spaces", cancellation));

        // A token must not become a password or a passkey.
        using var account = await program.GetAsync(new Uri("account", UriKind.Relative), cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, account.StatusCode);
    }

    [Fact]
    public async Task A_passkey_that_is_not_there_is_not_said_to_be_removed()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await StartAsync(folder, cancellation);
        using var browser = new FormBrowser(hub);
        await browser.SignInAsync("eve", await hub.Command(["users", "add", "eve", "--role", "operator"], cancellation), cancellation);
        using var answer = await browser.PostAsync("account", "account/passkeys/remove", cancellation, ("id", "no-such-key"));
        Assert.Equal("/account?problem=passkey", answer.Headers.Location?.ToString());
        using var admin = hub.Client();
        Assert.DoesNotContain("passkey-removed", await admin.GetStringAsync("api/audit?max=500", cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_password_of_ones_own_needs_the_old_one_and_ends_the_other_sessions()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await StartAsync(folder, cancellation);
        var old = await hub.Command(["users", "add", "eve", "--role", "operator"], cancellation);
        using var here = new FormBrowser(hub);
        using var elsewhere = new FormBrowser(hub);
        await here.SignInAsync("eve", old, cancellation);
        await elsewhere.SignInAsync("eve", old, cancellation);

        Assert.Equal("/account?problem=current", await ChangeAsync(here, "wrong", NewPassword, NewPassword, cancellation));
        Assert.Equal("/account?problem=again", await ChangeAsync(here, old, NewPassword, "another", cancellation));
        Assert.Equal("/account?problem=password", await ChangeAsync(here, old, "tooshort", "tooshort", cancellation));
        Assert.Equal("/account?done=password", await ChangeAsync(here, old, NewPassword, NewPassword, cancellation));

        Assert.Equal(HttpStatusCode.OK, await here.StatusAsync("api/spaces", cancellation));
        Assert.Equal(HttpStatusCode.Unauthorized, await elsewhere.StatusAsync("api/spaces", cancellation));
        Assert.Equal("/sign-in?wrong=1", await elsewhere.SignInAsync("eve", old, cancellation));
        Assert.Equal("/", await elsewhere.SignInAsync("eve", NewPassword, cancellation));
    }

    [Fact]
    public async Task Cookies_are_out_of_reach_of_scripts_and_other_sites_and_leave_over_tls_only_but_on_this_machine()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await StartAsync(folder, cancellation);
        var password = await hub.Command(["users", "add", "eve", "--role", "operator"], cancellation);
        using var browser = new FormBrowser(hub);
        using var local = await browser.PostAsync("sign-in", "session", cancellation, ("user", "eve"), ("password", password));
        var cookie = Assert.Single(local.Headers.GetValues("Set-Cookie"), value => value.StartsWith("hub-session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("sign-in", UriKind.Relative));
        request.Headers.Host = "hub.example.org";
        using var elsewhere = new HttpClient { BaseAddress = hub.Address };
        using var page = await elsewhere.SendAsync(request, cancellation);
        Assert.Contains(page.Headers.GetValues("Set-Cookie"), value => value.StartsWith("hub-form=", StringComparison.Ordinal) && value.Contains("secure", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Whoever_sends_a_form_while_nothing_can_be_stored_sees_a_page_that_says_so_and_a_program_a_problem()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await StartAsync(folder, cancellation);
        var password = await hub.Command(["users", "add", "eve", "--role", "operator"], cancellation);
        using var browser = new FormBrowser(hub);

        using (HeldStore.State(folder.File("data")))
        {
            using (var program = await browser.PostAsync("sign-in", "session", cancellation, ("user", "eve"), ("password", password)))
                Assert.Equal((HttpStatusCode.ServiceUnavailable, "application/problem+json"), (program.StatusCode, program.Content.Headers.ContentType?.MediaType));
            browser.Http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
            using var page = await browser.PostAsync("sign-in", "session", cancellation, ("user", "eve"), ("password", password));
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
            Assert.NotNull(page.Headers.RetryAfter);
            Assert.Contains("Nothing was changed: the hub cannot write to its disk.", await page.Content.ReadAsStringAsync(cancellation), StringComparison.Ordinal);
        }

        Assert.Equal("/", await browser.SignInAsync("eve", password, cancellation));
    }

    private static async Task<FormBrowser> SignedInAsync(HubUnderTest hub, string user, CancellationToken cancellation)
    {
        var browser = new FormBrowser(hub);
        Assert.Equal("/", await browser.SignInAsync(user, await hub.Command(["users", "add", user, "--role", "operator"], cancellation), cancellation));
        return browser;
    }

    private static async Task<string?> ChangeAsync(FormBrowser browser, string current, string password, string again, CancellationToken cancellation)
    {
        using var answer = await browser.PostAsync("account", "account/password", cancellation, ("current", current), ("password", password), ("again", again));
        return answer.Headers.Location?.ToString();
    }

    private static Task<HubUnderTest> StartAsync(TemporaryFolder folder, CancellationToken cancellation) =>
        HubUnderTest.StartAsync(folder.File("data"), ["serve", "--site", folder.Write("site.yaml", FixtureSites.Square(1, 2))], cancellation, environment: Quick);

    private static T Fake<T>(Func<MethodInfo, object> answer)
        where T : class
    {
        var fake = DispatchProxy.Create<T, Answers>();
        ((Answers)(object)fake).Answer = answer;
        return fake;
    }

    /// <summary>Answers every call of an interface alike.</summary>
    public class Answers : DispatchProxy
    {
        public Func<MethodInfo, object>? Answer { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Answer!(targetMethod!);
    }

    private sealed class Still(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

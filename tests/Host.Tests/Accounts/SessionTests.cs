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
public sealed class SessionTests(RunningSquare square) : IClassFixture<RunningSquare>
{
    private const string NewPassword = "blue kettle walks north";

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

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
        using var browser = await SignedInAsync(square.Hub, "abel", cancellation);
        using var stream = await browser.Http.GetAsync(new Uri("api/spaces/square/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        var ended = stream.Content.CopyToAsync(Stream.Null, cancellation);

        await square.Hub.Command(["users", "disable", "abel"], cancellation);
        await ended.WaitAsync(Within, cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.StatusAsync("api/spaces", cancellation));
    }

    [Fact]
    public async Task All_my_sessions_end_at_once_and_tokens_stay()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var password = await square.Hub.AddUserAsync("bela", "operator", cancellation);
        var token = await square.Hub.AddTokenAsync("bela", "wall", cancellation);
        using var here = new FormBrowser(square.Hub);
        using var elsewhere = new FormBrowser(square.Hub);
        await here.SignInAsync("bela", password, cancellation);
        await elsewhere.SignInAsync("bela", password, cancellation);

        using var answer = await here.PostAsync("account", "account/sessions/end", cancellation);
        Assert.Equal("/sign-in", answer.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.Unauthorized, await here.StatusAsync("api/spaces", cancellation));
        Assert.Equal(HttpStatusCode.Unauthorized, await elsewhere.StatusAsync("api/spaces", cancellation));
        using var program = new HttpClient { BaseAddress = square.Hub.Address };
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
        using var browser = new FormBrowser(square.Hub);
        await browser.SignInAsync("cleo", await square.Hub.AddUserAsync("cleo", "operator", cancellation), cancellation);
        using var answer = await browser.PostAsync("account", "account/passkeys/remove", cancellation, ("id", "no-such-key"));
        Assert.Equal("/account?problem=passkey", answer.Headers.Location?.ToString());
        using var admin = square.Hub.Client();
        Assert.DoesNotContain("passkey-removed", await admin.GetStringAsync("api/audit?max=500", cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_password_of_ones_own_needs_the_old_one_and_ends_the_other_sessions()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var old = await square.Hub.AddUserAsync("dora", "operator", cancellation);
        using var here = new FormBrowser(square.Hub);
        using var elsewhere = new FormBrowser(square.Hub);
        await here.SignInAsync("dora", old, cancellation);
        await elsewhere.SignInAsync("dora", old, cancellation);

        Assert.Equal("/account?problem=current", await ChangeAsync(here, "wrong", NewPassword, NewPassword, cancellation));
        Assert.Equal("/account?problem=again", await ChangeAsync(here, old, NewPassword, "another", cancellation));
        Assert.Equal("/account?problem=password", await ChangeAsync(here, old, "tooshort", "tooshort", cancellation));
        Assert.Equal("/account?done=password", await ChangeAsync(here, old, NewPassword, NewPassword, cancellation));

        Assert.Equal(HttpStatusCode.OK, await here.StatusAsync("api/spaces", cancellation));
        Assert.Equal(HttpStatusCode.Unauthorized, await elsewhere.StatusAsync("api/spaces", cancellation));
        Assert.Equal("/sign-in?wrong=1", await elsewhere.SignInAsync("dora", old, cancellation));
        Assert.Equal("/", await elsewhere.SignInAsync("dora", NewPassword, cancellation));
    }

    [Fact]
    public async Task Cookies_are_out_of_reach_of_scripts_and_other_sites_and_leave_over_tls_only_but_on_this_machine()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var password = await square.Hub.AddUserAsync("emil", "operator", cancellation);
        using var browser = new FormBrowser(square.Hub);
        using var local = await browser.PostAsync("sign-in", "session", cancellation, ("user", "emil"), ("password", password));
        var cookie = Assert.Single(local.Headers.GetValues("Set-Cookie"), value => value.StartsWith("hub-session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("sign-in", UriKind.Relative));
        request.Headers.Host = "square.Hub.example.org";
        using var elsewhere = new HttpClient { BaseAddress = square.Hub.Address };
        using var page = await elsewhere.SendAsync(request, cancellation);
        Assert.Contains(page.Headers.GetValues("Set-Cookie"), value => value.StartsWith("hub-form=", StringComparison.Ordinal) && value.Contains("secure", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Whoever_sends_a_form_while_nothing_can_be_stored_sees_a_page_that_says_so_and_a_program_a_problem()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var password = await square.Hub.AddUserAsync("fred", "operator", cancellation);
        using var browser = new FormBrowser(square.Hub);

        using (HeldStore.State(square.Hub.Data))
        {
            using (var program = await browser.PostAsync("sign-in", "session", cancellation, ("user", "fred"), ("password", password)))
                Assert.Equal((HttpStatusCode.ServiceUnavailable, "application/problem+json"), (program.StatusCode, program.Content.Headers.ContentType?.MediaType));
            browser.Http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
            using var page = await browser.PostAsync("sign-in", "session", cancellation, ("user", "fred"), ("password", password));
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
            Assert.NotNull(page.Headers.RetryAfter);
            Assert.Contains("Nothing was changed: the hub cannot write to its disk.", await page.Content.ReadAsStringAsync(cancellation), StringComparison.Ordinal);
        }

        Assert.Equal("/", await browser.SignInAsync("fred", password, cancellation));
    }

    private static async Task<FormBrowser> SignedInAsync(HubUnderTest hub, string user, CancellationToken cancellation)
    {
        var browser = new FormBrowser(hub);
        Assert.Equal("/", await browser.SignInAsync(user, await hub.AddUserAsync(user, "operator", cancellation), cancellation));
        return browser;
    }

    private static async Task<string?> ChangeAsync(FormBrowser browser, string current, string password, string again, CancellationToken cancellation)
    {
        using var answer = await browser.PostAsync("account", "account/password", cancellation, ("current", current), ("password", password), ("again", again));
        return answer.Headers.Location?.ToString();
    }

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

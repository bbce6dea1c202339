using System.Net;
using System.Text.RegularExpressions;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Accounts;

/// <summary>The first administrator of a hub without accounts.</summary>
[Collection(SampleCityTests.Name)]
public sealed partial class SetUpTests(RunningCity city)
{
    private const string Password = "blue kettle walks north";

    [Fact]
    public async Task The_secret_of_the_console_makes_the_first_administrator_and_then_there_is_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await StartAsync(folder, cancellation);
        var secret = SecretOf(hub);
        using var browser = new FormBrowser(hub);
        Assert.Contains("/setup", await browser.Http.GetStringAsync("sign-in", cancellation), StringComparison.Ordinal);

        // A wrong guess, a name that does not fit, a common password: each is said, and none burns the secret.
        Assert.Equal("/setup?problem=secret", await SetUpAsync(browser, "wrong", "chief", Password, cancellation));
        Assert.Equal("/setup?problem=user", await SetUpAsync(browser, secret, "hub", Password, cancellation));
        Assert.Equal("/setup?problem=password", await SetUpAsync(browser, secret, "chief", "password12345", cancellation));
        Assert.Equal("/", await SetUpAsync(browser, secret.ToUpperInvariant().Replace("-", " ", StringComparison.Ordinal), "Chief", Password, cancellation));

        Assert.Equal(HttpStatusCode.OK, await browser.StatusAsync("api/accounts", cancellation));
        Assert.Equal(HttpStatusCode.NotFound, await browser.StatusAsync("setup", cancellation));
        using var late = new FormBrowser(hub);
        using var answer = await late.PostAsync("sign-in", "setup", cancellation, ("secret", secret), ("user", "second"), ("password", Password), ("again", Password));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("chief\tadmin", await hub.Command(["users", "list"], cancellation));
        Assert.Equal("/", await late.SignInAsync("chief", Password, cancellation));
    }

    [Fact]
    public async Task Of_many_at_the_same_moment_one_becomes_the_first()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await StartAsync(folder, cancellation);
        var secret = SecretOf(hub);
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(async n =>
        {
            using var browser = new FormBrowser(hub);
            return await SetUpAsync(browser, secret, $"chief-{n}", Password, cancellation);
        }));
        Assert.Single(all, "/");
        Assert.Single((await hub.Command(["users", "list"], cancellation)).Split('\n'));
    }

    [Fact]
    public async Task Each_start_without_an_account_makes_another_secret_and_the_first_account_ends_it()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await StartAsync(folder, cancellation);
        var first = SecretOf(hub);
        await hub.StopAsync(cancellation);
        await hub.StartAgainAsync(cancellation);
        var second = Secrets().Matches(hub.Output).Select(match => match.Groups[1].Value).Last();
        Assert.NotEqual(first, second);
        using var browser = new FormBrowser(hub);
        Assert.Equal("/setup?problem=secret", await SetUpAsync(browser, first, "chief", Password, cancellation));

        await hub.Command(["users", "add", "chief", "--role", "admin"], cancellation);
        Assert.Equal(HttpStatusCode.NotFound, await browser.StatusAsync("setup", cancellation));
        await hub.StopAsync(cancellation);
        await hub.StartAgainAsync(cancellation);
        Assert.Equal(2, Secrets().Count(hub.Output));
    }

    [Fact]
    public async Task Guesses_are_limited_and_the_sample_city_has_no_set_up()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await StartAsync(folder, cancellation, ("Dashboard__SignIn__AttemptsMax", "3"));
        using var browser = new FormBrowser(hub);
        for (var i = 0; i < 3; i++)
            Assert.Equal("/setup?problem=secret", await SetUpAsync(browser, "wrong", "chief", Password, cancellation));
        Assert.Equal("TooManyRequests", await SetUpAsync(browser, SecretOf(hub), "chief", Password, cancellation));

        Assert.DoesNotContain("setup http", city.Hub.Output, StringComparison.Ordinal);
        using var visitor = new FormBrowser(city.Hub);
        Assert.Equal(HttpStatusCode.NotFound, await visitor.StatusAsync("setup", cancellation));
    }

    private static async Task<string?> SetUpAsync(FormBrowser browser, string secret, string user, string password, CancellationToken cancellation)
    {
        using var answer = await browser.PostAsync("setup", "setup", cancellation, ("secret", secret), ("user", user), ("password", password), ("again", password));
        return answer.StatusCode == HttpStatusCode.SeeOther ? answer.Headers.Location?.ToString() : answer.StatusCode.ToString();
    }

    private static Task<HubUnderTest> StartAsync(TemporaryFolder folder, CancellationToken cancellation, params (string Name, string Value)[] settings) => HubUnderTest.StartAsync(
        folder.File("data"),
        ["serve", "--site", folder.Write("site.yaml", FixtureSites.Square(1, 2))],
        cancellation,
        environment: settings.ToDictionary(setting => $"MONITORING__{setting.Name}", setting => setting.Value));

    private static string SecretOf(HubUnderTest hub) => Assert.Single(Secrets().Matches(hub.Output)).Groups[1].Value;

    [GeneratedRegex("^setup http://localhost:[0-9]+/setup secret ([a-z0-9-]+)", RegexOptions.Multiline)]
    private static partial Regex Secrets();
}

using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Monitoring.Harness;
using static Microsoft.Playwright.Assertions;

namespace Monitoring.Browser.Tests.Accounts;

/// <summary>From the first start to a session, in a real browser. By name, because a passkey cannot be bound to an IP address.</summary>
public sealed partial class SignInTests(Chromium chromium)
{
    private const string Password = "blue kettle walks north";

    [Fact]
    public async Task The_first_start_is_set_up_with_the_secret_of_the_console()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await StartAsync(folder, cancellation);
        await using var watched = await chromium.OpenAsync(ByName(hub));
        var page = watched.Page;
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Set it up" }).ClickAsync();
        await watched.KeepLooksAsync("setup");

        await FillAsync(page, "not-the-secret", "chief");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("set-up secret");
        await Expect(page.Locator("#secret")).ToHaveValueAsync("not-the-secret");
        await Expect(page.Locator("#secret")).ToBeFocusedAsync();
        await Expect(page.Locator("#user")).ToHaveValueAsync("chief");
        await Expect(page.Locator("#password")).ToHaveValueAsync("");
        await watched.KeepLooksAsync("setup-wrong");

        await FillAsync(page, Secret().Match(hub.Output).Groups[1].Value, "chief");
        await Expect(page.Locator(".menu .user")).ToContainTextAsync("chief");
        await page.GotoAsync("/setup");
        await Expect(page.Locator("#secret")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_passkey_is_added_with_the_password_and_opens_the_hub_without_it_even_while_it_is_locked()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await StartAsync(folder, cancellation);
        var password = await hub.AddUserAsync("duty", "operator", cancellation);
        await using var watched = await chromium.OpenAsync(ByName(hub));
        var page = watched.Page;
        await AddAuthenticatorAsync(page);
        await watched.SignInAsync("duty", password);
        await Expect(page.Locator(".menu .user")).ToContainTextAsync("duty");
        await page.GotoAsync("/account");
        await watched.KeepLooksAsync("account-no-passkey");

        await AddPasskeyAsync(page, "wrong");
        await Expect(page.Locator("#passkey-add .wrong")).ToContainTextAsync("password is wrong");
        await AddPasskeyAsync(page, password);
        await Expect(page.Locator(".rows .row-name")).ToContainTextAsync("Control desk");
        await watched.KeepLooksAsync("account", [400]);

        // Somebody guesses until the password is locked: the passkey opens all the same, twice, with its counter going on.
        await page.ClickAsync("text=End all my sessions");
        await Expect(page.Locator("#password")).ToBeVisibleAsync();
        for (var i = 0; i < 3; i++)
            await watched.SignInAsync("duty", "wrong");
        await watched.SignInAsync("duty", password);
        await Expect(page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("locked for a while");
        await watched.KeepLooksAsync("sign-in-locked", [400]);
        await page.GotoAsync("/sign-in");
        await Expect(page.Locator("#passkey-sign-in")).ToBeVisibleAsync();
        await watched.KeepLooksAsync("sign-in", [400]);
        for (var i = 0; i < 2; i++)
        {
            await page.GotoAsync("/sign-in");
            await page.ClickAsync("#passkey-sign-in button");
            await Expect(page.Locator(".menu .user")).ToContainTextAsync("duty");
            await page.ClickAsync(".menu summary");
            await page.ClickAsync("text=Sign out");
        }

        await page.ClickAsync("#passkey-sign-in button");
        await Expect(page.Locator(".menu .user")).ToContainTextAsync("duty");
        await page.GotoAsync("/account");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove the passkey" }).ClickAsync();
        await Expect(page.Locator(".rows")).ToHaveCountAsync(0);
        await page.GotoAsync("/sign-in");
        await page.ClickAsync("#passkey-sign-in button");
        await Expect(page.Locator("#passkey-sign-in .wrong")).ToContainTextAsync("does not open this hub");
    }

    [Fact]
    public async Task A_disabled_account_is_not_opened_by_its_passkey_and_an_open_page_ends()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await StartAsync(folder, cancellation);
        var password = await hub.AddUserAsync("duty", "operator", cancellation);
        await using var watched = await chromium.OpenAsync(ByName(hub));
        var page = watched.Page;
        await AddAuthenticatorAsync(page);
        await watched.SignInAsync("duty", password);
        await page.GotoAsync("/account");
        await AddPasskeyAsync(page, password);
        await Expect(page.Locator(".rows .row-name")).ToBeVisibleAsync();
        await page.GotoAsync("/");
        await Expect(page.Locator("[data-space=square]").First).ToBeVisibleAsync();
        await Expect(page.Locator("[data-beat]").First).ToBeVisibleAsync();

        await hub.Command(["users", "disable", "duty"], cancellation);
        await Expect(page.Locator("body")).ToContainTextAsync("session has ended");
        await page.GotoAsync("/sign-in");
        await page.ClickAsync("#passkey-sign-in button");
        await Expect(page.Locator("#passkey-sign-in .wrong")).ToContainTextAsync("does not open this hub");
    }

    [Fact]
    public async Task By_an_ip_address_no_passkey_is_offered()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await StartAsync(folder, cancellation);
        await using var watched = await chromium.OpenAsync(hub.Address);
        await watched.Page.GotoAsync("/sign-in");
        await watched.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await Expect(watched.Page.Locator("#passkey-sign-in")).ToBeHiddenAsync();
        Assert.Empty(watched.Errors);
    }

    private static Uri ByName(HubUnderTest hub) => new($"http://localhost:{hub.Ports.Http}/");

    private static Task<HubUnderTest> StartAsync(TemporaryFolder folder, CancellationToken cancellation) => HubUnderTest.StartAsync(
        folder.File("data"),
        ["serve", "--site", folder.Write("site.yaml", FixtureSites.Square(1, 2))],
        cancellation,
        environment: new Dictionary<string, string>
        {
            ["MONITORING__Silo__Accounts__WrongPasswordsMax"] = "3",
            ["MONITORING__Dashboard__SignIn__RevalidateSeconds"] = "1",
        });

    // A security key with a PIN, played by the browser.
    private static async Task AddAuthenticatorAsync(IPage page)
    {
        var devtools = await page.Context.NewCDPSessionAsync(page);
        await devtools.SendAsync("WebAuthn.enable");
        await devtools.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }

    private static async Task AddPasskeyAsync(IPage page, string password)
    {
        await page.FillAsync("#passkey-name", "Control desk");
        await page.FillAsync("#passkey-password", password);
        await page.ClickAsync("#passkey-add button");
    }

    private static async Task FillAsync(IPage page, string secret, string user)
    {
        await page.FillAsync("#secret", secret);
        await page.FillAsync("#user", user);
        await page.FillAsync("#password", Password);
        await page.FillAsync("#again", Password);
        await page.ClickAsync("button[type=submit]");
    }

    [GeneratedRegex("^setup http://localhost:[0-9]+/setup secret ([a-z0-9-]+)", RegexOptions.Multiline)]
    private static partial Regex Secret();
}

using Microsoft.Playwright;
using Monitoring.Harness;
using static Microsoft.Playwright.Assertions;

namespace Monitoring.Browser.Tests.Accounts;

/// <summary>Administrators change accounts on a page.</summary>
public sealed class AdministrationTests(Chromium chromium, SampleCity city)
{
    [Fact]
    public async Task An_account_is_added_limited_given_a_token_reset_and_disabled()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSampleCityAsync(folder.File("data"), cancellation);
        var admin = hub.DemoAccount("admin");
        await using var watched = await chromium.OpenAsync(hub.Address);
        var page = watched.Page;
        await watched.SignInAsync(admin.User, admin.Password);
        await page.GotoAsync("/administration");
        await Expect(page.Locator("tr[data-user]")).ToHaveCountAsync(6);

        await page.FillAsync("#user", "eve");
        await page.SelectOptionAsync("#role", "operator");
        await page.Locator("#add-spaces [data-some]").ClickAsync();
        await page.ClickAsync("#account-add button");
        await Expect(page.Locator("#add-spaces [data-none]")).ToBeVisibleAsync();
        await page.Locator("#add-spaces [data-space-id]").Last.ClickAsync();
        var last = await page.Locator("#add-spaces [data-space-id]").Last.GetAttributeAsync("value");
        await page.ClickAsync("#account-add button");
        await Expect(page.Locator("#secret-title")).ToHaveTextAsync("Password of eve");
        var password = await page.Locator("#secret-value").InnerTextAsync();
        await Expect(Row(page)).ToContainTextAsync(last!);
        await Expect(page.Locator("#user")).ToHaveValueAsync("");
        await watched.KeepLooksAsync("administration-secret");
        await page.ClickAsync("#secret-done");

        await ChangeAsync(page, "scope", () => page.Locator("#ask-spaces").GetByText("nice-massena").ClickAsync());
        await Expect(Row(page)).ToContainTextAsync("nice-massena");
        await ChangeAsync(page, "token", () => page.FillAsync("#ask-input", "wall"));
        await Expect(page.Locator("#secret-title")).ToHaveTextAsync("Token wall of eve");
        var token = await page.Locator("#secret-value").InnerTextAsync();
        await page.ClickAsync("#secret-done");
        await Expect(Row(page)).ToContainTextAsync("wall");
        await watched.KeepLooksAsync("administration");

        using var program = new HttpClient { BaseAddress = hub.Address };
        program.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Contains("nice-massena", await program.GetStringAsync("api/spaces", cancellation), StringComparison.Ordinal);

        await ChangeAsync(page, "revoke");
        await Expect(Row(page)).Not.ToContainTextAsync("wall");
        await ChangeAsync(page, "reset");
        await Expect(page.Locator("#secret-value")).Not.ToHaveTextAsync(password);
        await page.ClickAsync("#secret-done");
        await Row(page).Locator("[data-act=disable]").ClickAsync();
        await Expect(page.Locator("#ask-yes")).ToHaveClassAsync("danger");
        await page.ClickAsync("#ask-yes");
        await Expect(Row(page)).ToContainTextAsync("disabled");
        await ChangeAsync(page, "enable");
        await Expect(Row(page)).ToContainTextAsync("enabled");

        await page.FillAsync("#user", "eve");
        await page.ClickAsync("#account-add button");
        await Expect(page.Locator("#problem")).ToContainTextAsync("taken");

        // The browser itself notes the answer 409 in its console; nothing else may be there.
        Assert.All(watched.Errors, error => Assert.Contains("409", error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_else_sees_the_page()
    {
        var hub = await city.HubAsync();
        foreach (var role in new[] { "operator", "technician" })
        {
            var account = hub.DemoAccount(role);
            await using var watched = await chromium.OpenAsync(hub.Address);
            await watched.SignInAsync(account.User, account.Password);
            await Expect(watched.Page.Locator("main h2, main table").First).ToBeVisibleAsync();
            var answer = await watched.Page.GotoAsync("/administration");
            Assert.Equal(403, answer!.Status);
            await AssertRefusedAsync(watched, "Not for this account");
            await watched.KeepLooksAsync($"refused-{role}", [403]);

            answer = await watched.Page.GotoAsync("/nope");
            Assert.Equal(404, answer!.Status);
            await AssertRefusedAsync(watched, "Nothing here");
            await watched.KeepLooksAsync($"nothing-here-{role}", [403, 404]);
            var program = await watched.Page.EvaluateAsync<string>("async () => (await fetch('/nope')).headers.get('Content-Type')");
            Assert.StartsWith("application/problem+json", program, StringComparison.Ordinal);
            await watched.Page.ClickAsync("main a.button");
            await Expect(watched.Page.Locator("main h2, main table").First).ToBeVisibleAsync();
        }
    }

    private static async Task AssertRefusedAsync(WatchedPage watched, string title)
    {
        await Expect(watched.Page.Locator("main h1")).ToHaveTextAsync(title);
        await Expect(watched.Page.Locator(".nav a").First).ToBeVisibleAsync();
    }

    private static ILocator Row(IPage page) => page.Locator("tr[data-user=eve]");

    private static async Task ChangeAsync(IPage page, string act, Func<Task>? fill = null)
    {
        await Row(page).Locator($"[data-act={act}]").ClickAsync();
        if (fill is not null)
            await fill();
        await page.ClickAsync("#ask-yes");
    }
}

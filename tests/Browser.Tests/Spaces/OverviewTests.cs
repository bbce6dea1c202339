using Microsoft.Playwright;
using Monitoring.Harness;
using static Microsoft.Playwright.Assertions;

namespace Monitoring.Browser.Tests.Spaces;

/// <summary>The overview in a real browser, on a real hub.</summary>
public sealed class OverviewTests(Chromium chromium, SampleCity city)
{
    /// <summary>Ten times the target of 5 s for greying and 3 s for coming back.</summary>
    private const float LostWithinMs = 50_000;
    private const float BackWithinMs = 30_000;

    [Fact]
    public async Task A_published_reading_shows_and_a_lost_hub_is_greyed_and_comes_back_by_itself()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", FixtureSites.Square(1, 60)), cancellation);
        var password = await hub.AddUserAsync("duty", "operator", cancellation);
        var secret = hub.Secret("square");
        await using var watched = await chromium.OpenAsync(hub.Address);
        var page = watched.Page;

        await watched.SignInAsync("duty", password);
        await Expect(page.Locator("tr[data-space=square]")).ToBeVisibleAsync();
        await Expect(page.Locator("tr[data-space=square] td.people")).ToContainTextAsync("unknown");

        await using (var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "square", secret, cancellation))
        {
            await publisher.CountAsync(1, 42, 0, cancellation);
            await publisher.BeatAsync("counter-1", TimeProvider.System.GetUtcNow(), cancellation);
            await Expect(page.Locator("tr[data-space=square] td[data-people='42']")).ToBeVisibleAsync();
        }

        Assert.Empty(watched.Errors);
        await watched.KeepAsync("overview-live");
        await hub.KillAsync();
        await Expect(page.Locator("body.lost #lost")).ToContainTextAsync("No live data since", new() { Timeout = LostWithinMs });
        await watched.KeepAsync("overview-lost");

        await hub.StartAgainAsync(cancellation);
        await Expect(page.Locator("body:not(.lost) tr[data-space=square] td[data-people='42']")).ToBeVisibleAsync(new() { Timeout = BackWithinMs });

        await using var again = await Publisher.ConnectAsync(hub.Ports.Mqtt, "square", secret, cancellation);
        await again.CountAsync(1, 1, 0, cancellation);
        await Expect(page.Locator("tr[data-space=square] td[data-people='43']")).ToBeVisibleAsync();
        await watched.KeepAsync("overview-back");
    }

    [Fact]
    public async Task The_sample_city_shows_without_findings_of_axe_or_of_the_console()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSampleCityAsync(folder.File("data"), cancellation);
        var account = hub.DemoAccount("operator");
        await using var watched = await chromium.OpenAsync(hub.Address);
        await watched.Page.GotoAsync("/sign-in");
        await watched.AssertCleanAsync();
        await watched.SignInAsync(account.User, account.Password);
        await Expect(watched.Page.Locator("tr[data-space]")).ToHaveCountAsync(8);
        await Expect(watched.Page.Locator("td[data-people]").First).Not.ToContainTextAsync("unknown");
        await watched.KeepLooksAsync("sample-city");
    }

    [Fact]
    public async Task An_open_page_does_not_hold_up_the_stop_of_the_hub()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSampleCityAsync(folder.File("data"), cancellation);
        var account = hub.DemoAccount("operator");
        await using var watched = await chromium.OpenAsync(hub.Address);
        await watched.SignInAsync(account.User, account.Password);
        await Expect(watched.Page.Locator("[data-beat]")).ToBeVisibleAsync();
        await Expect(watched.Page.Locator("td[data-people]").First).Not.ToContainTextAsync("unknown");

        Assert.Equal(0, await hub.StopAsync(cancellation));
        Assert.DoesNotContain("non-graceful", hub.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Roles_without_live_counts_see_no_live_counts()
    {
        var hub = await city.HubAsync();
        foreach (var role in new[] { "technician", "analyst", "dpo", "admin" })
        {
            var account = hub.DemoAccount(role);
            await using var watched = await chromium.OpenAsync(hub.Address);
            await watched.SignInAsync(account.User, account.Password);
            await Expect(watched.Page.Locator("main :is(h1, h2)").First).ToBeVisibleAsync();
            Assert.Equal(0, await watched.Page.Locator("[data-people]").CountAsync());
            await watched.KeepLooksAsync($"welcome-{role}");
        }
    }

    [Fact]
    public async Task A_wrong_password_lets_nobody_in()
    {
        var hub = await city.HubAsync();
        await using var watched = await chromium.OpenAsync(hub.Address);
        await watched.SignInAsync("operator", "wrong");
        await Expect(watched.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("wrong");
        await watched.KeepLooksAsync("sign-in-wrong");
        await watched.Page.GotoAsync("/");
        await Expect(watched.Page.Locator("#password")).ToBeVisibleAsync();
    }
}

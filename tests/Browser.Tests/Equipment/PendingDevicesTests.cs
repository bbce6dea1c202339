using Microsoft.Playwright;
using Monitoring.Harness;
using static Microsoft.Playwright.Assertions;

namespace Monitoring.Browser.Tests.Equipment;

/// <summary>Unknown devices on the equipment page, and adopting one with the keyboard.</summary>
public sealed class PendingDevicesTests(Chromium chromium)
{
    private static readonly string Long = $"equipment/{new string('x', 150)}/readings";

    [Fact]
    public async Task A_technician_adopts_an_unknown_device_and_it_leaves_the_list()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", FixtureSites.Square(2, 60).Replace("channels: [{ name: gate, line: gate-2 }]", "channels: [{ name: gate }]", StringComparison.Ordinal)), cancellation);
        var password = await hub.AddUserAsync("tech", "technician", cancellation);
        var duty = await hub.AddUserAsync("duty", "operator", cancellation);
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "square", hub.Secret("square"), cancellation);
        await using var watched = await chromium.OpenAsync(hub.Address);
        var page = watched.Page;
        await watched.SignInAsync("tech", password);
        await page.WaitForURLAsync("**/equipment", new() { WaitUntil = WaitUntilState.Commit });

        await page.GetByRole(AriaRole.Link, new() { Name = "Unknown devices" }).ClickAsync();
        await Expect(page.Locator(".empty")).ToContainTextAsync("No unknown device has spoken since the gateway started");
        await Expect(page.Locator(".rejected-lead")).ToContainTextAsync("goes from this list by itself");
        await watched.KeepLooksAsync("pending-none");

        await publisher.PublishAsync("equipment/New.Gate/readings", """{"readings":[{"channel":"north","count":{"in":48151,"out":2}},{"channel":"power","health":{"batteryPercent":61}}]}""", cancellation);
        await publisher.PublishAsync(Long, "in=48151", cancellation);
        await publisher.PublishAsync("plc/\u202Enorth", "{\"" + new string('w', 200) + "\":" + """{"48151":[{"deep":{"deeper":{"deepest":"48151"}}}]},"values":{"bollard_status":1}}""", cancellation);
        await Expect(page.Locator("[data-pending]")).ToHaveCountAsync(3);
        await Expect(page.Locator("[data-pending='equipment/New.Gate/readings']")).ToContainTextAsync("north: count");
        Assert.DoesNotContain("48151", await page.ContentAsync(), StringComparison.Ordinal);
        await watched.KeepLooksAsync("pending");

        // By keyboard alone: open, look through the fields, send, mend, send again.
        await page.GetByRole(AriaRole.Button, new() { Name = "Adopt New.Gate on equipment/New.Gate/readings" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#adopt-space")).ToBeFocusedAsync();
        await Expect(page.Locator("#adopt-id")).ToHaveValueAsync("new-gate");
        await Expect(page.Locator("#adopt-address")).ToHaveValueAsync("New.Gate");
        await Expect(page.Locator("#adopt-kind")).ToHaveValueAsync("counter");
        await Expect(page.Locator("#adopt-channel-0")).ToHaveValueAsync("north");
        await watched.KeepLooksAsync("pending-adopt");
        await page.Locator("#adopt-id").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".adopt-problem")).ToBeFocusedAsync();
        await page.SelectOptionAsync("#adopt-observes-0", "");
        await page.Locator("#adopt-id").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#error-channels-0--line")).ToContainTextAsync("choose the line that it counts");
        await page.SelectOptionAsync("#adopt-observes-0", "line gate-1");
        await page.Locator("#adopt-id").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#error-intervalSeconds")).ToContainTextAsync("How often");
        await Expect(page.Locator("#error-channels-0--line")).ToContainTextAsync("counts this line already");
        await Expect(page.Locator("#adopt-interval")).ToHaveAttributeAsync("aria-invalid", "true");
        await watched.KeepLooksAsync("pending-adopt-refused");
        await page.FillAsync("#adopt-interval", "60");
        await page.SelectOptionAsync("#adopt-observes-0", "line gate-2");
        await page.Locator("#adopt-interval").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".banner.adopted")).ToContainTextAsync("new-gate is in the site, version 2");
        await Expect(page.Locator("[data-pending]")).ToHaveCountAsync(2);
        await watched.KeepLooksAsync("pending-adopted");
        await Waiting.UntilAsync("its messages are taken", async () => (await publisher.PublishAsync("equipment/New.Gate/readings", """{"readings":[]}""", cancellation)).IsSuccess, TimeSpan.FromSeconds(60), cancellation);

        // On a phone nothing is wider than the screen, not even with the form open.
        await page.SetViewportSizeAsync(390, 844);
        await Expect(page.Locator("[data-pending^='plc/']")).ToContainTextAsync("characters that do not show");
        await page.GetByRole(AriaRole.Button, new() { Name = "Adopt xxx" }).ClickAsync();
        await Expect(page.Locator("#adopt-space")).ToBeFocusedAsync();
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('main').scrollWidth <= document.documentElement.clientWidth"), "the list is wider than a phone");
        await watched.KeepAsync("pending-phone");

        await using var control = await chromium.OpenAsync(hub.Address);
        await control.SignInAsync("duty", duty);
        await Expect(control.Page.Locator("[data-beat]")).ToBeVisibleAsync();
        await control.Page.GotoAsync("/equipment?view=pending");
        await Expect(control.Page.Locator("tr[data-device]")).ToHaveCountAsync(3);
        Assert.Equal(0, await control.Page.Locator("[data-pending], .tabs").CountAsync());
    }
}

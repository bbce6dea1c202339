using Microsoft.Playwright;
using Monitoring.Harness;
using static Microsoft.Playwright.Assertions;

namespace Monitoring.Browser.Tests.Equipment;

/// <summary>The equipment page and the device view in a real browser, on a real hub.</summary>
public sealed class EquipmentTests(Chromium chromium)
{
    private static readonly Dictionary<string, string> Slow = new()
    {
        ["MONITORING__Gateway__Intake__DeviceMessagesPerSecondMax"] = "1",
        ["MONITORING__Gateway__Intake__DeviceMessagesAtOnceMax"] = "3",
    };

    [Fact]
    public async Task A_device_that_sends_too_often_or_is_refused_is_not_in_order_on_any_page()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartAsync(folder.File("data"), ["serve", "--site", folder.Write("site.yaml", AlarmSites.Cameras(1, 2))], cancellation, environment: Slow);
        var tech = await hub.AddUserAsync("tech", "technician", cancellation);
        var duty = await hub.AddUserAsync("duty", "operator", cancellation);
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "cabinet", hub.Secret("cabinet"), cancellation);
        await publisher.SeeAsync(1, 2, 7, cancellation);
        await publisher.PublishAsync("equipment/cam-1-2/readings", """{"readings":[{"channel":"view","occupancy":{"people":-4}}]}""", cancellation);
        for (var i = 0; i < 30; i++)
            await publisher.PublishAsync("equipment/cam-1-1/readings", """{"readings":[{"channel":"view","occupancy":{"people":7}}]}""", cancellation);

        await using var technician = await chromium.OpenAsync(hub.Address);
        await technician.SignInAsync("tech", tech);
        await technician.Page.WaitForURLAsync("**/equipment");
        await Expect(technician.Page.Locator("tr[data-device=cam-1-1]")).ToContainTextAsync("Sends far too often");
        await technician.Page.GotoAsync("/equipment/cam-1-1");
        await Expect(technician.Page.Locator(".reasons")).ToContainTextAsync("Check its interval");
        await Expect(technician.Page.Locator(".device-head .condition")).ToContainTextAsync("degraded");
        await technician.Page.GotoAsync("/equipment/cam-1-2");
        await Expect(technician.Page.Locator(".reasons")).ToContainTextAsync("ago: value-out-of-range");
        await Expect(technician.Page.Locator(".device-head .condition")).ToContainTextAsync("ok");
        await technician.KeepLooksAsync("device-refused");

        await using var control = await chromium.OpenAsync(hub.Address);
        await control.SignInAsync("duty", duty);
        await Expect(control.Page.Locator(".nav .count")).ToContainTextAsync("1");
        await Expect(control.Page.Locator("tr[data-space=space-1] .alarm-cell")).ToContainTextAsync("1/1");
        await Expect(control.Page.Locator(".totals .waiting")).ToContainTextAsync("of 1 open");
        await control.Page.GotoAsync("/spaces/space-1");
        await Expect(control.Page.Locator(".open-alarms")).ToContainTextAsync("sends more than 1 messages per second");
        await control.Page.GotoAsync("/equipment/cam-1-2");
        await Expect(control.Page.Locator(".reasons")).ToContainTextAsync("Messages of it were refused lately");
        Assert.Empty(control.Errors);
    }

    [Fact]
    public async Task A_technician_lands_on_the_equipment_worst_first_without_live_counts()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", AlarmSites.Cameras(3, 8, silent: 3)), cancellation);
        var tech = await hub.AddUserAsync("tech", "technician", cancellation);
        var duty = await hub.AddUserAsync("duty", "operator", cancellation);
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "cabinet", hub.Secret("cabinet"), cancellation);
        for (var zone = 1; zone <= 7; zone++)
        {
            await publisher.SeeAsync(1, zone, 7, cancellation);
            await publisher.SeeAsync(2, zone, 7, cancellation);
        }

        await publisher.SendAsync("spare-1-1", TimeProvider.System.GetUtcNow(), """{"channel":"b1","position":"raised"},{"channel":"battery","health":{"batteryPercent":9,"temperatureC":21.5,"signalDbm":-87}}""", cancellation);
        await publisher.PublishAsync("equipment/cam-1-1/readings", """{"readings":[{"channel":"view","occupancy":{"people":-4}}]}""", cancellation);

        await using var watched = await chromium.OpenAsync(hub.Address);
        var page = watched.Page;
        await watched.SignInAsync("tech", tech);
        await page.WaitForURLAsync("**/equipment");
        await Expect(page.Locator("tr[data-device]")).ToHaveCountAsync(33);
        await Expect(page.Locator("tr[data-device]").First.Locator(".condition")).ToContainTextAsync("silent");
        Assert.Equal(0, await page.Locator("[data-people], .alarm-strip").CountAsync());
        await watched.KeepLooksAsync("equipment");

        await page.GotoAsync("/equipment/spare-1-1");
        await Expect(page.Locator("[data-heard]")).ToContainTextAsync("ago, expected every 2 s");
        await Expect(page.Locator(".device-view")).ToContainTextAsync("unknown");
        await Expect(page.Locator(".device-view")).ToContainTextAsync("cabinet");
        await watched.KeepLooksAsync("device");

        await page.GotoAsync("/equipment");
        await Expect(page.Locator(".equipment[data-live]")).ToHaveCountAsync(1);
        await page.FillAsync("[data-filter]", "spare-1-1");
        await Expect(page.Locator("tr[data-device]")).ToHaveCountAsync(1);
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("q=spare-1-1"));
        await page.ReloadAsync();
        await Expect(page.Locator("tr[data-device]")).ToHaveCountAsync(1);
        await Expect(page.Locator(".equipment[data-live]")).ToHaveCountAsync(1);
        await page.FillAsync("[data-filter]", "no such thing");
        await Expect(page.Locator(".empty")).ToContainTextAsync("No device fits");
        await watched.KeepLooksAsync("equipment-none-fits");
        await page.FillAsync("[data-filter]", "");
        await page.GetByRole(AriaRole.Button, new() { Name = "Device", Exact = true }).ClickAsync();
        await Expect(page.Locator("th[aria-sort=ascending]")).ToContainTextAsync("Device");
        await page.GotoAsync("/equipment?view=rejected");
        await Expect(page.Locator("tr[data-reason=value-out-of-range]")).ToContainTextAsync("check its configuration");
        await watched.KeepLooksAsync("equipment-rejected");
        await page.GotoAsync("/equipment/cam-3-8");
        await Expect(page.Locator("[data-heard]")).ToContainTextAsync("Never heard");
        await watched.KeepLooksAsync("device-never-heard");
        Assert.Equal(404, (await page.GotoAsync("/equipment/nothing"))!.Status);

        await using var control = await chromium.OpenAsync(hub.Address);
        await control.SignInAsync("duty", duty);
        await Expect(control.Page.Locator("[data-beat]")).ToBeVisibleAsync();
        await control.Page.GotoAsync("/equipment");
        await Expect(control.Page.Locator("tr[data-device]")).ToHaveCountAsync(33);
        Assert.Equal(0, await control.Page.Locator(".c-link, .c-heartbeat, .c-battery").CountAsync());
        await control.KeepLooksAsync("equipment-operator");
        await control.Page.GotoAsync("/equipment/cam-1-3");
        await Expect(control.Page.Locator(".device-view")).ToContainTextAsync("Last measured");
        Assert.DoesNotContain("Heartbeat", await control.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await control.KeepLooksAsync("device-operator");
    }

    [Fact]
    public async Task Five_hundred_devices_are_paged_and_updates_keep_the_rows_that_are_there()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", AlarmSites.Cameras(10, 50)), cancellation);
        var password = await hub.AddUserAsync("tech", "technician", cancellation);
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "cabinet", hub.Secret("cabinet"), cancellation);
        await using var watched = await chromium.OpenAsync(hub.Address);
        var page = watched.Page;
        await watched.SignInAsync("tech", password);
        await Expect(page.Locator("tr[data-device]")).ToHaveCountAsync(100);
        await Expect(page.Locator(".pages")).ToContainTextAsync("Page 1 of 5");
        await Expect(page.Locator(".equipment[data-live]")).ToHaveCountAsync(1);
        await page.EvaluateAsync("document.querySelectorAll('tr[data-device]').forEach(row => { row.kept = true; })");
        await publisher.SeeAsync(5, 50, 7, cancellation);
        await Expect(page.Locator("[data-state=ok] b")).ToHaveTextAsync("1");
        Assert.Equal(100, await page.EvaluateAsync<int>("[...document.querySelectorAll('tr[data-device]')].filter(row => row.kept).length"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await Expect(page.Locator(".pages")).ToContainTextAsync("Page 2 of 5");
        await watched.KeepLooksAsync("equipment-500");
    }
}

using Monitoring.Harness;
using static Microsoft.Playwright.Assertions;

namespace Monitoring.Browser.Tests.Alarms;

/// <summary>Alarms that can be heard, and the warning where they cannot.</summary>
public sealed class SoundTests(Chromium chromium)
{
    private const string Record = "window.heard = []; document.addEventListener('hub-sound', event => window.heard.push(event.detail.priority + ' ' + event.detail.state));";

    /// <summary>A browser that blocks sound until somebody has touched the page: Chromium under test does not.</summary>
    private const string Block = """
        const Real = window.AudioContext;
        window.AudioContext = class extends Real {
          allowed = false;
          get state() { return this.allowed ? super.state : 'suspended'; }
          resume() { if (window.touched) this.allowed = true; return super.resume(); }
        };
        addEventListener('click', event => { if (event.target.closest && event.target.closest('[data-sound-enable]')) window.touched = true; }, { capture: true });
        """;

    [Fact]
    public async Task Each_priority_can_be_tried_and_a_new_alarm_is_heard_once_urgent_ones_again()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", AlarmSites.Cameras(1, 4)), cancellation);
        var password = await hub.AddUserAsync("anna", "operator", cancellation);
        await using var watched = await chromium.OpenAsync(hub.Address);
        await watched.Page.AddInitScriptAsync(Record);
        await watched.SignInAsync("anna", password);
        await Expect(watched.Page.Locator("[data-beat]")).ToBeVisibleAsync();
        await watched.Page.GotoAsync("/alarms");
        await Expect(watched.Page.Locator("[data-note][data-ready]")).ToHaveCountAsync(1);
        for (var priority = 1; priority <= 4; priority++)
        {
            await watched.Page.Locator($"[data-sound-test='{priority}']").ClickAsync();
            await HeardAsync(watched, $"window.heard.at(-1) === '{priority} running'");
        }

        await Expect(watched.Page.Locator("[data-sound=on] [data-sound-text]")).ToHaveTextAsync("Sound on");
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "cabinet", hub.Secret("cabinet"), cancellation);
        await watched.Page.EvaluateAsync("window.heard.length = 0");
        await publisher.SeeAsync(1, 3, 80, cancellation);
        await HeardAsync(watched, "window.heard.length === 1 && window.heard[0] === '3 running'");
        await publisher.SeeAsync(1, 1, 80, cancellation);
        await HeardAsync(watched, "window.heard.filter(one => one === '1 running').length >= 2");

        await watched.Page.Keyboard.PressAsync("m");
        await Expect(watched.Page.Locator("[data-sound=silent]")).ToContainTextAsync("Silenced until");
        // The browser of the test lives in UTC, the site an hour or two ahead: both times must be the site's.
        var until = TimeOnly.Parse((await watched.Page.Locator("[data-sound-text]").InnerTextAsync())["Silenced until ".Length..][..8], System.Globalization.CultureInfo.InvariantCulture);
        var clock = TimeOnly.Parse(await watched.Page.Locator(".clock time").InnerTextAsync(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(until - clock, TimeSpan.Zero, TimeSpan.FromMinutes(3));
        await watched.KeepAsync("alarms-silenced");
        await publisher.SeeAsync(1, 2, 80, cancellation);
        await HeardAsync(watched, "window.heard.at(-1) === '2 running'");
        await watched.Page.Keyboard.PressAsync("m");
        await Expect(watched.Page.Locator("[data-sound=on]")).ToBeVisibleAsync();
        Assert.Empty(watched.Errors);
    }

    [Fact]
    public async Task A_browser_that_blocks_sound_is_named_and_what_waited_is_heard_once_it_is_enabled()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", AlarmSites.Cameras(1, 4)), cancellation);
        var password = await hub.AddUserAsync("anna", "operator", cancellation);
        await using var watched = await chromium.OpenAsync(hub.Address);
        await watched.Page.AddInitScriptAsync(Record + Block);
        await watched.SignInAsync("anna", password);
        await Expect(watched.Page.Locator("[data-sound=blocked]")).ToContainTextAsync("cannot be heard");
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "cabinet", hub.Secret("cabinet"), cancellation);
        await publisher.SeeAsync(1, 2, 80, cancellation);
        await Expect(watched.Page.Locator(".alarm-strip")).ToHaveAttributeAsync("data-waiting", "1");
        await watched.KeepLooksAsync("sound-blocked");
        Assert.Equal(0, await watched.Page.EvaluateAsync<int>("window.heard.length"));

        await watched.Page.Locator("[data-sound-enable]").ClickAsync();
        await HeardAsync(watched, "window.heard[0] === '2 running'");
        await Expect(watched.Page.Locator("[data-sound=on]")).ToBeVisibleAsync();
        Assert.Empty(watched.Errors);
    }

    // Asked anew each time: a wait inside the page would need eval, which its policy forbids.
    private static Task HeardAsync(WatchedPage watched, string what) =>
        Waiting.UntilAsync(what, () => watched.Page.EvaluateAsync<bool>(what), TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
}

using Microsoft.Playwright;
using Monitoring.Harness;

namespace Monitoring.Benchmarks.Spaces;

/// <summary>Signed-in overview pages in a real Chromium (Debian's package).</summary>
internal sealed class Screens : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";
    private const string WatchPeople = """
        space => new MutationObserver(() => {
          const people = document.querySelector(`tr[data-space=${space}] td.people`)?.getAttribute("data-people");
          if (people && people !== window.lastPeople) {
            window.lastPeople = people;
            window.seen(people);
          }
        }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
        """;

    private static readonly string[] Switches = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly HubUnderTest _hub;
    private readonly string _user;
    private readonly string _password;

    private Screens(IPlaywright playwright, IBrowser browser, HubUnderTest hub, string user, string password) =>
        (_playwright, _browser, _hub, _user, _password) = (playwright, browser, hub, user, password);

    /// <summary>Starts the browser.</summary>
    public static async Task<Screens> StartAsync(HubUnderTest hub, string user, string password)
    {
        var playwright = await Playwright.CreateAsync();
        return new Screens(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Program, Args = Switches }), hub, user, password);
    }

    /// <summary>Signs in in a session of its own and opens the overview.</summary>
    /// <param name="space">Space whose number of people is noted; there must be one person.</param>
    /// <param name="seen">Where it is noted.</param>
    public async Task<IPage> OpenAsync(string space, SeenPeople seen)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = _hub.Address.ToString(), ViewportSize = new ViewportSize { Width = 1920, Height = 1080 } });
        var page = await context.NewPageAsync();
        await page.ExposeFunctionAsync<string, bool>("seen", seen.Note);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#user", _user);
        await page.FillAsync("#password", _password);
        await page.ClickAsync("form[action='/session'] button[type=submit]");
        await page.WaitForSelectorAsync($"tr[data-space={space}] td[data-people='1']");
        await page.EvaluateAsync(WatchPeople, space);
        return page;
    }

    /// <summary>What a page holds after its garbage is collected: JavaScript heap in MB, and DOM nodes.</summary>
    public static async Task<(double HeapMB, int Nodes)> HoldsAsync(IPage page)
    {
        var devtools = await page.Context.NewCDPSessionAsync(page);
        await devtools.SendAsync("HeapProfiler.collectGarbage");
        var heap = (await devtools.SendAsync("Runtime.getHeapUsage"))!.Value.GetProperty("usedSize").GetDouble();
        await devtools.DetachAsync();
        return (heap / 1e6, await page.EvaluateAsync<int>("document.getElementsByTagName('*').length"));
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

using System.Globalization;
using Microsoft.Playwright;
using Monitoring.Harness;
using static Microsoft.Playwright.Assertions;

namespace Monitoring.Browser.Tests.Spaces;

/// <summary>From the overview of a whole city to the cause of its worst space, and what the space view shows of it.</summary>
public sealed class SpaceViewTests(Chromium chromium)
{
    private const int Many = 50;

    // A chequered square of 8 by 8 pixels.
    private const string Tile = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAAFklEQVR42mN4AAQOQMCAhwEiQBw8DAAQkyQBdCSBtgAAAABJRU5ErkJggg==";

    private static readonly string[] LongNames =
    [
        "Esplanade de la Gare Centrale, parvis nord et couloir couvert vers le quai des bus régionaux",
        "Donaudampfschifffahrtsgesellschaftskapitänsplatz am alten Hauptzollamt",
        "Piazza",
    ];

    [Fact]
    public async Task The_cause_of_the_worst_of_fifty_spaces_is_two_clicks_away()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", City()), cancellation);
        var password = await hub.AddUserAsync("duty", "operator", cancellation);
        var secret = hub.Secret("city");
        await using (var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "city", secret, cancellation))
        {
            // A level for each but every seventh, which stays unknown; space 7 is the worst of all.
            foreach (var n in Enumerable.Range(1, Many).Where(n => n % 7 != 0 || n == 7))
                await publisher.SendAsync($"camera-{n}", TimeProvider.System.GetUtcNow(), "{" + $"\"channel\":\"all\",\"occupancy\":{{\"people\":{(n == 7 ? 260 : 3 * n)}}}" + "}", cancellation);
        }

        await using var watched = await chromium.OpenAsync(hub.Address);
        var page = watched.Page;
        await watched.SignInAsync("duty", password);
        await Expect(page.Locator("tr[data-space]")).ToHaveCountAsync(Many);
        await Expect(page.Locator("tr[data-space]").First).ToHaveAttributeAsync("data-space", "space-7");
        await watched.KeepLooksAsync("overview-50", inEach: async height =>
        {
            var tenth = await page.Locator("tr[data-space]").Nth(9).BoundingBoxAsync();
            Assert.True(tenth!.Y + tenth.Height <= height, "the tenth worst space lies below the window");
        });

        await page.Locator("tr[data-space] .row-link").First.ClickAsync();
        await Expect(page.Locator(".space-cause")).ToContainTextAsync("2.60 people/m²");
        await Expect(page.Locator(".space-cause")).ToContainTextAsync("Critical");
        Assert.Empty(watched.Errors);
    }

    [Fact]
    public async Task Rows_are_walked_and_opened_by_keyboard_and_single_keys_can_be_switched_off()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", City()), cancellation);
        var password = await hub.AddUserAsync("duty", "operator", cancellation);
        await using var watched = await chromium.OpenAsync(hub.Address);
        var page = watched.Page;
        await watched.SignInAsync("duty", password);
        await Expect(page.Locator("tr[data-space]")).ToHaveCountAsync(Many);
        // Rows stand there before the scripts that move over them.
        await Expect(page.Locator(".live")).ToContainTextAsync("live,");

        await Expect(page.Locator("[data-beat]:not([data-beat='0'])")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("k");
        await Expect(page.Locator("tr[data-space] .row-link").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("dialog[open]")).ToContainTextAsync("Next space");
        await watched.KeepAsync("shortcuts");
        await page.Locator("dialog[open] input[type=checkbox]").UncheckAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("dialog[open]")).ToHaveCountAsync(0);
        await page.Locator("tr[data-space] .row-link").First.PressAsync("Enter");
        await Expect(page.Locator(".space-head h1")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_space_shows_its_plan_its_flows_and_what_is_not_known()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSampleCityAsync(folder.File("data"), cancellation);
        var account = hub.DemoAccount("operator");
        await using var watched = await chromium.OpenAsync(hub.Address);
        var page = watched.Page;
        await watched.SignInAsync(account.User, account.Password);
        await page.ClickAsync("tr[data-space=liege-saint-lambert] .row-link");
        await Expect(page.Locator(".plan-zone:not(.level-unknown)")).ToHaveCountAsync(1);
        await Expect(page.Locator(".plan-flow").First).ToBeVisibleAsync();
        await Expect(page.Locator(".plan-element.at-unknown")).ToHaveCountAsync(3);
        await Expect(page.Locator(".strip-plot canvas")).ToHaveCountAsync(2);
        await Expect(page.Locator(".strip-plot").First).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("Density of "));
        await Expect(page.Locator(".not-known")).ToContainTextAsync("a person has to look");
        await Expect(page.Locator(".live")).ToContainTextAsync("ms");
        await Expect(page.Locator(".plan-device")).ToHaveCountAsync(4);
        await Expect(page.Locator(".plan-device.is-unknown")).ToHaveCountAsync(0);
        await watched.KeepLooksAsync("space", inEach: async _ =>
        {
            await Expect(page.Locator(".plan-device")).ToHaveCountAsync(4);
            await Expect(page.Locator(".plan-flow").First).ToBeVisibleAsync();
            await Expect(page.Locator(".strip-plot canvas")).ToHaveCountAsync(2);
        });
    }

    [Fact]
    public async Task Equipment_stands_on_the_plan_with_its_state_opens_by_keyboard_and_can_be_hidden()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSampleCityAsync(folder.File("data"), cancellation);
        var account = hub.DemoAccount("operator");
        await using var watched = await chromium.OpenAsync(hub.Address);
        var page = watched.Page;
        await watched.SignInAsync(account.User, account.Password);
        await page.GotoAsync("/spaces/liege-saint-lambert");
        var camera = page.Locator(".plan-device a[href='/equipment/liege-camera']");
        await Expect(camera).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("^Counting camera: counting camera, (in order|degraded); observes Place Saint-Lambert$"));
        await Expect(page.Locator(".devices a[href='/equipment/liege-camera']")).ToContainTextAsync("observes Place Saint-Lambert");
        await Expect(page.Locator(".plan-legend")).ToContainTextAsync("not at a surveyed place");

        await page.Keyboard.PressAsync("d");
        await Expect(camera).ToBeHiddenAsync();
        await Expect(page.Locator(".plan-toggle")).ToHaveAttributeAsync("aria-pressed", "false");
        await page.Locator(".plan-toggle").ClickAsync();
        await Expect(camera).ToBeVisibleAsync();
        await camera.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Uri(hub.Address, "/equipment/liege-camera").ToString());
        Assert.Empty(watched.Errors);
    }

    [Fact]
    public async Task Marks_of_equipment_that_was_never_heard_are_hatched_and_cover_neither_each_other_nor_the_labels()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), Path.Combine(Repository.Root, "sites", "pilot-city", "site.yaml"), cancellation);
        var password = await hub.AddUserAsync("duty", "operator", cancellation);
        await using var watched = await chromium.OpenAsync(hub.Address);
        var page = watched.Page;
        await watched.SignInAsync("duty", password);
        await page.GotoAsync("/spaces/nice-massena");
        // Three counters, one of them on two lines, a camera over two zones, and bollards on two edges.
        await Expect(page.Locator(".plan-device.is-never-heard")).ToHaveCountAsync(8);
        await Expect(page.Locator(".plan-label").First).ToContainTextAsync("not known");
        var covered = await page.EvaluateAsync<string[]>("""
            () => {
              const boxes = [...document.querySelectorAll('.plan-device a, .plan-label, .plan-element')].map(one => [one, one.getBoundingClientRect()]);
              return boxes.flatMap(([one, a], i) => boxes.slice(i + 1).filter(([other, b]) => (one.matches('a') || other.matches('a')) && a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5).map(([other]) => `${one.className} ${one.title} / ${other.className} ${other.title}`));
            }
            """);
        Assert.Empty(covered);
        await watched.KeepLooksAsync("space-never-heard");

        // Names here fill their column: what only a screen reader reads must not stand beyond the window.
        await page.GotoAsync("/spaces/nice-saleya");
        await Expect(page.Locator(".devices .visually-hidden").First).ToBeAttachedAsync();
        await watched.KeepLooksAsync("space-long-names");
    }

    [Fact]
    public async Task Map_tiles_lie_under_the_plan_only_where_they_are_set()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var tiles = new Dictionary<string, string> { ["MONITORING__Dashboard__Map__TileUrl"] = "https://tiles.example.org/{z}/{x}/{y}.png", ["MONITORING__Dashboard__Map__TileAttribution"] = "<b>A map</b>" };
        await using var hub = await HubUnderTest.StartAsync(folder.File("data"), [], cancellation, environment: tiles);
        var account = hub.DemoAccount("operator");
        await using var watched = await chromium.OpenAsync(hub.Address);
        var page = watched.Page;
        var referrers = new System.Collections.Concurrent.ConcurrentBag<string>();
        // The content security policy is asked before this stands in for the tile server.
        await page.RouteAsync("https://tiles.example.org/**", route =>
        {
            if (route.Request.Headers.TryGetValue("referer", out var referrer))
                referrers.Add(referrer);
            return route.FulfillAsync(new RouteFulfillOptions { ContentType = "image/png", BodyBytes = Convert.FromBase64String(Tile) });
        });
        await watched.SignInAsync(account.User, account.Password);
        await page.GotoAsync("/spaces/liege-saint-lambert");
        await Expect(page.Locator(".leaflet-tile-loaded").First).ToBeVisibleAsync();
        await Expect(page.Locator(".leaflet-control-attribution")).ToHaveTextAsync("<b>A map</b>");
        await Expect(page.Locator(".plan-device.is-unknown")).ToHaveCountAsync(0);
        Assert.Empty(referrers);
        await watched.KeepLooksAsync("space-tiles");
    }

    [Fact]
    public async Task A_space_without_data_and_without_coordinates_says_so()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", FixtureSites.Square(2, 60)), cancellation);
        var password = await hub.AddUserAsync("duty", "operator", cancellation);
        await using var watched = await chromium.OpenAsync(hub.Address);
        var page = watched.Page;
        await watched.SignInAsync("duty", password);
        await page.GotoAsync("/spaces/square");
        await Expect(page.Locator(".space-cause")).ToContainTextAsync("is not known");
        await Expect(page.Locator(".plan-panel")).ToContainTextAsync("no coordinates");
        await Expect(page.Locator(".not-known")).ToContainTextAsync("has never reported");
        await watched.KeepLooksAsync("space-no-data");
        Assert.Equal(404, (await page.GotoAsync("/spaces/nowhere"))!.Status);
        await Expect(page.Locator("main")).ToContainTextAsync("outside the spaces of this account");
        await watched.KeepLooksAsync("space-not-there", [404]);
    }

    private static string City()
    {
        var spaces = Enumerable.Range(1, Many).Select(n => $$"""
              - id: space-{{n}}
                name: {{LongNames[n % LongNames.Length]}} {{n}}
                city: Testville
                timeZone: Europe/Brussels
                zones: [{ id: main, name: Main, areaM2: 100, capacity: 300 }]
                devices: [{ id: camera-{{n}}, kind: counting-camera, intervalSeconds: 600, channels: [{ name: all, zone: main }] }]
                thresholds: [{ rule: density, on: 4 }]
            """);
        var topics = Enumerable.Range(1, Many).Select(n => string.Create(CultureInfo.InvariantCulture, $"      - equipment/camera-{n}/readings"));
        return $"""
            site: city
            name: A city with fifty squares and a name that is long as well
            spaces:
            {string.Join('\n', spaces)}
            connections:
              - name: city
                topics:
            {string.Join('\n', topics)}
            """;
    }
}

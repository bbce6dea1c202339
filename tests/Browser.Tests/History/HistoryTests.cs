using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Playwright;
using Monitoring.Harness;
using static Microsoft.Playwright.Assertions;

namespace Monitoring.Browser.Tests.History;

/// <summary>The page of released history: chart, table, typical week, comparison, files; on a real hub whose clock is moved.</summary>
public sealed partial class HistoryTests(Chromium chromium, SampleCity city)
{
    private const string Course = "/history?space=square&series=gate-1-in&range=own&from=2026-03-28T00:00&to=2026-03-30T00:00&grid=PT1H";

    [Fact]
    public async Task What_is_released_is_drawn_listed_read_out_and_saved_and_a_hole_is_never_a_zero()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var square = await RecordedSquare.StartAsync(cancellation);
        var password = await square.Hub.AddUserAsync("ana", "analyst", cancellation);
        await using var watched = await chromium.OpenAsync(square.Hub.Address);
        var page = watched.Page;

        await watched.SignInAsync("ana", password);
        await page.WaitForURLAsync("**/history");
        await Expect(page.Locator("[data-refusal=nothing-yet]")).ToContainTextAsync("Nothing is released yet");
        Assert.Equal(0, await page.Locator("canvas").CountAsync());
        await watched.KeepLooksAsync("history-nothing");

        await square.PassAsync(cancellation);
        await Waiting.UntilAsync("all hours are copied", async () => await RowsAsync(page, Course) == RecordedSquare.Hours, TimeSpan.FromSeconds(60), cancellation);
        await AssertCourseAsync(watched);
        await AssertKeyboardAsync(page);
        await AssertPicturesAsync(page);
        await AssertComparisonAsync(watched);
        await AssertWeekAsync(watched);
        await AssertRefusalsAsync(watched);
    }

    [Fact]
    public async Task An_operator_and_an_analyst_find_the_history_and_an_administrator_does_not()
    {
        var hub = await city.HubAsync();
        foreach (var role in new[] { "operator", "analyst", "admin" })
        {
            var account = hub.DemoAccount(role);
            await using var watched = await chromium.OpenAsync(hub.Address);
            await watched.SignInAsync(account.User, account.Password);
            await Expect(watched.Page.Locator(".nav")).ToBeVisibleAsync();
            var isFor = role != "admin";
            Assert.Equal(isFor ? 1 : 0, await watched.Page.Locator(".nav a[href='/history']").CountAsync());
            Assert.Equal(isFor ? 200 : 403, (await watched.Page.GotoAsync("/history"))!.Status);
            await Expect(watched.Page.Locator("h1")).ToHaveTextAsync(isFor ? "History" : "Not for this account");
        }
    }

    private static async Task<int> RowsAsync(IPage page, string path)
    {
        await page.GotoAsync(path);
        return await page.Locator("table[data-points] tbody tr").CountAsync();
    }

    private static async Task AssertCourseAsync(WatchedPage watched)
    {
        var page = watched.Page;
        await Expect(page.Locator($"[data-plot][data-points='{RecordedSquare.Hours}'] canvas")).ToBeVisibleAsync();
        // As the site calls it, with where those go who are counted.
        await Expect(page.Locator("#chart-head")).ToHaveTextAsync($"{RecordedSquare.Name} · Gate 1, to Main · crossings of lines");
        await Expect(page.Locator("#pick-series option")).ToHaveTextAsync(["Gate 1, to Main", "Gate 1, to outside"]);
        var rows = page.Locator("table[data-points] tbody tr");
        await Expect(rows.First.Locator("th")).ToHaveTextAsync("Sat 28 Mar 2026, 00:00 to 01:00");
        Assert.InRange(await page.Locator("tr[data-value]").CountAsync(), RecordedSquare.Hours - RecordedSquare.Empty.Length - RecordedSquare.Silent.Length, RecordedSquare.Hours - 1);
        Assert.InRange(await page.Locator("tr[data-reason=no-data]").CountAsync(), 1, RecordedSquare.Silent.Length);
        Assert.Equal(0, await page.Locator("tbody tr[data-value='0'], tbody tr:not([data-value]):not([data-reason])").CountAsync());
        await Expect(page.Locator(".history-legend")).ToContainTextAsync("no data: the sensor was silent");
        await Expect(page.Locator("tr[data-reason=no-data] .history-none").First).ToHaveTextAsync("no data");

        // The second day has 23 hours: no row of 02:00, and the others say their offset.
        await Expect(page.Locator(".banner")).ToContainTextAsync("Sunday 29 March 2026 has 23 hours");
        await Expect(rows.Nth(25).Locator("th")).ToHaveTextAsync("Sun 29 Mar 2026, 01:00 UTC+1 to 03:00 UTC+2");
        await Expect(rows.Nth(26).Locator("th")).ToHaveTextAsync("Sun 29 Mar 2026, 03:00 UTC+2 to 04:00 UTC+2");

        // The words about the noise hold the figures of this space, and the files are those of what is shown.
        await Expect(page.Locator("[data-noise]")).ToContainTextAsync($"One released number of {RecordedSquare.Name} is typically off by");
        foreach (var format in new[] { "csv", "parquet" })
            Assert.Equal($"/api/history/square/gate-1-in?from=2026-03-27T23%3A00%3A00Z&to=2026-03-29T22%3A00%3A00Z&grid=PT1H&format={format}", await page.Locator($".history-files a[href$='format={format}']").GetAttributeAsync("href"));
        await AssertSameAsFileAsync(page);
        var before = await page.Locator("table[data-points]").InnerTextAsync();
        await page.GotoAsync((await page.Locator("[data-this]").GetAttributeAsync("href"))!);
        Assert.Equal(before, await page.Locator("table[data-points]").InnerTextAsync());
        await watched.KeepLooksAsync("history-course");
    }

    private static async Task AssertSameAsFileAsync(IPage page)
    {
        var answer = await page.APIRequest.GetAsync((await page.Locator(".history-files a[href$='format=csv']").GetAttributeAsync("href"))!);
        Assert.Equal(200, answer.Status);
        var lines = (await answer.TextAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var column = Array.IndexOf(lines[0].Split(','), "value");
        var shown = await page.Locator("tr[data-say]").EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.value ?? '')");
        Assert.Equal(lines.Skip(1).Select(line => line.Split(',')[column]), shown);
    }

    private static async Task AssertKeyboardAsync(IPage page)
    {
        var live = page.Locator(".history-chart [role=status]");
        var says = await page.Locator("tr[data-say]").EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.say)");
        await page.Locator("[data-plot]").FocusAsync();
        await page.Keyboard.PressAsync("Home");
        await Expect(live).ToHaveTextAsync(says[0]);
        Assert.Matches("^Sat 28 Mar 2026, 00:00 to 01:00: [0-9]+ crossings, the true number within [0-9]+ at least 19 times in 20$", says[0]);
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(live).ToHaveTextAsync(says[1]);
        await page.Keyboard.PressAsync("End");
        await Expect(live).ToHaveTextAsync(says[^1]);
        await page.Keyboard.PressAsync("PageUp");
        await Expect(live).ToHaveTextAsync(says[^25]);
        Assert.Contains(says, say => say.EndsWith(": no data: the sensor was silent", StringComparison.Ordinal));
        await page.Keyboard.PressAsync("+");
        await Expect(live).ToContainTextAsync("points are shown");
        await Expect(page.Locator("[data-plot]")).ToHaveAttributeAsync("data-window", new Regex("^[0-9]+ [0-9]+$"));
        await page.Keyboard.PressAsync("0");
        await Expect(live).ToHaveTextAsync("All is shown.");
    }

    // The picture is drawn from the same points: two corners for each number, none for a hole.
    private static async Task AssertPicturesAsync(IPage page)
    {
        var svg = await AssertPictureAsync(page, "no data: the sensor was silent");
        var shown = await page.Locator("tr[data-value]").CountAsync();
        Assert.Equal(2 * shown, Steps().Matches(svg).Sum(line => line.Groups["points"].Value.Split(' ').Length));
    }

    // Both forms of the view: all of the words are in it and none of it lies below its edge.
    private static async Task<string> AssertPictureAsync(IPage page, params string[] words)
    {
        var svg = Encoding.UTF8.GetString(await SavedAsync(page, "svg"));
        var drawn = XDocument.Parse(svg).Root!;
        var height = Number(drawn.Attribute("height")!.Value);
        var text = string.Join(" ", drawn.Descendants().Where(item => item.Name.LocalName == "text").Select(item => item.Value));
        var error = Blank().Replace(await page.Locator("[data-noise-error]").InnerTextAsync(), " ");
        var legend = (await page.Locator(".history-legend li").AllInnerTextsAsync()).Select(line => Blank().Replace(line, " ").Trim());
        Assert.All([RecordedSquare.Name, error, .. legend, .. words], said => Assert.Contains(Blank().Replace(said, " "), Blank().Replace(text, " "), StringComparison.Ordinal));
        Assert.Matches("by no more than [0-9]", error);
        Assert.EndsWith(".", error, StringComparison.Ordinal);
        Assert.All(drawn.Descendants().Attributes("y"), y => Assert.InRange(Number(y.Value), 0, height - 4));
        Assert.All(drawn.Descendants().Attributes("points").SelectMany(points => points.Value.Split(' ')), point => Assert.InRange(Number(point.Split(',')[1]), 0, height));

        // Twice as sharp as the other form, and more than its ground.
        var png = await SavedAsync(page, "png");
        var size = await page.EvaluateAsync<int[]>(
            """
            async png => {
              const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(png), one => one.charCodeAt(0))], { type: 'image/png' }));
              const canvas = Object.assign(document.createElement('canvas'), { width: picture.width, height: picture.height });
              const context = canvas.getContext('2d');
              context.drawImage(picture, 0, 0);
              const colours = new Set(new Uint32Array(context.getImageData(0, 0, picture.width, picture.height).data.buffer));
              return [picture.width, picture.height, colours.size];
            }
            """,
            Convert.ToBase64String(png));
        Assert.Equal([2 * (int)Number(drawn.Attribute("width")!.Value), 2 * (int)height], size[..2]);
        Assert.True(size[2] > 10, $"the picture has {size[2]} colours");
        return svg;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static async Task<byte[]> SavedAsync(IPage page, string kind)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator($"[data-save={kind}]").ClickAsync());
        Assert.EndsWith($".{kind}", download.SuggestedFilename, StringComparison.Ordinal);
        return await File.ReadAllBytesAsync(await download.PathAsync());
    }

    private static async Task AssertComparisonAsync(WatchedPage watched)
    {
        var page = watched.Page;
        await page.GotoAsync("/history?space=square&series=gate-1-in&view=compare&first=2026-03-28T06:00&second=2026-03-29T06:00&hours=6&grid=PT1H");
        await Expect(page.Locator("[data-plot][data-points='6'] canvas")).ToBeVisibleAsync();
        var rows = page.Locator("table[data-points] tbody tr");
        await Expect(rows.First.Locator("th")).ToHaveTextAsync("+0:00 to +1:00");
        await Expect(rows.First).ToContainTextAsync("Sat 28 Mar 2026, 06:00");
        await Expect(rows.First).ToContainTextAsync("Sun 29 Mar 2026, 06:00 UTC+2");
        Assert.Equal(0, await page.Locator("tr[data-reason2]").CountAsync());
        var svg = await AssertPictureAsync(page, "First: from Sat 28 Mar 2026, 06:00", "Second: from Sun 29 Mar 2026");
        var shown = await page.Locator("tr[data-value]").CountAsync() + await page.Locator("tr[data-value2]").CountAsync();
        // The legend has a line for each event.
        Assert.Equal(2 * (shown + 2), Steps().Matches(svg).Sum(line => line.Groups["points"].Value.Split(' ').Length));
        await watched.KeepLooksAsync("history-compare");
    }

    private static async Task AssertWeekAsync(WatchedPage watched)
    {
        var page = watched.Page;
        await page.GotoAsync("/history?space=square&series=gate-1-in&view=week&range=own&from=2026-03-28T00:00&to=2026-03-30T00:00");
        await Expect(page.Locator(".history-week td")).ToHaveCountAsync(168);
        await Expect(page.Locator("td[data-hour='120']")).ToContainTextAsync("±");
        await Expect(page.Locator("td[data-hour='0']")).ToHaveAttributeAsync("data-reason", "none");
        await Expect(page.Locator("td[data-hour='146']")).ToHaveAttributeAsync("data-reason", "none");
        await Expect(page.Locator("td[data-hour='120']")).ToContainTextAsync(", mean of 1 hour");
        var svg = await AssertPictureAsync(page, "Mon", "Sun", "23", await page.Locator("td[data-hour='120'] b").InnerTextAsync());
        // A tinted field for each hour, and the ground.
        Assert.InRange(svg.Split("<polygon ").Length - 1, 169, int.MaxValue);
        await watched.KeepLooksAsync("history-week");
    }

    private static async Task AssertRefusalsAsync(WatchedPage watched)
    {
        var page = watched.Page;
        await page.GotoAsync(Course.Replace("PT1H", "PT15M", StringComparison.Ordinal));
        await Expect(page.Locator("[data-refusal=grid-not-released]")).ToContainTextAsync("Numbers so short are not released");
        await page.GetByRole(AriaRole.Link, new() { Name = "As released" }).ClickAsync();
        await Expect(page.Locator("[data-plot] canvas")).ToBeVisibleAsync();
        await page.GotoAsync(Course.Replace("2026-03-28T00:00", "2026-03-28T00:30", StringComparison.Ordinal));
        await Expect(page.Locator("[data-refusal=not-on-a-border]")).ToContainTextAsync("a part of a number is not known");
        await page.GetByRole(AriaRole.Link, new() { Name = "Whole days around it" }).ClickAsync();
        await Expect(page.Locator("[data-plot] canvas")).ToBeVisibleAsync();
        await page.GotoAsync(Course.Replace("gate-1-in", "gate-9-in", StringComparison.Ordinal));
        await Expect(page.Locator("[data-refusal=not-found]")).ToContainTextAsync("no such series");
        await page.GotoAsync("/history?space=square&series=gate-1-in&range=own&from=2025-01-01T00:00&to=2025-01-02T00:00");
        await Expect(page.Locator("[data-refusal=nothing-here]")).ToContainTextAsync("Nothing was released in this time");
        Assert.Equal(404, (await page.GotoAsync("/history?space=elsewhere"))!.Status);
    }

    [GeneratedRegex("\\s+")]
    private static partial Regex Blank();

    [GeneratedRegex("<polyline points=\"(?<points>[^\"]+)\" fill=\"none\" stroke=\"[^\"]+\" stroke-width=\"1.75\" stroke-opacity=\"1\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Steps();
}

using Monitoring.Harness;
using static Microsoft.Playwright.Assertions;

namespace Monitoring.Browser.Tests.Alarms;

/// <summary>The list of alarms in a real browser, on a real hub, with alarms raised over MQTT.</summary>
public sealed class AlarmListTests(Chromium chromium)
{
    /// <summary>Ten times the target of one second.</summary>
    private const float ShownWithinMs = 10_000;

    /// <summary>Notes, on the clock that all pages of a browser share, when a page first says that it has taken an alarm and when it first shows one as taken.</summary>
    private const string NoteWhen = """
        () => {
          window.noted = { taken: 0, shown: 0 };
          const note = () => {
            const now = performance.timeOrigin + performance.now();
            if (!window.noted.taken && document.querySelector('.said.done')?.textContent.includes('Taken:')) window.noted.taken = now;
            if (!window.noted.shown && document.querySelector('tr[data-state=acknowledged] .who')?.textContent.includes('by ')) window.noted.shown = now;
          };
          new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
        }
        """;

    [Fact]
    public async Task Two_take_the_same_alarm_at_once_one_wins_and_the_other_is_told_by_whom_and_when()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", AlarmSites.Cameras(1, 1)), cancellation);
        await using var anna = await SignedInAsync(hub, "anna", "operator", cancellation);
        await using var bert = await SignedInAsync(hub, "bert", "supervisor", cancellation);
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "cabinet", hub.Secret("cabinet"), cancellation);
        await OpenAlarmsAsync(anna);
        await OpenAlarmsAsync(bert);
        await publisher.SeeAsync(1, 1, 80, cancellation);
        var annas = anna.Page.Locator("button.take:not([disabled])");
        var berts = bert.Page.Locator("button.take:not([disabled])");
        await Expect(annas).ToHaveCountAsync(1);
        await Expect(berts).ToHaveCountAsync(1);

        await anna.Page.EvaluateAsync(NoteWhen);
        await bert.Page.EvaluateAsync(NoteWhen);
        // Clicked in the pages themselves, so that both calls are on their way before either answer is drawn.
        await Task.WhenAll(annas.EvaluateAsync("button => button.click()"), berts.EvaluateAsync("button => button.click()"));
        foreach (var page in new[] { anna.Page, bert.Page })
        {
            await Expect(page.Locator("tr[data-state=acknowledged] .who")).ToContainTextAsync("by ", new() { Timeout = ShownWithinMs });
            await Expect(page.Locator(".said").First).Not.ToBeEmptyAsync(new() { Timeout = ShownWithinMs });
        }

        var said = new[] { await anna.Page.Locator(".said").First.InnerTextAsync(), await bert.Page.Locator(".said").First.InnerTextAsync() };
        var winner = said[0].Contains("Taken:", StringComparison.Ordinal) ? "anna" : "bert";
        Assert.Contains("Taken:", said[winner == "anna" ? 0 : 1], StringComparison.Ordinal);
        Assert.Matches($@"{winner} was first: took .* at \d\d:\d\d:\d\d", said[winner == "anna" ? 1 : 0]);
        Assert.Contains(winner, await anna.Page.Locator("tr[data-alarm] .who").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains(winner, await bert.Page.Locator("tr[data-alarm] .who").InnerTextAsync(), StringComparison.Ordinal);
        var taken = await (winner == "anna" ? anna : bert).Page.EvaluateAsync<double>("window.noted.taken");
        var shown = await Task.WhenAll(anna.Page.EvaluateAsync<double>("window.noted.shown"), bert.Page.EvaluateAsync<double>("window.noted.shown"));
        Assert.All(shown.Append(taken), at => Assert.True(at > 0, "a page did not note when it showed the alarm as taken"));
        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"From the answer to {winner} until both pages showed it: {shown.Max() - taken:0} ms; target: 1000 ms."));
        Assert.Empty(anna.Errors);
        Assert.Empty(bert.Errors);
        await (winner == "anna" ? bert : anna).KeepAsync("alarms-second-is-told");
    }

    [Fact]
    public async Task An_alarm_of_the_hub_itself_stands_in_the_list_and_is_taken_and_a_technician_sees_it()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", AlarmSites.Cameras(1, 1)), cancellation);
        await using var anna = await SignedInAsync(hub, "anna", "operator", cancellation);
        await using var tech = await SignedInAsync(hub, "tech", "technician", cancellation);
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "cabinet", hub.Secret("cabinet"), cancellation);
        await OpenAlarmsAsync(anna);
        await publisher.SeeAsync(1, 1, 80, cancellation);
        using (HeldStore.Journal(hub.Data))
        {
            Assert.False((await publisher.PublishAsync("equipment/cam-1-1/readings", """{"readings":[]}""", cancellation)).IsSuccess);
            await OpenAlarmsAsync(tech);
            foreach (var page in new[] { anna, tech })
                await Expect(page.Page.Locator("tr[data-alarm='_intake.1'] .c-what")).ToHaveTextAsync("The journal of gateway-1 takes nothing: what equipment sends is refused. See to its disk, that no other program holds the file, and, where it is full, why spaces do not save", new() { Timeout = ShownWithinMs });
            await Expect(tech.Page.Locator("tr[data-alarm]")).ToHaveCountAsync(1);
            await Expect(tech.Page.Locator("button.take")).ToHaveCountAsync(0);
            await anna.KeepLooksAsync("alarms-of-the-hub");
            // Also on the page of the camera, which may be well: nobody is sent to its power or network.
            foreach (var page in new[] { anna, tech })
            {
                await Expect(page.Page.Locator(".journal-away")).ToContainTextAsync("takes nothing from equipment since");
                await Expect(page.Page.Locator(".live")).ToContainTextAsync("nothing comes in");
                await page.Page.GotoAsync("/equipment/cam-1-1");
                await Expect(page.Page.Locator(".journal-away")).ToContainTextAsync("the silence is the hub's");
                await Expect(page.Page.Locator(".reasons")).ToContainTextAsync("The hub refuses what it sends");
                await Expect(page.Page.Locator(".device-head")).ToContainTextAsync("not known now");
                await Expect(page.Page.Locator(".device-view")).Not.ToContainTextAsync("Check its power");
            }

            await tech.KeepLooksAsync("device-journal-away");
            await tech.Page.GotoAsync("/alarms");
            await anna.Page.GotoAsync("/");
            await Expect(anna.Page.Locator(".nav .count")).ToContainTextAsync("2");
            await Expect(anna.Page.Locator(".alarm-strip")).ToHaveAttributeAsync("data-waiting", "2");
            await Expect(anna.Page.Locator(".totals .waiting")).ToContainTextAsync("2of 2 open");
            await anna.KeepLooksAsync("overview-journal-away");
            await OpenAlarmsAsync(anna);
            await Expect(anna.Page.Locator("[data-active]")).ToHaveTextAsync("2 active, 2 not taken");
            await anna.Page.Locator("tr[data-alarm='_intake.1'] button.take").ClickAsync();
            await Expect(anna.Page.Locator("tr[data-alarm='_intake.1'] .who")).ToContainTextAsync("by anna", new() { Timeout = ShownWithinMs });
        }

        await publisher.SeeAsync(1, 1, 10, cancellation);
        await Expect(tech.Page.Locator(".journal-away")).ToHaveCountAsync(0, new() { Timeout = 300_000 });
        await Expect(tech.Page.Locator(".empty")).ToContainTextAsync("No alarm for technicians", new() { Timeout = 300_000 });
        Assert.Empty(anna.Errors);
        Assert.Empty(tech.Errors);
    }

    [Fact]
    public async Task An_alarm_is_taken_with_a_note_by_keyboard_alone_and_its_steps_say_so()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", AlarmSites.Cameras(1, 3)), cancellation);
        await using var anna = await SignedInAsync(hub, "anna", "operator", cancellation);
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "cabinet", hub.Secret("cabinet"), cancellation);
        var keyboard = anna.Page.Keyboard;
        await Expect(anna.Page.Locator("[data-beat]")).ToBeVisibleAsync();
        await keyboard.PressAsync("g");
        await keyboard.PressAsync("a");
        await Expect(anna.Page.Locator("[data-note][data-ready]")).ToHaveCountAsync(1);
        await Expect(anna.Page.Locator(".empty")).ToContainTextAsync("No active alarm");
        await anna.KeepLooksAsync("alarms-none");
        for (var zone = 1; zone <= 3; zone++)
            await publisher.SeeAsync(1, zone, 80, cancellation);
        await Expect(anna.Page.Locator("tr[data-state=unacknowledged]")).ToHaveCountAsync(3);
        await Expect(anna.Page.Locator(".alarm-strip [aria-live]")).ToContainTextAsync("New alarm:");

        await keyboard.PressAsync("j");
        await keyboard.PressAsync("j");
        await keyboard.PressAsync("j");
        await Expect(anna.Page.Locator("tr[data-selected]")).ToHaveAttributeAsync("data-alarm", await anna.Page.Locator("tr[data-alarm]").Nth(2).GetAttributeAsync("data-alarm") ?? "");
        var third = await anna.Page.Locator("tr[data-selected]").GetAttributeAsync("data-alarm");
        await keyboard.PressAsync("n");
        await anna.KeepAsync("alarms-note");
        await keyboard.TypeAsync("Team 4 is on its way");
        await keyboard.PressAsync("Control+Enter");
        await Expect(anna.Page.Locator($"tr[data-alarm='{third}']")).ToHaveAttributeAsync("data-state", "acknowledged");
        await Expect(anna.Page.Locator($"tr[data-alarm='{third}'] .who")).ToContainTextAsync("anna");
        await Expect(anna.Page.Locator($"tr[data-alarm='{third}'] .who")).ToContainTextAsync("Team 4 is on its way");

        // The next that waits was selected; one key each takes the others.
        await keyboard.PressAsync("a");
        await Expect(anna.Page.Locator("tr[data-state=acknowledged]")).ToHaveCountAsync(2);
        await keyboard.PressAsync("a");
        await Expect(anna.Page.Locator("tr[data-state=acknowledged]")).ToHaveCountAsync(3);
        await Expect(anna.Page.Locator(".alarm-strip")).ToHaveAttributeAsync("data-waiting", "0");

        await publisher.SeeAsync(1, 3, 5, cancellation);
        await Expect(anna.Page.Locator($"tr[data-alarm='{third}'][data-state=acknowledged]")).ToHaveCountAsync(0);
        await anna.Page.GotoAsync("/alarms?view=closed");
        await Expect(anna.Page.Locator(".pulse")).Not.ToHaveAttributeAsync("data-beat", "0");
        await anna.Page.Locator($"tr[data-alarm='{third}'] [data-steps]").ClickAsync();
        await Expect(anna.Page.Locator(".steps li")).ToHaveCountAsync(3);
        await Expect(anna.Page.Locator(".steps")).ToContainTextAsync("by anna");
        await anna.KeepLooksAsync("alarms-over-steps");
    }

    [Fact]
    public async Task A_note_that_came_second_keeps_its_text_and_says_who_was_first()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", AlarmSites.Cameras(1, 1)), cancellation);
        await using var anna = await SignedInAsync(hub, "anna", "operator", cancellation);
        await using var bert = await SignedInAsync(hub, "bert", "supervisor", cancellation);
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "cabinet", hub.Secret("cabinet"), cancellation);
        await OpenAlarmsAsync(anna);
        await OpenAlarmsAsync(bert);
        await publisher.SeeAsync(1, 1, 80, cancellation);
        await Expect(anna.Page.Locator("tr[data-state=unacknowledged]")).ToHaveCountAsync(1);
        await anna.Page.Keyboard.PressAsync("j");
        await anna.Page.Keyboard.PressAsync("n");
        await anna.Page.Keyboard.TypeAsync("Team 4 is on its way");
        await Expect(anna.Page.Locator("[data-note-for]")).ToContainTextAsync(" · ");

        await bert.Page.Locator("button.take:not([disabled])").ClickAsync();
        await Expect(anna.Page.Locator("tr[data-state=acknowledged]")).ToHaveCountAsync(1);
        await anna.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(anna.Page.Locator("[data-note-said]")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"^bert was first at \d\d:\d\d:\d\d; your note was not stored\.$"));
        await Expect(anna.Page.Locator("dialog[data-note][open] textarea")).ToHaveValueAsync("Team 4 is on its way");
        await anna.KeepAsync("alarms-note-second");
        await anna.Page.ClickAsync("[data-note-close]");
        await Expect(anna.Page.Locator("dialog[data-note][open]")).ToHaveCountAsync(0);

        // Enter on a selected row leads to its space, and so does the line above every page.
        await anna.Page.Keyboard.PressAsync("j");
        await anna.Page.Keyboard.PressAsync("Enter");
        await anna.Page.WaitForURLAsync("**/spaces/space-1");
        Assert.Empty(anna.Errors);
    }

    [Fact]
    public async Task The_list_keeps_its_rows_while_one_is_selected_and_new_ones_are_told()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", AlarmSites.Cameras(1, 4)), cancellation);
        await using var anna = await SignedInAsync(hub, "anna", "operator", cancellation);
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "cabinet", hub.Secret("cabinet"), cancellation);
        await OpenAlarmsAsync(anna);
        await publisher.SeeAsync(1, 3, 80, cancellation);
        await publisher.SeeAsync(1, 4, 80, cancellation);
        await Expect(anna.Page.Locator("tr[data-alarm]")).ToHaveCountAsync(2);
        var first = await anna.Page.Locator("tr[data-alarm]").First.GetAttributeAsync("data-alarm") ?? "";
        await anna.Page.Keyboard.PressAsync("j");
        await Expect(anna.Page.Locator("tr[data-selected]")).ToHaveAttributeAsync("data-alarm", first);

        await publisher.SeeAsync(1, 1, 80, cancellation);
        await Expect(anna.Page.Locator(".arrived")).ToContainTextAsync("1 new below");
        Assert.Equal(first, await anna.Page.Locator("tr[data-alarm]").First.GetAttributeAsync("data-alarm"));
        await anna.KeepAsync("alarms-held");
        await anna.Page.Keyboard.PressAsync("Escape");
        await Expect(anna.Page.Locator("tr[data-alarm]").First).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("priority-1"));
        await Expect(anna.Page.Locator(".arrived")).ToHaveCountAsync(0);
        Assert.Empty(anna.Errors);
    }

    [Fact]
    public async Task Thirty_alarms_show_clean_in_both_schemes_and_sizes_and_three_hundred_still_work()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", AlarmSites.Cameras(10, 30)), cancellation);
        var password = await hub.AddUserAsync("anna", "operator", cancellation);
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "cabinet", hub.Secret("cabinet"), cancellation);
        for (var i = 0; i < 30; i++)
            await publisher.SeeAsync(1 + (i % 10), 1 + (i / 3), 55 + (i * 7), cancellation);
        using var http = await hub.OperatorAsync(cancellation);
        await Waiting.UntilAsync("30 alarms", async () => (await http.GetStringAsync("api/alarms", cancellation)).Split("\"raisedAt\"").Length == 31, TimeSpan.FromSeconds(60), cancellation);
        foreach (var (id, note) in new[] { ("space-1.1", "Stewards informed"), ("space-2.1", "") })
        {
            using var taken = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(http, $"api/alarms/{id}/acknowledge", new { note }, cancellation);
            taken.EnsureSuccessStatusCode();
        }

        await publisher.SeeAsync(4, 2, 5, cancellation);
        await using var watched = await chromium.OpenAsync(hub.Address);
        await watched.SignInAsync("anna", password);
        await OpenAlarmsAsync(watched);
        await Expect(watched.Page.Locator("tr[data-alarm]")).ToHaveCountAsync(30);
        await Expect(watched.Page.Locator("tr[data-state=returned], tr[data-state=unacknowledged]")).ToHaveCountAsync(28);
        await watched.Page.Keyboard.PressAsync("j");
        await watched.KeepLooksAsync("alarms-30");
        for (var i = 0; i < 300; i++)
            await publisher.SeeAsync(1 + (i % 10), 1 + (i / 10), 90, cancellation);
        await OpenAlarmsAsync(watched);
        await Expect(watched.Page.Locator("tr[data-alarm]")).ToHaveCountAsync(300);
        await watched.Page.Keyboard.PressAsync("j");
        await Expect(watched.Page.Locator("tr[data-selected]")).ToHaveCountAsync(1);
        var chosen = await watched.Page.Locator("tr[data-selected]").GetAttributeAsync("data-alarm");
        await watched.Page.Keyboard.PressAsync("a");
        await Expect(watched.Page.Locator($"tr[data-alarm='{chosen}']")).ToHaveAttributeAsync("data-state", "acknowledged");
        Assert.Empty(watched.Errors);
        await watched.KeepAsync("alarms-300");
    }

    [Fact]
    public async Task A_technician_finds_no_alarm_of_counts_and_an_analyst_no_live_page()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", AlarmSites.Cameras(1, 1)), cancellation);
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "cabinet", hub.Secret("cabinet"), cancellation);
        await publisher.SeeAsync(1, 1, 80, cancellation);
        await using var anna = await SignedInAsync(hub, "anna", "operator", cancellation);
        await OpenAlarmsAsync(anna);
        await Expect(anna.Page.Locator("tr[data-alarm]")).ToHaveCountAsync(1);

        await using var tech = await SignedInAsync(hub, "tech", "technician", cancellation);
        await OpenAlarmsAsync(tech);
        await Expect(tech.Page.Locator(".empty")).ToContainTextAsync("No alarm for technicians");
        Assert.Equal(0, await tech.Page.Locator("tr[data-alarm], .alarm-strip").CountAsync());
        Assert.DoesNotContain("people/m²", await tech.Page.ContentAsync(), StringComparison.Ordinal);
        await tech.KeepLooksAsync("alarms-technician");

        foreach (var role in new[] { "analyst", "dpo" })
        {
            await using var watched = await SignedInAsync(hub, role, role, cancellation);
            await Expect(watched.Page.Locator("h1")).ToHaveTextAsync("History");
            await watched.AssertCleanAsync();
            await watched.KeepAsync($"landing-{role}");
            foreach (var path in new[] { "/alarms", "/equipment", "/equipment/cam-1-1" })
            {
                var answer = await watched.Page.GotoAsync(path);
                Assert.Equal(403, answer!.Status);
            }
        }
    }

    [Fact]
    public async Task A_lost_hub_is_said_and_nothing_can_be_taken()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", AlarmSites.Cameras(1, 1)), cancellation);
        await using var anna = await SignedInAsync(hub, "anna", "operator", cancellation);
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "cabinet", hub.Secret("cabinet"), cancellation);
        await OpenAlarmsAsync(anna);
        await publisher.SeeAsync(1, 1, 80, cancellation);
        await Expect(anna.Page.Locator("tr[data-state=unacknowledged]")).ToHaveCountAsync(1);
        await hub.KillAsync();
        await Expect(anna.Page.Locator("body.lost #lost")).ToContainTextAsync("No live data since", new() { Timeout = 50_000 });
        await anna.Page.Keyboard.PressAsync("a");
        await Expect(anna.Page.Locator("[data-said-here]")).ToContainTextAsync("Nothing can be taken now");
        await anna.Page.Keyboard.PressAsync("g");
        await anna.Page.Keyboard.PressAsync("o");
        await Expect(anna.Page.Locator("#lost")).ToContainTextAsync("held until the hub answers");
        await anna.Page.Locator(".nav a").First.ClickAsync();
        await Expect(anna.Page.Locator("tr[data-state=unacknowledged]")).ToHaveCountAsync(1);
        await anna.KeepAsync("alarms-lost");

        await hub.StartAgainAsync(cancellation);
        await Expect(anna.Page.Locator("body:not(.lost) tr[data-state=unacknowledged]")).ToHaveCountAsync(1, new() { Timeout = 60_000 });
        await Expect(anna.Page.Locator("[data-note][data-ready]")).ToHaveCountAsync(1);
        await anna.Page.Locator("button.take:not([disabled])").ClickAsync();
        await Expect(anna.Page.Locator("tr[data-state=acknowledged]")).ToHaveCountAsync(1);
    }

    private static async Task OpenAlarmsAsync(WatchedPage watched)
    {
        await watched.Page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
        await Expect(watched.Page.Locator("main#content")).ToBeVisibleAsync();
        await watched.Page.GotoAsync("/alarms");
        await Expect(watched.Page.Locator("[data-note][data-ready]")).ToHaveCountAsync(1);
    }

    private async Task<WatchedPage> SignedInAsync(HubUnderTest hub, string user, string role, CancellationToken cancellation)
    {
        var password = await hub.AddUserAsync(user, role, cancellation);
        var watched = await chromium.OpenAsync(hub.Address);
        await watched.SignInAsync(user, password);
        return watched;
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard.History;
using Monitoring.Domain.History;
using Monitoring.Domain.Spaces;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.History;

/// <summary>The public notice says what is promised and spent, and what nobody told it.</summary>
public sealed class NoticeTests
{
    private const string Camera = """
            devices:
              - { id: camera, kind: counting-camera, intervalSeconds: 60, channels: [{ name: view, zone: main }] }
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_notice_has_the_figures_of_the_terms_in_force_and_of_the_ledger()
    {
        await using var hub = await StartAsync("");
        using var anyone = hub.Client(null);
        var page = await anyone.GetStringAsync("privacy/square", Cancellation);
        Assert.Contains("a factor of 2.72 for a whole day (up to 4 crossings), or 1.28 for a single crossing", page, StringComparison.Ordinal);
        Assert.Contains("typically off by 4, 19 times in 20 by no more than 12", page, StringComparison.Ordinal);
        Assert.Contains("Numbers of one cell below 19 are not shown", page, StringComparison.Ordinal);
        Assert.Contains("kept for at least 761 days: those of a month until its last day is older. Then only the sum of the month is kept.", page, StringComparison.Ordinal);
        Assert.Contains("cut into cells: from 00:00 to 06:00 one; from 06:00 to 24:00 one for every 60 minutes.", page, StringComparison.Ordinal);
        Assert.Contains("today used: 1; numbers refused this month: 5)", page, StringComparison.Ordinal);
        Assert.Contains("2026-11-22</th><td>passages</td><td>1</td><td>8</td>", page, StringComparison.Ordinal);

        var view = await anyone.GetFromJsonAsync<JsonElement>("api/privacy/square", Cancellation);
        Assert.Equal(5, view.GetProperty("refusedThisMonth").GetInt32());
        Assert.Equal(761, view.GetProperty("keptDays").GetInt32());
        Assert.Equal(Math.E, view.GetProperty("factorOfDay").GetDouble(), 9);
        Assert.Equal("flow", view.GetProperty("days")[0].GetProperty("kind").GetString());
        Assert.Contains(view.GetProperty("notice").EnumerateArray(), part => page.Contains(part.GetProperty("heading").GetString()!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_notice_tells_of_every_place_in_which_an_exact_number_stays_and_for_how_long()
    {
        await using var hub = await StartAsync("");
        using var anyone = hub.Client(null);
        var page = await anyone.GetStringAsync("privacy/square", Cancellation);
        Assert.Contains("live, with the course of the last 2 hours at most, and totals of a day until the end of the next; and in alarms. ", page, StringComparison.Ordinal);
        Assert.Contains("An alarm keeps the value that raised it and the highest one until 30 days after it is over. ", page, StringComparison.Ordinal);
        Assert.Contains("waits on disk until it is added up, 6 hours at most; no page shows it.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("only live", page, StringComparison.Ordinal);

        // Without releases there are alarms all the same, and numbers of earlier days.
        var closed = NoticeText.Of(SquareOf(), hub.History.Report with { Terms = null }, new DateOnly(2026, 11, 22));
        var kept = Assert.Single(closed, part => part.Heading == "What is kept?").Text;
        Assert.Contains("exact ones are kept no longer than said above. If numbers with noise were released earlier, they stay.", kept, StringComparison.Ordinal);
        Assert.Contains("at least 761 days", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_people_in_zones_are_released_the_notice_says_so_with_their_bound_and_their_noise()
    {
        await using var hub = await StartAsync("");
        var terms = hub.History.Report.Terms!;
        var flow = terms.Groups[0] with { EpsilonMicro = 500_000 };
        hub.History.Report = hub.History.Report with { Terms = terms with { Groups = [flow, new PrivacyGroup(HistoryKind.Presence, 500_000, 240, 1_438, 480, 2_240, ["main-presence"])] } };
        using var anyone = hub.Client(null);
        var page = await anyone.GetStringAsync("privacy/square", Cancellation);
        Assert.Contains("Of today&#x27;s numbers those of passages over one line and the people in 1 zone are published, with noise; no others.", page, StringComparison.Ordinal);
        Assert.Contains("each zone one number of person-minutes is kept", page, StringComparison.Ordinal);
        Assert.Contains("typically off by 480, 19 times in 20 by no more than 1438. Numbers of one cell below 2240 are not shown.", page, StringComparison.Ordinal);
        Assert.Contains("a factor of 2.72 for a whole day (up to 4 crossings and 240 minutes in which you are counted, each zone for itself). (epsilon", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_counted_is_what_the_equipment_counts_and_what_of_it_is_released_is_said_beside_it()
    {
        await using var hub = await StartAsync("");
        var flow = hub.History.Report.Terms!;
        var both = flow with { Groups = [flow.Groups[0], new PrivacyGroup(HistoryKind.Presence, 500_000, 240, 1_438, 480, 2_240, ["main-presence"])] };

        var seen = CountedOf(SquareOf(Camera), flow);
        Assert.StartsWith("We count passages over one line and the people in 1 zone at Square (the purpose", seen, StringComparison.Ordinal);
        Assert.Contains("Counting is done by counting cameras and counters. Of today's numbers those of passages over one line are published, with noise; no others. Pictures", seen, StringComparison.Ordinal);
        Assert.Contains("those of passages over one line and the people in 1 zone are published, with noise; no others.", CountedOf(SquareOf(Camera), both), StringComparison.Ordinal);

        var closed = CountedOf(SquareOf(Camera), null);
        Assert.StartsWith("We count passages over one line and the people in 1 zone at Square", closed, StringComparison.Ordinal);
        Assert.Contains("Of today's numbers none is published.", closed, StringComparison.Ordinal);

        var square = SquareOf(Camera);
        var without = CountedOf(square with { Lines = [], Devices = [.. square.Devices.Where(device => device.Id == "camera")] }, null);
        Assert.StartsWith("We count the people in 1 zone at Square (the purpose", without, StringComparison.Ordinal);
        Assert.Contains("Counting is done by counting cameras. Of today", without, StringComparison.Ordinal);

        Assert.Contains("From the passages we work out how many people are in 1 zone.", CountedOf(SquareOf(), flow), StringComparison.Ordinal);
        Assert.DoesNotContain("we work out", seen, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_space_that_counts_nothing_the_notice_says_that_nobody_is_counted()
    {
        var text = CountedOf(SquareOf() with { Devices = [] }, null);
        Assert.StartsWith("Nobody is counted at Square at present: no equipment there counts people. Of today's numbers none is published. Pictures", text, StringComparison.Ordinal);
        Assert.DoesNotContain("0 line", text, StringComparison.Ordinal);
        Assert.DoesNotContain("purpose", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_notice_leads_to_open_data_only_where_there_is_some()
    {
        await using var open = await StartAsync("");
        await using var closed = await StartAsync("", "release: { class: closed }");
        using var anyone = open.Client(null);
        using var passer = closed.Client(null);
        Assert.Contains("href=\"/open-data/square\"", await anyone.GetStringAsync("privacy/square", Cancellation), StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/open-data", await passer.GetStringAsync("privacy/square", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terms_of_a_later_day_are_told_with_the_day_from_which_they_hold()
    {
        await using var hub = await StartAsync("");
        var terms = hub.History.Report.Terms!;
        using var anyone = hub.Client(null);
        Assert.DoesNotContain("What changes", await anyone.GetStringAsync("privacy/square", Cancellation), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await anyone.GetFromJsonAsync<JsonElement>("api/privacy/square", Cancellation)).GetProperty("next").ValueKind);

        var next = NoticeText.Of(SquareOf(), hub.History.Report with { Next = new NextTerms(new DateOnly(2026, 11, 24), terms with { EpsilonMicro = 2_000_000, Groups = [terms.Groups[0] with { EpsilonMicro = 2_000_000, Bound = 8, Err95 = 11 }] }) }, new DateOnly(2026, 11, 22));
        var change = Assert.Single(next, part => part.Heading == "What changes").Text;
        Assert.Contains("from 2026-11-24 on", change, StringComparison.Ordinal);
        Assert.Contains("by no more than 11", change, StringComparison.Ordinal);
        Assert.Contains("a factor of 7.39 for a whole day (up to 8 crossings)", change, StringComparison.Ordinal);
        Assert.Contains("a factor of 2.72 for a whole day", Assert.Single(next, part => part.Heading == "What this means for you").Text, StringComparison.Ordinal);
        var end = NoticeText.Of(SquareOf(), hub.History.Report with { Next = new NextTerms(new DateOnly(2026, 11, 24), null) }, new DateOnly(2026, 11, 22));
        Assert.Contains("From 2026-11-24 on no numbers of this space", Assert.Single(end, part => part.Heading == "What changes").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_site_does_not_say_is_said_to_be_missing_and_nothing_is_invented()
    {
        await using var hub = await StartAsync("");
        using var anyone = hub.Client(null);
        var page = await anyone.GetStringAsync("privacy/square", Cancellation);
        Assert.Contains("the purpose is missing here", page, StringComparison.Ordinal);
        Assert.Equal(4, page.Split("missing here (the operator has not stated it)").Length - 1);
        Assert.Contains("its name is missing here", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_space_says_what_differs_from_its_site_and_its_words_are_text_and_not_markup()
    {
        await using var hub = await StartAsync("notice: { purpose: nobody is crushed, contact: dpo@site.example, authority: The Authority }", "notice: { contact: \"<b>dpo</b>@space.example\" }");
        using var anyone = hub.Client(null);
        var page = await anyone.GetStringAsync("privacy/square", Cancellation);
        Assert.Contains("so that nobody is crushed.", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;dpo&lt;/b&gt;@space.example. Supervisory authority: The Authority", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("notice: { phone: 112 }", "unknown field 'phone'")]
    [InlineData("notice: { purpose: [a, b] }", "purpose of notice is not a single value")]
    public void A_notice_that_does_not_read_is_named(string notice, string problem)
    {
        var (_, problems) = CompiledSite.Compile(new SiteDocument("site.yaml", $"{notice}\n{FixtureSites.Square(1, 60)}", new Dictionary<string, string>()));
        Assert.Contains(problem, Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_of_the_notice_has_500_characters_at_most()
    {
        Assert.Empty(ProblemsOf(new string('x', 500)));
        Assert.Contains("501 characters", Assert.Single(ProblemsOf(new string('x', 501))), StringComparison.Ordinal);

        static IEnumerable<string> ProblemsOf(string purpose) =>
            CompiledSite.Compile(new SiteDocument("site.yaml", $"notice: {{ purpose: {purpose} }}\n{FixtureSites.Square(1, 60)}", new Dictionary<string, string>())).Problems.Select(problem => problem.ToString());
    }

    private static string CountedOf(PublicSpace space, PrivacyTerms? terms) =>
        Assert.Single(NoticeText.Of(space, new PrivacyReport("square", "Europe/Brussels", terms, [], 761), new DateOnly(2026, 11, 22)), part => part.Heading == "What is counted").Text;

    private static PublicSpace SquareOf(string devices = "    devices:") =>
        CompiledSite.Compile(new SiteDocument("site.yaml", FixtureSites.Square(1, 60).Replace("    devices:", devices, StringComparison.Ordinal), new Dictionary<string, string>())).Site!.Site.Spaces[0];

    private static async Task<HistoryOverHttp> StartAsync(string notice, string spaceNotice = "")
    {
        var site = FixtureSites.Square(1, 60).Replace("    timeZone:", spaceNotice.Length == 0 ? "    timeZone:" : $"    {spaceNotice}\n    timeZone:", StringComparison.Ordinal);
        var hub = await HistoryOverHttp.StartAsync(SomePoints.Midnight.AddHours(9), Cancellation, $"{notice}\n{site}");
        var today = new DateOnly(2026, 11, 22);
        hub.History.Report = hub.History.Report with
        {
            Days =
            [
                new PrivacyDay(today, HistoryKind.Flow, 1_000_000, 8, new Dictionary<string, int> { ["no-data"] = 9, ["budget-spent"] = 2 }),
                new PrivacyDay(today.AddDays(-1), HistoryKind.Flow, 1_000_000, 38, new Dictionary<string, int> { ["terms-changed"] = 3 }),
                new PrivacyDay(new DateOnly(2026, 10, 31), HistoryKind.Flow, 1_000_000, 38, new Dictionary<string, int> { ["refused"] = 40 }),
            ],
        };
        return hub;
    }
}

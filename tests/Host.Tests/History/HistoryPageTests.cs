using System.Net;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Dashboard.History;
using Monitoring.Dashboard.Web;
using Monitoring.Domain;
using Monitoring.Domain.History;
using Monitoring.Harness;
using Monitoring.Host.Tests.Accounts;

namespace Monitoring.Host.Tests.History;

/// <summary>What the page of history says: why there is nothing, and how far its numbers are off.</summary>
public sealed partial class HistoryPageTests
{
    [Theory]
    [InlineData("yesterday", "2026-11-22T00:00", "range-unread", "cannot be read")]
    [InlineData("2026-11-21T00:00", "", "range-unread", "is missing")]
    [InlineData("1990-01-01T00:00", "2026-11-22T00:00", "range-years", "outside the years 2001 to 2199")]
    [InlineData("2000-12-31T23:59", "2001-01-01T00:00", "range-years", "outside the years 2001 to 2199")]
    [InlineData("2026-11-21T00:00", "2200-01-01T00:00", "range-years", "outside the years 2001 to 2199")]
    [InlineData("2026-11-22T00:00", "2026-11-22T00:00", "range-reversed", "To does not lie after from")]
    public async Task What_is_wrong_with_a_range_is_said_and_the_fields_keep_what_was_typed(string from, string to, string refusal, string words)
    {
        var look = await LoadAsync(Asked(range: "own", from: from, to: to));
        Assert.Equal(refusal, look.Problem?.Refusal);
        Assert.Contains(words, await TextAsync<HistoryRefused>(look), StringComparison.Ordinal);
        var form = await MarkupAsync<HistoryPickers>(look);
        Assert.Contains($"name=\"from\" type=\"datetime-local\" value=\"{from}\"", form, StringComparison.Ordinal);
        Assert.Contains($"name=\"to\" type=\"datetime-local\" value=\"{to}\"", form, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-11-21T06:00", "", "no-events", "starts of both events are needed")]
    [InlineData("yesterday", "2026-11-21T06:00", "no-events", "as day and time")]
    [InlineData("2026-11-21T06:00", "0026-11-14T06:00", "events-years", "outside the years 2001 to 2199")]
    [InlineData("2000-12-31T23:59", "2026-11-14T06:00", "events-years", "outside the years 2001 to 2199")]
    public async Task What_is_wrong_with_the_start_of_an_event_is_said_and_the_fields_keep_what_was_typed(string first, string second, string refusal, string words)
    {
        var look = await LoadAsync(Asked() with { View = "compare", First = first, Second = second });
        Assert.Equal(refusal, look.Problem?.Refusal);
        Assert.Contains(words, await TextAsync<HistoryRefused>(look), StringComparison.Ordinal);
        var form = await MarkupAsync<HistoryPickers>(look);
        Assert.Contains($"name=\"first\" type=\"datetime-local\" value=\"{first}\"", form, StringComparison.Ordinal);
        Assert.Contains($"name=\"second\" type=\"datetime-local\" value=\"{second}\"", form, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_and_the_last_year_are_taken()
    {
        var look = await LoadAsync(Asked(range: "own", from: "2001-01-01T00:00", to: "2199-12-31T23:59"));
        Assert.Null(look.Query.SpanFault(look.Time));
        Assert.Equal(new DateTimeOffset(2000, 12, 31, 23, 0, 0, TimeSpan.Zero), look.From);
    }

    [Fact]
    public async Task Months_that_are_not_given_yet_are_not_said_to_be_unreleased()
    {
        var look = await LoadAsync(Asked(grid: "P1M"));
        Assert.Equal("nothing-here", look.Problem?.Refusal);
        var text = await TextAsync<HistoryRefused>(look);
        Assert.DoesNotContain("Nothing was released", text, StringComparison.Ordinal);
        Assert.Contains("all of its days are older than released numbers are kept", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_of_a_part_of_its_time_says_so_and_gives_no_mean_of_people()
    {
        var text = await TextAsync<HistoryCourse>(await LoadAsync(Asked(), point => point with { Coverage = point.Coverage with { Cells = 2_976, CellsReleased = 2_900 } }));
        Assert.Contains("1 h, 2\u202f900 of 2\u202f976 periods", text, StringComparison.Ordinal);
        Assert.DoesNotContain("periods", await TextAsync<HistoryCourse>(await LoadAsync(Asked())), StringComparison.Ordinal);

        var whole = SomePoints.Of(HistoryGrid.Month, SomePoints.Midnight, TimeSpan.FromDays(30), 43_200) with { Kind = HistoryKind.Presence };
        var part = whole with { Coverage = whole.Coverage with { Cells = 30, CellsReleased = 29 } };
        Assert.StartsWith("1 ± ", HistoryWords.People(whole), StringComparison.Ordinal);
        Assert.Null(HistoryWords.People(part));
        Assert.StartsWith("43\u202f200 person-minutes in 29 of 30 periods, those that have a number, the true number within ", HistoryWords.Say(part), StringComparison.Ordinal);
        Assert.DoesNotContain("periods", HistoryWords.Say(whole), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beside_numbers_as_released_the_figures_of_one_released_number_stand_alone()
    {
        var text = await TextAsync<HistoryAccuracy>(await LoadAsync(Asked(grid: "cell")));
        Assert.Contains("typically off by 4, and at least 19 times in 20 by no more than 12. The band", text, StringComparison.Ordinal);
        Assert.Contains("One released number below 19 is mostly noise and is not shown. What is not shown is not zero", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beside_sums_stand_their_own_figures_and_that_less_of_a_sum_is_shown()
    {
        var look = await LoadAsync(Asked(grid: "PT1H"), point => point with { Shown = point.Shown with { Err95 = point.Key.From.Hour < 12 ? 24 : 31 } });
        var text = await TextAsync<HistoryAccuracy>(look);
        Assert.Contains("by no more than 12, the hours here by no more than 24 to 31. The hours are sums", text, StringComparison.Ordinal);
        Assert.Contains("Of a sum, the least that is shown is the higher, the more numbers it has.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beside_the_typical_week_stand_the_figures_of_means_which_can_be_below_the_least_of_one_number()
    {
        var hours = Enumerable.Range(0, 168).Select(hour => hour < 24 ? new HourOfWeek(hour, 14.5, null, 5.25, 8, 0, 60) : new HourOfWeek(hour, null, "suppressed", 99, 8, 0, 60));
        var look = await LoadAsync(Asked(view: "week"), null, new WeekProfile(FakeHistory.Space, "gate-1-in", "Europe/Brussels", SomePoints.Midnight, SomePoints.Midnight.AddDays(1), [.. hours]));
        var text = await TextAsync<HistoryAccuracy>(look);
        Assert.Contains("by no more than 12, the means here by no more than 5.3. A mean is a sum", text, StringComparison.Ordinal);
        Assert.Contains("a mean can be below the least that is shown of one number", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beside_an_event_of_longer_pieces_the_page_says_where_a_number_stands_and_not_that_nothing_was_released()
    {
        // Clocks go forward on 29 March: its night has five hours, that of a week before six.
        var (first, second) = (new DateTimeOffset(2026, 3, 28, 23, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 21, 23, 0, 0, TimeSpan.Zero));
        var points = Night(first, 5).Concat(Night(second, 6)).Where(point => point.Key.From != first.AddHours(8));
        var look = await LoadAsync(Asked(grid: "cell", view: "compare") with { First = "2026-03-29T00:00", Second = "2026-03-22T00:00", Hours = 10 }, points: points);
        Assert.Null(look.Problem);
        var rows = Row().Matches(await MarkupAsync<HistoryCourse>(look)).Select(row => WebUtility.HtmlDecode(row.Value)).ToList();

        Assert.Contains("second part of +0:00 to +6:00\"", One("+0:00 to +5:00"), StringComparison.Ordinal);
        Assert.Contains("colspan=\"2\">part of +0:00 to +6:00</td>", One("+0:00 to +5:00"), StringComparison.Ordinal);
        Assert.Contains("first in rows of +0:00 to +6:00; second 206 crossings", One("+0:00 to +6:00"), StringComparison.Ordinal);
        Assert.Contains("second part of +0:00 to +6:00\"", One("+5:00 to +6:00"), StringComparison.Ordinal);
        // Of this hour the first event has nothing at all.
        Assert.Contains("data-reason=\"none\"", One("+8:00 to +9:00"), StringComparison.Ordinal);
        Assert.Single(rows, row => row.Contains("nothing released", StringComparison.Ordinal));

        string One(string span) => Assert.Single(rows, row => row.Contains($">{span}</th>", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_how_many_hours_a_mean_is_stands_in_its_cell_and_not_only_under_the_pointer()
    {
        var hours = Enumerable.Range(0, 168).Select(hour => hour < 24 ? new HourOfWeek(hour, 14.5, null, 5.25, 8, 2, 60) : new HourOfWeek(hour, null, "no-data", null, 0, hour == 30 ? 1 : 3, 60));
        var text = await TextAsync<HistoryWeek>(await LoadAsync(Asked(view: "week"), null, new WeekProfile(FakeHistory.Space, "gate-1-in", "Europe/Brussels", SomePoints.Midnight, SomePoints.Midnight.AddDays(1), [.. hours])));
        Assert.Equal(24, text.Split("14.5±5.3, mean of 8 hours, 2 hours without a number").Length - 1);
        Assert.Equal(143, text.Split("no data, 3 hours without a number").Length - 1);
        Assert.Contains("no data, 1 hour without a number", text, StringComparison.Ordinal);
    }

    private static IEnumerable<HistoryPoint> Night(DateTimeOffset midnight, int hours) =>
    [
        SomePoints.Of(HistoryGrid.Cell, midnight, TimeSpan.FromHours(hours), 200 + hours),
        .. Enumerable.Range(hours, 24 - hours).Select(hour => SomePoints.Of(HistoryGrid.Cell, midnight.AddHours(hour), TimeSpan.FromHours(1), 100 + hour)),
    ];

    private static HistoryQuery Asked(string? grid = null, string? range = null, string? from = null, string? to = null, string? view = null) =>
        new(FakeHistory.Space, "gate-1-in", null, grid, range, from, to, view, null, null, null);

    private static async Task<HistoryLook> LoadAsync(HistoryQuery query, Func<HistoryPoint, HistoryPoint>? amend = null, WeekProfile? week = null, IEnumerable<HistoryPoint>? points = null)
    {
        var history = new FakeHistory { Week = week };
        history.Points.AddRange((points ?? SomePoints.Day(SomePoints.Midnight)).Select(point => amend?.Invoke(point) ?? point));
        var clock = new HubClock(ClockKind.Replay, TimeProvider.System);
        clock.MoveTo(SomePoints.Midnight.AddDays(1));
        var grains = FakeGrains.Of(new FakeSite(FixtureSites.Square(1, 60)), history);
        using var sites = new SiteSpaces(grains);
        var analyst = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, "ana"), new(ClaimTypes.Role, "analyst")], "said"));
        return await HistoryLook.LoadAsync(query, analyst, sites, grains, clock, TestContext.Current.CancellationToken);
    }

    // As it is read: without markup, and with one space where lines break.
    private static async Task<string> TextAsync<TPart>(HistoryLook look)
        where TPart : IComponent =>
        WebUtility.HtmlDecode(Blank().Replace(Tag().Replace(await MarkupAsync<TPart>(look), ""), " "));

    private static async Task<string> MarkupAsync<TPart>(HistoryLook look)
        where TPart : IComponent
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TPart>(ParameterView.FromDictionary(new Dictionary<string, object?> { ["Look"] = look }))).ToHtmlString());
    }

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();

    [GeneratedRegex("<tr data-from=.*?</tr>", RegexOptions.Singleline)]
    private static partial Regex Row();

    [GeneratedRegex("\\s+")]
    private static partial Regex Blank();
}

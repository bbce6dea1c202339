using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Monitoring.Domain.History;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.History;

/// <summary>What anyone may have: hours of past days, a sign, entities. Never a day that is not over, never less than an hour.</summary>
public sealed partial class OpenDataTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_hours_of_a_day_are_out_with_the_next_day_of_the_space_and_not_a_second_before()
    {
        // In Brussels the 22nd ends at 23:00 UTC.
        await using var before = await StartAsync(SomePoints.Midnight.AddDays(1).AddSeconds(-1));
        using var early = before.Client(null);
        Assert.Equal(0, (await early.GetFromJsonAsync<JsonElement>("open-data/square/gate-1-in.json", Cancellation)).GetProperty("points").GetArrayLength());
        Assert.Equal("/problems/not-out-yet", await TypeAsync(early, "open-data/square/gate-1-in.json?from=2026-11-22&to=2026-11-22"));

        await using var after = await StartAsync(SomePoints.Midnight.AddDays(1));
        using var anyone = after.Client(null);
        var view = await anyone.GetFromJsonAsync<JsonElement>("open-data/square/gate-1-in.json", Cancellation);
        Assert.Equal(("2026-11-22", "2026-11-22"), (view.GetProperty("from").GetString(), view.GetProperty("to").GetString()));
        Assert.Equal(19, view.GetProperty("points").GetArrayLength());
    }

    [Theory]
    [InlineData("from=2026-11-22&to=2026-11-21", "from lies after to")]
    [InlineData("to=2026-11-21", "from lies after to")]
    [InlineData("from=2026-10-01&to=2026-11-01", "too many days")]
    [InlineData("from=2025-10-13&to=2026-11-22", "406 days are asked for, at most 31")]
    [InlineData("from=22.11.2026", "not well formed")]
    [InlineData("from=9999-12-31&to=9999-12-31", "not well formed")]
    [InlineData("to=0001-01-01", "not well formed")]
    public async Task Days_that_make_no_range_are_refused_and_told_what_is_wrong(string query, string words)
    {
        await using var hub = await StartAsync(SomePoints.Midnight.AddDays(1));
        using var anyone = hub.Client(null);
        using var answer = await anyone.GetAsync(new Uri($"open-data/square/gate-1-in.csv?{query}", UriKind.Relative), Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.Contains("/problems/not-well-formed", text, StringComparison.Ordinal);
        Assert.Contains(words, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_data_has_the_same_number_as_the_history_for_the_same_hour()
    {
        await using var hub = await StartAsync(SomePoints.Midnight.AddDays(1));
        using var anyone = hub.Client(null);
        using var analyst = hub.Client("analyst");
        var open = (await anyone.GetFromJsonAsync<JsonElement>("open-data/square/gate-1-in.json", Cancellation)).GetProperty("points").GetRawText();
        var history = (await analyst.GetFromJsonAsync<JsonElement>("api/history/square/gate-1-in?from=2026-11-21T23:00:00Z&to=2026-11-22T23:00:00Z&grid=PT1H", Cancellation)).GetProperty("points").GetRawText();
        Assert.Equal(history, open);
        var file = await analyst.GetStringAsync("api/history/square/gate-1-in?from=2026-11-21T23:00:00Z&to=2026-11-22T23:00:00Z&grid=PT1H&format=csv", Cancellation);
        Assert.Equal(OnlyHours(file), await anyone.GetStringAsync("open-data/square/gate-1-in.csv", Cancellation));
    }

    [Fact]
    public async Task Nothing_shorter_than_an_hour_is_public()
    {
        await using var hub = await HistoryOverHttp.StartAsync(SomePoints.Midnight.AddDays(1), Cancellation);
        // A day of which only the night block and two quarters of an hour are out has no hour yet.
        hub.History.Points.Add(SomePoints.Of(HistoryGrid.Cell, SomePoints.Midnight, TimeSpan.FromHours(6), 500));
        hub.History.Points.Add(SomePoints.Of(HistoryGrid.Hour, SomePoints.Midnight, TimeSpan.FromHours(6), 500));
        hub.History.Points.Add(SomePoints.Of(HistoryGrid.Cell, SomePoints.Midnight.AddHours(6), TimeSpan.FromMinutes(15), 41));
        hub.History.Points.Add(SomePoints.Of(HistoryGrid.Cell, SomePoints.Midnight.AddHours(6.25), TimeSpan.FromMinutes(15), 43));
        using var anyone = hub.Client(null);
        var points = (await anyone.GetFromJsonAsync<JsonElement>("open-data/square/gate-1-in.json", Cancellation)).GetProperty("points");
        Assert.Equal(500, Assert.Single(points.EnumerateArray()).GetProperty("value").GetInt64());
    }

    [Fact]
    public async Task Of_a_closed_space_only_the_notice_is_there_and_a_sensitive_one_has_no_sign()
    {
        await using var closed = await StartAsync(SomePoints.Midnight.AddDays(1), "class: closed");
        using var anyone = closed.Client(null);
        foreach (var route in (string[])["open-data/square", "open-data/square/level", "open-data/square/gate-1-in.json", "open-data/square/gate-1-in.csv", "ngsi-ld/v1/entities?type=CrowdFlowObserved&space=square"])
            Assert.Equal("/problems/not-found", await TypeAsync(anyone, route));
        closed.History.Report = closed.History.Report with { Terms = null };
        Assert.Contains("no numbers are released today", await anyone.GetStringAsync("privacy/square", Cancellation), StringComparison.Ordinal);

        await using var sensitive = await StartAsync(SomePoints.Midnight.AddDays(1), "class: sensitive");
        using var passer = sensitive.Client(null);
        Assert.Equal("/problems/not-found", await TypeAsync(passer, "open-data/square/level"));
        Assert.Equal(HttpStatusCode.OK, (await passer.GetAsync(new Uri("open-data/square/gate-1-in.json", UriKind.Relative), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task The_spaces_are_listed_with_their_notice_and_with_open_data_where_something_is_released()
    {
        await using var hub = await StartAsync(SomePoints.Midnight.AddDays(1));
        using var anyone = hub.Client(null);
        var space = Assert.Single((await anyone.GetFromJsonAsync<JsonElement>("open-data", Cancellation)).EnumerateArray());
        Assert.Equal("""{"space":"square","name":"Square","city":"Testville","notice":"/privacy/square","openData":"/open-data/square"}""", space.GetRawText());
        foreach (var path in (string[])["notice", "openData"])
            Assert.Equal(HttpStatusCode.OK, (await anyone.GetAsync(new Uri(space.GetProperty(path).GetString()![1..], UriKind.Relative), Cancellation)).StatusCode);

        await using var closed = await StartAsync(SomePoints.Midnight.AddDays(1), "class: closed");
        using var passer = closed.Client(null);
        Assert.Equal(JsonValueKind.Null, Assert.Single((await passer.GetFromJsonAsync<JsonElement>("open-data", Cancellation)).EnumerateArray()).GetProperty("openData").ValueKind);
    }

    [Fact]
    public async Task A_series_is_named_as_its_line_is_with_where_those_go_who_are_counted()
    {
        await using var hub = await StartAsync(SomePoints.Midnight.AddDays(1));
        var inward = hub.History.Points[0];
        foreach (var series in (string[])["gate-1-out", "main-presence", "gate-77-in"])
            hub.History.Points.Add(inward with { Key = inward.Key with { Series = series } });
        (string?, string?, string?)[] expected = [("gate-1-in", "Gate 1", "Main"), ("gate-1-out", "Gate 1", "outside"), ("gate-77-in", "gate-77-in", null), ("main-presence", "Main", null)];
        using var anyone = hub.Client(null);
        using var analyst = hub.Client("analyst");
        Assert.Equal(expected, Named((await anyone.GetFromJsonAsync<JsonElement>("open-data/square", Cancellation)).GetProperty("series")));
        Assert.Equal(expected, Named(await analyst.GetFromJsonAsync<JsonElement>("api/history/square", Cancellation)));

        static (string?, string?, string?)[] Named(JsonElement series) => [.. series.EnumerateArray().Select(one => (
            one.GetProperty("series").GetString(), one.GetProperty("name").GetString(), one.TryGetProperty("toward", out var toward) ? toward.GetString() : null)).OrderBy(one => one.Item1, StringComparer.Ordinal)];
    }

    [Fact]
    public async Task One_address_is_limited_and_told_when_to_come_again()
    {
        await using var hub = await HistoryOverHttp.StartAsync(SomePoints.Midnight, Cancellation, null, ("Dashboard:History:PublicRequestsMax", "3"));
        using var anyone = hub.Client(null);
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await anyone.GetAsync(new Uri("open-data/square", UriKind.Relative), Cancellation)).StatusCode);
        using var refused = await anyone.GetAsync(new Uri("privacy/square", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        using var analyst = hub.Client("analyst");
        Assert.Equal(HttpStatusCode.OK, (await analyst.GetAsync(new Uri("api/history/square", UriKind.Relative), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Over_all_addresses_only_so_many_are_worked_on_at_once()
    {
        await using var hub = await HistoryOverHttp.StartAsync(SomePoints.Midnight, Cancellation, null, ("Dashboard:History:PublicAtOnceMax", "1"));
        var hold = new TaskCompletionSource();
        hub.History.Held = hold.Task;
        using var anyone = hub.Client(null);
        var first = anyone.GetAsync(new Uri("open-data/square", UriKind.Relative), Cancellation);
        await Waiting.UntilAsync("the first is worked on", () => Task.FromResult(hub.History.Asked == 1), TimeSpan.FromSeconds(60), Cancellation);
        using var second = await anyone.GetAsync(new Uri("privacy/square", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.NotNull(second.Headers.RetryAfter);
        hold.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await anyone.GetAsync(new Uri("privacy/square", UriKind.Relative), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Of_those_who_are_signed_in_one_too_many_at_once_is_told_to_come_again()
    {
        await using var hub = await HistoryOverHttp.StartAsync(SomePoints.Midnight, Cancellation, null, ("Dashboard:History:AtOnceMax", "1"));
        var hold = new TaskCompletionSource();
        hub.History.Held = hold.Task;
        using var analyst = hub.Client("analyst");
        var first = analyst.GetAsync(new Uri("api/history/square", UriKind.Relative), Cancellation);
        await Waiting.UntilAsync("the first is worked on", () => Task.FromResult(hub.History.Asked == 1), TimeSpan.FromSeconds(60), Cancellation);
        using var second = await analyst.GetAsync(new Uri("api/history/square", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.NotNull(second.Headers.RetryAfter);
        hold.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
    }

    [Fact]
    public async Task The_same_public_question_is_asked_of_the_history_once_and_one_with_a_token_is_not_kept()
    {
        await using var hub = await StartAsync(SomePoints.Midnight.AddDays(1));
        using var anyone = hub.Client(null);
        for (var i = 0; i < 5; i++)
            await anyone.GetStringAsync("open-data/square?x=" + i, Cancellation);
        Assert.Equal(1, hub.History.Asked);
        using var analyst = hub.Client("analyst");
        for (var i = 0; i < 2; i++)
            await analyst.GetStringAsync("api/history/square", Cancellation);
        Assert.Equal(3, hub.History.Asked);
    }

    [Theory]
    [InlineData("2026-11-22", true)]
    [InlineData("2026-11-21", true)]
    [InlineData("2026-11-23", false)]
    public void One_answer_has_31_days_at_most_and_none_that_is_not_over(string to, bool fits)
    {
        var yesterday = new DateOnly(2026, 11, 22);
        Assert.Equal(fits, Dashboard.History.OpenDataApi.RangeOf("2026-11-20", to, yesterday).Problem is null);
        Assert.Null(Dashboard.History.OpenDataApi.RangeOf("2026-10-23", "2026-11-22", yesterday).Problem);
        Assert.NotNull(Dashboard.History.OpenDataApi.RangeOf("2026-10-22", "2026-11-22", yesterday).Problem);
    }

    [Fact]
    public async Task The_sign_compares_the_newest_hour_with_the_same_hours_before()
    {
        await using var hub = await StartAsync(SomePoints.Midnight.AddDays(1));
        // The newest hour is Sunday 23:00 with 123.
        var hours = Enumerable.Range(0, 168).Select(hour => new HourOfWeek(hour, 60, null, 3, 8, 0, 60)).ToList();
        hub.History.Week = new WeekProfile("square", "gate-1-in", "Europe/Brussels", SomePoints.Midnight, SomePoints.Midnight, hours);
        using var anyone = hub.Client(null);
        var sign = await anyone.GetFromJsonAsync<JsonElement>("open-data/square/level", Cancellation);
        Assert.Equal(("busy", 1), (sign.GetProperty("level").GetString(), sign.GetProperty("known").GetInt32()));
        Assert.Equal("2026-11-22T22:00:00+00:00", sign.GetProperty("series")[0].GetProperty("start").GetString());
    }

    [Theory]
    [InlineData(100L, null, 100.0, 8, "normal", null)]
    [InlineData(149L, null, 100.0, 8, "normal", null)]
    [InlineData(151L, null, 100.0, 8, "busy", null)]
    [InlineData(66L, null, 100.0, 8, "quiet", null)]
    [InlineData(67L, null, 100.0, 8, "normal", null)]
    [InlineData(20L, null, 10.0, 8, "normal", null)]
    [InlineData(23L, null, 10.0, 8, "busy", null)]
    [InlineData(null, "suppressed", 100.0, 8, "quiet", null)]
    [InlineData(null, "suppressed", 30.0, 8, "unknown", "suppressed")]
    [InlineData(null, "no-data", 100.0, 8, "unknown", "no-data")]
    [InlineData(100L, null, null, 8, "unknown", "no-typical-week")]
    [InlineData(100L, null, 100.0, 3, "unknown", "no-typical-week")]
    public void Quiet_and_busy_are_more_than_noise_and_what_is_not_known_is_said_so(long? value, string? reason, double? mean, int hours, string level, string? why)
    {
        var sign = Dashboard.History.OpenLevel.Of("gate-1-in", SomePoints.Of(HistoryGrid.Hour, SomePoints.Midnight, TimeSpan.FromHours(1), value, reason), new HourOfWeek(0, mean, null, 3, hours, 0, 60));
        Assert.Equal((level, why), (sign.Level, sign.Reason));
    }

    [Theory]
    [InlineData(60, 360, "no-typical-week")]
    [InlineData(360, 60, "no-typical-week")]
    [InlineData(360, 1_440, "no-typical-week")]
    [InlineData(360, null, "no-typical-week")]
    [InlineData(300, 420, null)]
    [InlineData(60, 60, null)]
    public void A_newest_point_is_not_measured_against_points_of_another_length(int minutes, int? typical, string? why)
    {
        var newest = SomePoints.Of(HistoryGrid.Hour, SomePoints.Midnight, TimeSpan.FromMinutes(minutes), 100);
        var sign = Dashboard.History.OpenLevel.Of("gate-1-in", newest, new HourOfWeek(0, 600, null, 3, 8, 0, typical));
        Assert.Equal((why is null ? "quiet" : "unknown", why), (sign.Level, sign.Reason));
    }

    [Fact]
    public async Task Entities_keep_to_the_published_model()
    {
        await using var hub = await StartAsync(SomePoints.Midnight.AddDays(1));
        using var anyone = hub.Client(null);
        var entities = await anyone.GetFromJsonAsync<JsonElement>("ngsi-ld/v1/entities?type=CrowdFlowObserved&space=square&options=keyValues", Cancellation);
        Assert.Equal(19, entities.GetArrayLength());
        Assert.Empty(entities.EnumerateArray().SelectMany(Faults));
        var ids = entities.EnumerateArray().Select(entity => entity.GetProperty("id").GetString()).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.False(entities[0].TryGetProperty("peopleCount", out _), "a suppressed number must not be there as zero");
        Assert.Equal(106, entities[1].GetProperty("peopleCount").GetInt64());
    }

    [Theory]
    [InlineData("""{"type":"CrowdFlowObserved","dateObserved":"x"}""", "id is missing")]
    [InlineData("""{"id":"urn:a:b","type":"CrowdFlow","dateObserved":"x"}""", "type is CrowdFlow")]
    [InlineData("""{"id":"urn:a:b","type":"CrowdFlowObserved","dateObserved":"x","peopleCount":-1}""", "peopleCount")]
    [InlineData("""{"id":"urn:a:b","type":"CrowdFlowObserved","dateObserved":"x","peopleCount":1.5}""", "peopleCount")]
    [InlineData("""{"id":"urn:a:b","type":"CrowdFlowObserved","dateObserved":"x","dateObservedFrom":"yesterday"}""", "dateObservedFrom")]
    [InlineData("""{"id":"urn:a:b","type":"CrowdFlowObserved","dateObserved":"x","direction":"in"}""", "direction")]
    [InlineData("""{"id":"urn:a:b","type":"CrowdFlowObserved","dateObserved":"x","people":1}""", "people")]
    public void That_check_sees_what_is_not_the_model(string entity, string fault) =>
        Assert.Contains(Faults(JsonDocument.Parse(entity).RootElement), found => found.Contains(fault, StringComparison.Ordinal));

    [Fact]
    public async Task Normalised_entities_say_the_kind_of_each_attribute_and_their_context()
    {
        await using var hub = await StartAsync(SomePoints.Midnight.AddDays(1));
        using var anyone = hub.Client(null);
        using var answer = await anyone.GetAsync(new Uri("ngsi-ld/v1/entities?type=CrowdFlowObserved&space=square&limit=1&offset=1", UriKind.Relative), Cancellation);
        Assert.Equal("application/ld+json", answer.Content.Headers.ContentType?.MediaType);
        var entity = Assert.Single((await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).EnumerateArray());
        Assert.Equal("""{"type":"Property","value":106}""", entity.GetProperty("peopleCount").GetRawText());
        Assert.Equal("""{"type":"Property","value":{"@type":"DateTime","@value":"2026-11-22T05:00:00Z"}}""", entity.GetProperty("dateObservedFrom").GetRawText());
        Assert.Equal(2, entity.GetProperty("@context").GetArrayLength());
        Assert.Equal("/problems/not-well-formed", await TypeAsync(anyone, "ngsi-ld/v1/entities?type=Room&space=square"));
    }

    private static async Task<HistoryOverHttp> StartAsync(DateTimeOffset now, string? release = null)
    {
        var site = FixtureSites.Square(1, 60);
        var hub = await HistoryOverHttp.StartAsync(now, Cancellation, release is null ? site : site.Replace("    timeZone:", $"    release: {{ {release} }}\n    timeZone:", StringComparison.Ordinal));
        hub.History.Points.AddRange(SomePoints.Day(SomePoints.Midnight));
        return hub;
    }

    private static async Task<string?> TypeAsync(HttpClient client, string route)
    {
        using var answer = await client.GetAsync(new Uri(route, UriKind.Relative), Cancellation);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("type").GetString();
    }

    // The fake gives every grid into one file; a real store one.
    private static string OnlyHours(string csv) => string.Join("\r\n", csv.Split("\r\n").Where(line => !line.Contains(",cell,", StringComparison.Ordinal)));

    /// <summary>
    /// What is wrong with an entity in its simplified form. After CrowdFlowObserved/schema.json (version 0.0.1) of smart-data-models/dataModel.Transportation
    /// and, for the common attributes, the property list of its specification: written from these, not copied.
    /// </summary>
    private static IEnumerable<string> Faults(JsonElement entity)
    {
        foreach (var required in (string[])["id", "type", "dateObserved"])
        {
            if (!entity.TryGetProperty(required, out _))
                yield return $"{required} is missing";
        }

        foreach (var attribute in entity.EnumerateObject())
        {
            var (value, kind) = (attribute.Value, attribute.Value.ValueKind);
            var fits = attribute.Name switch
            {
                "id" => kind == JsonValueKind.String && (NgsiId().IsMatch(value.GetString()!) || Uri.IsWellFormedUriString(value.GetString(), UriKind.Absolute)),
                "type" => value.GetString() == "CrowdFlowObserved",
                "name" or "description" or "dateObserved" => kind == JsonValueKind.String,
                "dateObservedFrom" or "dateObservedTo" => kind == JsonValueKind.String && value.TryGetDateTimeOffset(out _),
                "peopleCount" => kind == JsonValueKind.Number && value.TryGetInt64(out var people) && people >= 0,
                "direction" => value.GetString() is "inbound" or "outbound",
                "address" => kind == JsonValueKind.Object && value.EnumerateObject().All(part => part.Name == "addressLocality" && part.Value.ValueKind == JsonValueKind.String),
                "location" => value.GetProperty("type").GetString() == "LineString" && value.GetProperty("coordinates").GetArrayLength() >= 2,
                "@context" => true,
                _ => false,
            };
            if (!fits)
                yield return $"{attribute.Name} is {value}";
        }
    }

    [GeneratedRegex(@"^[\w\-\.\{\}\$\+\*\[\]`|~^@!,:\\]{1,256}$")]
    private static partial Regex NgsiId();
}

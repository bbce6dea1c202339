using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Monitoring.Domain.Alarms;
using Monitoring.Domain.History;

namespace Monitoring.Host.Tests.History;

/// <summary>What <c>/api/history</c> answers, and how it refuses.</summary>
public sealed class HistoryApiTests
{
    private const string Day = "from=2026-11-21T23:00:00Z&to=2026-11-22T23:00:00Z";

    private static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_point_says_its_number_or_why_there_is_none_how_far_off_it_may_be_and_how_much_was_observed()
    {
        await using var hub = await StartAsync();
        using var analyst = hub.Client("analyst");
        var answer = await analyst.GetFromJsonAsync<JsonElement>($"api/history/square/gate-1-in?{Day}&grid=PT1H", Cancellation);
        Assert.Equal("0123456789abcdef", answer.GetProperty("queryId").GetString());
        Assert.Equal(("PT1H", "Europe/Brussels"), (answer.GetProperty("grid").GetString(), answer.GetProperty("timeZone").GetString()));
        var points = answer.GetProperty("points");
        Assert.Equal(19, points.GetArrayLength());
        Assert.Equal("""{"start":"2026-11-21T23:00:00+00:00","end":"2026-11-22T05:00:00+00:00","value":null,"reason":"suppressed","err95":12,"coverage":{"alive":1,"total":1,"unconfirmed":false,"cells":1,"cellsReleased":0}}""", points[0].GetRawText());
        Assert.Equal(106, points[1].GetProperty("value").GetInt64());
        Assert.Equal(JsonValueKind.Null, points[1].GetProperty("reason").ValueKind);
    }

    [Fact]
    public async Task The_same_question_has_the_same_bytes_and_is_not_kept_by_caches()
    {
        await using var hub = await StartAsync();
        using var analyst = hub.Client("analyst");
        foreach (var format in (string[])["json", "csv"])
        {
            var bodies = new HashSet<string>();
            for (var i = 0; i < 20; i++)
            {
                using var answer = await analyst.GetAsync(new Uri($"api/history/square/gate-1-in?{Day}&format={format}", UriKind.Relative), Cancellation);
                Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
                bodies.Add(await answer.Content.ReadAsStringAsync(Cancellation));
            }

            Assert.Single(bodies);
        }
    }

    [Theory]
    [InlineData("grid=PT2H", "grid-unknown")]
    [InlineData("grid=PT15M", "grid-not-released")]
    [InlineData("from=2026-11-21T23:00:00Z&to=2026-11-22T02:00:00Z", "not-on-a-border")]
    [InlineData("from=2026-11-21T23:00:00&to=2026-11-22T23:00:00Z", "not-well-formed")]
    [InlineData("from=2026-11-22T23:00:00Z&to=2026-11-22T23:00:00Z", "not-well-formed")]
    [InlineData("from=yesterday", "not-well-formed")]
    [InlineData("format=xml", "not-well-formed")]
    public async Task A_question_that_has_no_answer_is_refused_with_a_fixed_type_in_every_format(string part, string type)
    {
        await using var hub = await StartAsync();
        using var analyst = hub.Client("analyst");
        var query = part.StartsWith("from", StringComparison.Ordinal) ? part : $"{Day}&{part}";
        foreach (var format in part.StartsWith("format", StringComparison.Ordinal) ? (string[])[""] : ["&format=json", "&format=csv", "&format=parquet"])
            await RefusedAsync(analyst, $"api/history/square/gate-1-in?{query}{format}", HttpStatusCode.BadRequest, type);
    }

    [Fact]
    public async Task A_range_that_cuts_a_number_names_the_borders_beside_the_cut()
    {
        await using var hub = await StartAsync();
        using var analyst = hub.Client("analyst");
        var problem = await RefusedAsync(analyst, "api/history/square/gate-1-in?from=2026-11-21T23:00:00Z&to=2026-11-22T02:00:00Z", HttpStatusCode.BadRequest, "not-on-a-border");
        Assert.Contains("2026-11-22T05:00:00", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_series_that_is_not_there_and_a_space_outside_the_scope_are_answered_alike()
    {
        await using var hub = await StartAsync();
        using var analyst = hub.Client("analyst");
        await RefusedAsync(analyst, $"api/history/square/gate-9-in?{Day}", HttpStatusCode.NotFound, "not-found");
        using var elsewhere = hub.Client("analyst", "harbour");
        foreach (var route in (string[])["gate-1-in", "gate-1-in/week"])
            await RefusedAsync(elsewhere, $"api/history/square/{route}?{Day}", HttpStatusCode.NotFound, "not-found");
        await RefusedAsync(elsewhere, "api/history/square", HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_space_that_neither_site_nor_history_knows_is_not_found_and_is_no_empty_answer()
    {
        await using var hub = await HistoryOverHttp.StartAsync(Now, Cancellation);
        using var analyst = hub.Client("analyst");
        foreach (var query in (string[])["", $"?{Day}&format=csv", $"?{Day}&format=parquet"])
            await RefusedAsync(analyst, $"api/history/sqaure{query}", HttpStatusCode.NotFound, "not-found");

        // The site has it, and nothing is out yet.
        Assert.Equal("[]", await analyst.GetStringAsync("api/history/square", Cancellation));
        Assert.StartsWith("space,", await analyst.GetStringAsync($"api/history/square?{Day}&format=csv", Cancellation), StringComparison.Ordinal);

        // The site has it no more, and what was released stays.
        var point = SomePoints.Of(HistoryGrid.Hour, SomePoints.Midnight.AddHours(6), TimeSpan.FromHours(1), 106);
        hub.History.Points.Add(point with { Key = point.Key with { Space = "harbour" } });
        Assert.Contains("harbour", await analyst.GetStringAsync("api/history/harbour", Cancellation), StringComparison.Ordinal);
        Assert.StartsWith("space,", await analyst.GetStringAsync($"api/history/harbour?{Day}&format=csv", Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("csv")]
    [InlineData("parquet")]
    public async Task A_history_that_is_away_is_told_so_and_when_to_come_again(string format)
    {
        await using var hub = await StartAsync();
        hub.History.Refusal = "away";
        using var analyst = hub.Client("analyst");
        using var answer = await analyst.GetAsync(new Uri($"api/history/square/gate-1-in?{Day}&format={format}", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        using var whole = await analyst.GetAsync(new Uri($"api/history/square?{Day}&format=csv", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, whole.StatusCode);
    }

    [Fact]
    public async Task A_name_that_is_no_space_costs_one_question()
    {
        await using var hub = await StartAsync();
        using var analyst = hub.Client("analyst");
        Assert.Equal(HttpStatusCode.NotFound, (await analyst.GetAsync(new Uri("api/history/nowhere", UriKind.Relative), Cancellation)).StatusCode);
        Assert.Equal(1, hub.History.Asked);
        hub.History.Points.Clear();
        Assert.Equal("[]", await analyst.GetStringAsync("api/history/square", Cancellation));
        Assert.Equal(2, hub.History.Asked);
    }

    [Fact]
    public async Task A_file_has_a_header_whole_numbers_and_a_name()
    {
        await using var hub = await StartAsync();
        using var analyst = hub.Client("analyst");
        using var answer = await analyst.GetAsync(new Uri($"api/history/square/gate-1-in?{Day}&format=csv", UriKind.Relative), Cancellation);
        var lines = (await answer.Content.ReadAsStringAsync(Cancellation)).Split("\r\n");
        Assert.Equal(HistoryCsv.Header(false), lines[0]);
        Assert.DoesNotContain("noisy", lines[0], StringComparison.Ordinal);
        Assert.Equal("square_gate-1-in_PT1H_202611212300_202611222300.csv", answer.Content.Headers.ContentDisposition?.FileName?.Trim('"'));
        var dictionary = await analyst.GetFromJsonAsync<JsonElement>("api/history/dictionary", Cancellation);
        Assert.Equal(lines[0].Split(','), dictionary.GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_typical_week_as_a_file_says_what_it_says_as_JSON()
    {
        await using var hub = await StartAsync();
        HourOfWeek HourOf(int hour) => (hour % 3) switch
        {
            0 => new HourOfWeek(hour, 1_000.0 / 3 + hour, null, 0.1, 8, 1, 60),
            1 => new HourOfWeek(hour, null, "suppressed", 23.5, 7, 0, 360),
            _ => new HourOfWeek(hour, null, "no-data", null, 0, 0, null),
        };
        hub.History.Week = new WeekProfile("square", "gate-1-in", "Europe/Brussels", SomePoints.Midnight, SomePoints.Midnight.AddDays(28), [.. Enumerable.Range(0, 168).Select(HourOf)]);
        using var analyst = hub.Client("analyst");
        using var answer = await analyst.GetAsync(new Uri($"api/history/square/gate-1-in/week?{Day}&format=csv", UriKind.Relative), Cancellation);
        Assert.Equal(("text/csv", "square_gate-1-in_week_202611212300_202612192300.csv"), (answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentDisposition?.FileName?.Trim('"')));
        var lines = (await answer.Content.ReadAsStringAsync(Cancellation)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
        var week = await analyst.GetFromJsonAsync<JsonElement>($"api/history/square/gate-1-in/week?{Day}", Cancellation);
        Assert.Equal(169, lines.Count);
        Assert.All(week.GetProperty("hours").EnumerateArray().Zip(lines.Skip(1)), hour => Assert.All(lines[0].Zip(hour.Second), field =>
        {
            var said = (hour.First.TryGetProperty(field.First, out var own) ? own : week.GetProperty(field.First)) is var value && value.ValueKind == JsonValueKind.Null ? "" : value.ToString();
            Assert.Equal(said.Replace("+00:00", "Z", StringComparison.Ordinal), field.Second);
        }));
        Assert.Equal(lines[0], (await analyst.GetFromJsonAsync<JsonElement>("api/history/dictionary", Cancellation)).GetProperty("weekColumns").EnumerateArray().Select(column => column.GetProperty("name").GetString()));
        Assert.Equal(HttpStatusCode.BadRequest, (await analyst.GetAsync(new Uri($"api/history/square/gate-1-in/week?{Day}&format=parquet", UriKind.Relative), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Noisy_sums_are_for_the_data_protection_officer_alone()
    {
        await using var hub = await StartAsync();
        foreach (var role in (string[])["analyst", "operator", "supervisor", "technician"])
        {
            using var other = hub.Client(role);
            Assert.Equal(HttpStatusCode.Forbidden, (await other.GetAsync(new Uri($"api/history/square/gate-1-in?{Day}&noise=true", UriKind.Relative), Cancellation)).StatusCode);
            Assert.DoesNotContain("noisy", await other.GetStringAsync($"api/history/square/gate-1-in?{Day}", Cancellation), StringComparison.Ordinal);
        }

        using var dpo = hub.Client("dpo");
        var point = (await dpo.GetFromJsonAsync<JsonElement>($"api/history/square/gate-1-in?{Day}&noise=true", Cancellation)).GetProperty("points")[0];
        Assert.Equal(-3, point.GetProperty("noise").GetProperty("noisy").GetInt64());
        Assert.Contains(",noisy,", await dpo.GetStringAsync($"api/history/square/gate-1-in?{Day}&noise=true&format=csv", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Taking_numbers_back_needs_a_day_and_a_reason_and_says_how_many_they_were()
    {
        await using var hub = await StartAsync();
        using var dpo = hub.Client("dpo");
        foreach (var (day, reason) in ((string, string?)[])[("2026-11-31", "wrong"), ("today", "wrong"), ("2026-11-22", null), ("2026-11-22", " "), ("2026-11-22", new string('x', 501))])
            Assert.Equal(HttpStatusCode.BadRequest, (await dpo.PostAsJsonAsync($"api/history/square/days/{day}/withdraw", new { reason }, Cancellation)).StatusCode);
        Assert.Empty(hub.History.Withdrawn);

        using var done = await dpo.PostAsJsonAsync("api/history/square/days/2026-11-22/withdraw", new { reason = "the counter was turned round" }, Cancellation);
        Assert.Equal("""{"withdrawn":7}""", await done.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal([("square", new DateOnly(2026, 11, 22), "the-dpo", "the counter was turned round")], hub.History.Withdrawn);
    }

    [Fact]
    public async Task A_rebuild_stands_in_the_audit_log_before_it_begins_and_does_not_begin_where_that_is_away()
    {
        await using var hub = await StartAsync();
        using var admin = hub.Client("admin");
        Assert.Equal(HttpStatusCode.Accepted, (await admin.PostAsync(new Uri("api/history/copies/rebuild", UriKind.Relative), null, Cancellation)).StatusCode);
        Assert.Equal(("history-rebuild", "the-admin"), (hub.Audit.Facts.Single().Kind, hub.Audit.Facts.Single().Who));
        hub.History.Refusal = "away";
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await admin.PostAsync(new Uri("api/history/copies/rebuild", UriKind.Relative), null, Cancellation)).StatusCode);
        hub.Audit.Away = true;
        Assert.NotEqual(HttpStatusCode.Accepted, (await admin.PostAsync(new Uri("api/history/copies/rebuild", UriKind.Relative), null, Cancellation)).StatusCode);
        Assert.Equal(2, hub.History.Rebuilt);
        Assert.Equal("""[{"copy":"duckdb","behind":0,"away":null,"needsPerson":false,"monthsDue":false}]""", await admin.GetStringAsync("api/history/copies", Cancellation));
    }

    [Fact]
    public async Task What_has_no_such_space_is_not_taken_back_and_said_so()
    {
        await using var hub = await StartAsync();
        using var dpo = hub.Client("dpo");
        using var refused = await dpo.PostAsJsonAsync("api/history/sqaure/days/2026-11-22/withdraw", new { reason = "wrong" }, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(("/problems/not-found", "nothing was taken back"), (problem.GetProperty("type").GetString(), problem.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task The_control_room_reads_the_alarms_of_a_span_the_newest_first_and_nobody_else_does()
    {
        await using var hub = await StartAsync();
        hub.Space.Open.Add(AlarmOf("square.9", AlarmRule.Density, "main", Now.AddHours(-1), null));
        hub.Space.Over.AddRange(
        [
            AlarmOf("square.7", AlarmRule.Density, "main", Now.AddDays(-2), Now.AddDays(-2).AddHours(1)),
            AlarmOf("square.6", AlarmRule.Flow, "gate-1", Now.AddDays(-31), Now.AddDays(-30).AddMinutes(-1)),
            AlarmOf("square.5", AlarmRule.Flow, "gate-1", Now.AddDays(-31), Now.AddDays(-29)),
        ]);
        hub.Intake.Over.AddRange(
        [
            AlarmOf("_intake.2", IntakeRule.MessageRate, "counter-1", Now.AddDays(-3), Now.AddDays(-2)),
            AlarmOf("_intake.3", IntakeRule.MessageRate, "counter-2", Now.AddDays(-3), Now.AddDays(-2)) with { ForTechnicians = true },
            AlarmOf("_intake.1", IntakeRule.JournalAway, "gateway-1", Now.AddDays(-3), Now.AddDays(-2)) with { Space = "" },
        ]);

        foreach (var role in (string[])["operator", "supervisor"])
        {
            using var watching = hub.Client(role);
            Assert.Equal(["square.9", "square.7", "_intake.2", "square.5"], await IdsAsync(watching, "api/history/square/alarms"));
            Assert.Equal(["square.7", "_intake.2"], await IdsAsync(watching, "api/history/square/alarms?from=2026-11-21T09:00:00Z&to=2026-11-22T09:00:00Z"));
            foreach (var wrong in (string[])["from=yesterday", "from=2026-11-22T09:00:00Z&to=2026-11-21T09:00:00Z", "to=2026-11-22"])
                Assert.Equal(HttpStatusCode.BadRequest, (await watching.GetAsync(new Uri($"api/history/square/alarms?{wrong}", UriKind.Relative), Cancellation)).StatusCode);
            Assert.Empty(await IdsAsync(watching, "api/history/square/alarms?to=0001-01-03T00:00:00Z"));
            Assert.Equal(HttpStatusCode.NotFound, (await watching.GetAsync(new Uri("api/history/elsewhere/alarms", UriKind.Relative), Cancellation)).StatusCode);
        }

        foreach (var role in (string[])["analyst", "technician", "dpo", "admin"])
        {
            using var other = hub.Client(role);
            Assert.Equal(HttpStatusCode.Forbidden, (await other.GetAsync(new Uri("api/history/square/alarms", UriKind.Relative), Cancellation)).StatusCode);
        }

        using var scoped = hub.Client("operator", "elsewhere");
        Assert.Equal(HttpStatusCode.NotFound, (await scoped.GetAsync(new Uri("api/history/square/alarms", UriKind.Relative), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_technician_reads_how_a_device_was_by_the_schedule_and_the_alarms_about_it()
    {
        await using var hub = await StartAsync();
        hub.Space.Open.Add(AlarmOf("square.9", AlarmRule.Density, "counter-1", Now.AddDays(-1), null));
        hub.Intake.Open.Add(AlarmOf("_intake.3", IntakeRule.MessageRate, "counter-1", Now.AddDays(-1), null) with { ForTechnicians = true });
        hub.Intake.Open.Add(AlarmOf("_intake.4", IntakeRule.MessageRate, "counter-2", Now.AddDays(-1), null));
        using var technician = hub.Client("technician");
        var answer = await technician.GetFromJsonAsync<JsonElement>($"api/history/devices/counter-1?{Day}", Cancellation);
        Assert.Equal(["_intake.3"], answer.GetProperty("alarms").EnumerateArray().Select(alarm => alarm.GetProperty("id").GetString()));
        Assert.Equal("""[{"at":"2026-11-21T23:00:00+00:00","state":"ok","silentSeconds":12,"values":{"batteryPercent":88}}]""", answer.GetProperty("health").GetRawText());
        Assert.Equal(HttpStatusCode.NotFound, (await technician.GetAsync(new Uri($"api/history/devices/counter-9?{Day}", UriKind.Relative), Cancellation)).StatusCode);
    }

    private static Alarm AlarmOf(string id, string rule, string subject, DateTimeOffset raised, DateTimeOffset? closed) => new()
    {
        Id = id,
        Space = "square",
        Rule = rule,
        Subject = subject,
        SubjectName = subject,
        Priority = 2,
        State = closed is null ? AlarmState.Unacknowledged : AlarmState.Closed,
        RaisedAt = raised,
        Value = 2,
        Threshold = 1,
        Unit = "",
        Highest = 2,
        Text = rule,
        ClosedAt = closed,
    };

    private static async Task<List<string?>> IdsAsync(HttpClient client, string route) =>
        [.. (await client.GetFromJsonAsync<JsonElement>(route, Cancellation)).EnumerateArray().Select(alarm => alarm.GetProperty("id").GetString())];

    private static async Task<HistoryOverHttp> StartAsync()
    {
        var hub = await HistoryOverHttp.StartAsync(Now, Cancellation);
        hub.History.Points.AddRange(SomePoints.Day(SomePoints.Midnight));
        return hub;
    }

    private static async Task<JsonElement> RefusedAsync(HttpClient client, string route, HttpStatusCode status, string type)
    {
        using var answer = await client.GetAsync(new Uri(route, UriKind.Relative), Cancellation);
        Assert.True(answer.StatusCode == status, $"{route}: {answer.StatusCode}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal($"/problems/{type}", problem.GetProperty("type").GetString());
        return problem;
    }
}

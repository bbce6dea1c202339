using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Monitoring.Domain.Alarms;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Alarms;

/// <summary>The life of an alarm seen from outside: counts over real MQTT, people over the API.</summary>
public sealed class AlarmLifeTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_alarm_is_raised_taken_by_the_first_of_two_desks_and_over_when_the_people_have_left()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var square = await WatchedSquare.StartAsync(folder, cancellation, "rule: density, on: 1, onForSeconds: 0, offForSeconds: 0");
        using var anna = await square.ClientAsync("anna", "operator", cancellation);
        using var ben = await square.ClientAsync("ben", "supervisor", cancellation);

        await square.Publisher.CountAsync(1, 120, 0, cancellation);
        var raised = await WatchedSquare.AlarmAsync(anna, AlarmState.Unacknowledged, cancellation);
        Assert.Equal(("square.1", "density", "main", 1, 1.2, 1.0), (raised.Id, raised.Rule, raised.Subject, raised.Priority, raised.Value, raised.Threshold));
        Assert.Equal((1, 1), await CountsAsync(anna, cancellation));

        var answers = await Task.WhenAll(anna.AcknowledgeAsync(raised.Id, cancellation, "patrol sent"), ben.AcknowledgeAsync(raised.Id, cancellation));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
        var winner = (await answers.Single(answer => answer.IsSuccessStatusCode).Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("acknowledgedBy").GetString();
        var told = await answers.Single(answer => !answer.IsSuccessStatusCode).Content.ReadFromJsonAsync<JsonElement>(cancellation);
        Assert.Equal(winner, told.GetProperty("acknowledgedBy").GetString());
        Assert.Equal((0, 1), await CountsAsync(ben, cancellation));
        using var admin = await square.ClientAsync("root", "admin", cancellation);
        await Waiting.UntilAsync("the audit says who took it, once", async () => KindsOf(await admin.GetFromJsonAsync<JsonElement>("api/audit?max=50", cancellation)).Count(kind => kind == "alarm-acknowledged") == 1, Soon, cancellation);

        await square.Publisher.CountAsync(1, 0, 110, cancellation);
        await WatchedSquare.AlarmAsync(ben, AlarmState.Closed, cancellation);
        Assert.Empty(await anna.AlarmsAsync(cancellation));
        var over = Assert.Single(await anna.AlarmsAsync(cancellation, "closed&max=1"));
        Assert.Empty(await anna.AlarmsAsync(cancellation, $"closed&before={over.ClosedAt:yyyy-MM-ddTHH:mm:ss.fffffff}Z"));
        using var late = await anna.AcknowledgeAsync(raised.Id, cancellation);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
    }

    [Fact]
    public async Task Alarms_that_compare_counts_are_for_the_control_room_and_its_scope_only()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var square = await WatchedSquare.StartAsync(folder, cancellation, "rule: density, on: 1, onForSeconds: 0");
        using var watching = await square.ClientAsync("watch", "operator", cancellation);
        using var technician = await square.ClientAsync("tech", "technician", cancellation);
        using var analyst = await square.ClientAsync("ana", "analyst", cancellation);
        await square.Publisher.CountAsync(1, 120, 0, cancellation);
        var raised = await WatchedSquare.AlarmAsync(watching, AlarmState.Unacknowledged, cancellation);

        Assert.Empty(await technician.AlarmsAsync(cancellation));
        Assert.Equal(HttpStatusCode.Forbidden, (await technician.AcknowledgeAsync(raised.Id, cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await analyst.GetAsync(new Uri("api/alarms", UriKind.Relative), cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await watching.AcknowledgeAsync("elsewhere.1", cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await watching.AcknowledgeAsync("square.99", cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await watching.AcknowledgeAsync(raised.Id, cancellation, new string('x', Alarm.NoteCharsMax + 1))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await watching.GetAsync(new Uri("api/alarms?state=loud", UriKind.Relative), cancellation)).StatusCode);
        foreach (var max in new[] { 0, 501 })
            Assert.Equal(HttpStatusCode.BadRequest, (await watching.GetAsync(new Uri($"api/alarms?state=closed&max={max}", UriKind.Relative), cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await watching.GetAsync(new Uri("api/alarms?space=elsewhere", UriKind.Relative), cancellation)).StatusCode);
        Assert.Equal(raised.Id, Assert.Single(await watching.AlarmsAsync(cancellation, "unacknowledged&space=square")).Id);
    }

    [Fact]
    public async Task A_supervisor_changes_a_level_for_a_time_and_it_reverts_by_itself()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var square = await WatchedSquare.StartAsync(folder, cancellation, "rule: density, on: 3");
        using var sam = await square.ClientAsync("sam", "supervisor", cancellation);
        using var anna = await square.ClientAsync("anna", "operator", cancellation);
        var until = TimeProvider.System.GetUtcNow().AddSeconds(4);

        Assert.Equal(HttpStatusCode.Forbidden, await ChangeAsync(anna, new { rule = "density", on = 2, until, reason = "match" }));
        Assert.Equal(HttpStatusCode.BadRequest, await ChangeAsync(sam, new { rule = "density", on = 2, until }));
        Assert.Equal(HttpStatusCode.BadRequest, await ChangeAsync(sam, new { rule = "noise", on = 2, until, reason = "match" }));
        Assert.Equal(HttpStatusCode.BadRequest, await ChangeAsync(sam, new { rule = "density", subject = "mian", on = 2, until, reason = "match" }));
        Assert.Equal(HttpStatusCode.NoContent, await ChangeAsync(sam, new { rule = "density", on = 2, until, reason = "match" }));
        var changed = Assert.Single((await anna.SpaceAsync("square", cancellation)).Thresholds);
        Assert.Equal((2, 1.7, "sam", "match"), (changed.On, changed.Off, changed.By, changed.Reason));
        await Waiting.UntilAsync("the site's level applies again", async () => (await anna.SpaceAsync("square", cancellation)).Thresholds[0] is { On: 3, Until: null }, Soon, cancellation);
        using var admin = await square.ClientAsync("root", "admin", cancellation);
        await Waiting.UntilAsync("the audit has the change and its end", async () => KindsOf(await admin.GetFromJsonAsync<JsonElement>("api/audit?max=50", cancellation)) is var kinds && kinds.Contains("thresholds-changed") && kinds.Contains("thresholds-reverted"), Soon, cancellation);

        async Task<HttpStatusCode> ChangeAsync(HttpClient who, object change)
        {
            using var answer = await who.PutAsJsonAsync("api/spaces/square/thresholds", change, cancellation);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task What_cannot_be_stored_is_not_done_and_said_so()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var square = await WatchedSquare.StartAsync(folder, cancellation, "rule: density, on: 1, onForSeconds: 0");
        using var anna = await square.ClientAsync("anna", "operator", cancellation);
        await square.Publisher.CountAsync(1, 120, 0, cancellation);
        var raised = await WatchedSquare.AlarmAsync(anna, AlarmState.Unacknowledged, cancellation);

        using (HeldStore.State(folder.File("data")))
        {
            using var answer = await anna.AcknowledgeAsync(raised.Id, cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Contains("Not stored", await answer.Content.ReadAsStringAsync(cancellation), StringComparison.Ordinal);
            Assert.Equal(AlarmState.Unacknowledged, Assert.Single(await anna.AlarmsAsync(cancellation)).State);
        }

        using var again = await anna.AcknowledgeAsync(raised.Id, cancellation);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(2, Assert.Single(await anna.AlarmsAsync(cancellation)).Transitions.Count);
    }

    private static List<string?> KindsOf(JsonElement audit) => [.. audit.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("kind").GetString())];

    private static async Task<(int Unacknowledged, int Active)> CountsAsync(HttpClient http, CancellationToken cancellation)
    {
        var alarms = (await http.SpaceAsync("square", cancellation)).Alarms;
        return (alarms.Unacknowledged, alarms.Active);
    }

    /// <summary>A running hub with a square, a counter that is alive, and people.</summary>
    private sealed class WatchedSquare(HubUnderTest hub, Publisher publisher, HeartbeatsOf beats) : IAsyncDisposable
    {
        public Publisher Publisher => publisher;

        public static async Task<WatchedSquare> StartAsync(TemporaryFolder folder, CancellationToken cancellation, params string[] thresholds)
        {
            var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", FixtureSites.Square(1, 2, thresholds)), cancellation);
            var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "square", hub.Secret("square"), cancellation);
            return new WatchedSquare(hub, publisher, new HeartbeatsOf(publisher, [1]));
        }

        public async Task<HttpClient> ClientAsync(string user, string role, CancellationToken cancellation)
        {
            await hub.AddUserAsync(user, role, cancellation);
            var http = new HttpClient { BaseAddress = hub.Address, Timeout = Soon };
            http.DefaultRequestHeaders.Authorization = new("Bearer", await hub.AddTokenAsync(user, "test", cancellation));
            return http;
        }

        public static async Task<Alarm> AlarmAsync(HttpClient http, AlarmState state, CancellationToken cancellation)
        {
            Alarm? found = null;
            await Waiting.UntilAsync($"an alarm in state {state}", async () => (found = (await http.AlarmsAsync(cancellation, state.ToString().ToLowerInvariant())).SingleOrDefault()) is not null, Soon, cancellation);
            return found!;
        }

        public async ValueTask DisposeAsync()
        {
            await beats.DisposeAsync();
            await publisher.DisposeAsync();
            await hub.DisposeAsync();
        }
    }
}

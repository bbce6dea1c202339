using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Monitoring.Domain.Alarms;
using Monitoring.Harness;
using MQTTnet;
using MQTTnet.Formatter;

namespace Monitoring.Faults.Intake;

/// <summary>What fails, fails alone: each store of a running hub is held by another program, and everything else goes on.</summary>
public sealed class FailsAloneTests
{
    /// <summary>The bound that docs/reference/performance.md states for a hub of this size, MB resident.</summary>
    private const long MemoryMbMax = 512;

    private const string Topic = "equipment/counter-1/readings";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task While_the_journal_is_away_nothing_is_acknowledged_and_one_alarm_says_so()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", FixtureSites.Square(2, 600)), cancellation);
        var secret = hub.Secret("square");
        await using var told = await Publisher.ConnectAsync(hub.Ports.Mqtt, "stranger", hub.Secret("stranger"), cancellation);
        using var watching = await hub.OperatorAsync(cancellation);
        using var admin = hub.Client();
        await told.CountAsync(1, 3, 0, cancellation);

        using (HeldStore.Journal(hub.Data))
        {
            Assert.Equal(MqttClientPublishReasonCode.QuotaExceeded, (await told.PublishAsync(Topic, Count(5), cancellation)).ReasonCode);
            await using var untold = await Publisher.ConnectAsync(hub.Ports.Mqtt, "square", secret, cancellation, MqttProtocolVersion.V311);
            await Assert.ThrowsAnyAsync<Exception>(() => untold.PublishAsync(Topic, Count(7), cancellation));
            await AlarmAsync(watching, IntakeRule.JournalAway, cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await admin.GetAsync("health/ready", cancellation)).StatusCode);
            Assert.Equal(3, (await watching.SpaceAsync("square", cancellation)).Lines[0].Day.In);

            // Tried again and again it is still one alarm, and people can go on with their work.
            Assert.False((await told.PublishAsync(Topic, Count(5), cancellation)).IsSuccess);
            var alarm = Assert.Single(await watching.AlarmsAsync(cancellation));
            Assert.Equal((1, ""), (alarm.Priority, alarm.Space));
            Assert.Equal(HttpStatusCode.OK, (await watching.AcknowledgeAsync(alarm.Id, cancellation)).StatusCode);
        }

        await told.CountAsync(1, 11, 0, cancellation);
        await Waiting.UntilAsync("the alarm to be over", async () => (await watching.AlarmsAsync(cancellation)).Count == 0, TimeSpan.FromMinutes(5), cancellation);
        await Waiting.UntilAsync("what was accepted to be counted, and nothing else", async () => (await watching.SpaceAsync("square", cancellation)).Lines[0].Day.In == 14, Soon, cancellation);
    }

    [Fact]
    public async Task While_the_state_store_is_away_live_state_and_new_alarms_go_on_and_what_people_do_is_answered_503()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", FixtureSites.Square(1, 600, "rule: density, on: 1, onForSeconds: 0, offForSeconds: 0")), cancellation);
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "square", hub.Secret("square"), cancellation);
        using var watching = await hub.OperatorAsync(cancellation);
        using var admin = hub.Client();
        await hub.AddUserAsync("lead", "supervisor", cancellation);
        using var leading = new HttpClient { BaseAddress = hub.Address };
        leading.DefaultRequestHeaders.Authorization = new("Bearer", await hub.AddTokenAsync("lead", "test", cancellation));
        await publisher.BeatAsync("counter-1", TimeProvider.System.GetUtcNow(), cancellation);
        await publisher.CountAsync(1, 3, 0, cancellation);

        using (HeldStore.State(hub.Data))
        {
            await publisher.CountAsync(1, 117, 0, cancellation);
            await Waiting.UntilAsync("the passages to be seen", async () => (await watching.SpaceAsync("square", cancellation)).Lines[0].Day.In == 120, Soon, cancellation);
            var alarm = await AlarmAsync(watching, AlarmRule.Density, cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await watching.AcknowledgeAsync(alarm.Id, cancellation)).StatusCode);
            using var change = await leading.PutAsJsonAsync("api/spaces/square/thresholds", new { rule = "density", on = 2.0, until = TimeProvider.System.GetUtcNow().AddHours(1), reason = "match" }, cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, change.StatusCode);
            Assert.Contains("Not stored", await change.Content.ReadAsStringAsync(cancellation), StringComparison.Ordinal);

            // The gateway keeps what no space has saved; a minute without a save is an alarm of its own.
            await AlarmAsync(watching, IntakeRule.NotSaved, cancellation);
            Assert.Contains("not-saved", await admin.GetStringAsync("health/ready", cancellation), StringComparison.Ordinal);
            await hub.KillAsync();
        }

        await hub.StartAgainAsync(cancellation);
        await Waiting.UntilAsync("everything to be there once", async () => (await watching.SpaceAsync("square", cancellation)).Lines[0].Day.In == 120, Soon, cancellation);
        var kept = await AlarmAsync(watching, AlarmRule.Density, cancellation);
        Assert.Equal((AlarmState.Unacknowledged, 1), (kept.State, kept.Transitions.Count));
        Assert.Equal(HttpStatusCode.OK, (await watching.AcknowledgeAsync(kept.Id, cancellation)).StatusCode);
    }

    [Fact]
    public async Task While_the_state_store_is_away_a_thousand_messages_a_second_are_kept_in_bounded_memory_and_are_there_once_afterwards()
    {
        const int gates = 10;
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var site = FixtureSites.Square(gates, 600).Replace("name: gate, line", "name: load, line", StringComparison.Ordinal);
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", site), cancellation);
        var secret = hub.Secret("square");
        var devices = folder.Write("devices.json", JsonSerializer.Serialize(Enumerable.Range(1, gates).Select(n => new { connection = "square", secret, topics = new[] { $"equipment/counter-{n}/readings" } })));
        using var watching = await hub.OperatorAsync(cancellation);
        using var admin = hub.Client();
        var seconds = RunSeed.IsLong ? 600 : 15;

        long accepted;
        using (HeldStore.State(hub.Data))
        {
            var load = await HubCommand.RunAsync(["load", "--mqtt", $"127.0.0.1:{hub.Ports.Mqtt}", "--devices", devices, "--rate", "1000", "--seconds", $"{seconds}", "--json"], cancellation);
            Assert.Equal(0, load.ExitCode);
            accepted = (await admin.IntakeAsync(cancellation)).GetProperty("accepted").GetInt64();
            Assert.Equal(0, (await admin.IntakeAsync(cancellation)).GetProperty("rejected").GetInt64());
            await Waiting.UntilAsync("live state to have all of it", async () => await CountedAsync(watching, cancellation) == accepted, Soon, cancellation);
            var vitals = HubVitals.Of(hub.ProcessId);
            TestContext.Current.TestOutputHelper!.WriteLine($"{seconds} s at 1,000 messages/s without a state store: {accepted} accepted, {vitals}");
            Assert.True(vitals.ResidentMb < MemoryMbMax, $"{vitals} are over the bound of {MemoryMbMax} MB.");
            await hub.KillAsync();
        }

        await hub.StartAgainAsync(cancellation);
        await Waiting.UntilAsync("the journal to have told everything again", async () => await CountedAsync(watching, cancellation) >= accepted, TimeSpan.FromMinutes(10), cancellation);
        Assert.Equal(accepted, await CountedAsync(watching, cancellation));
    }

    private static async Task<long> CountedAsync(HttpClient http, CancellationToken cancellation) =>
        (await http.SpaceAsync("square", cancellation)).Lines.Sum(line => line.Day.In + (line.PreviousDay?.In ?? 0));

    private static string Count(int passages) => $$$"""{"readings":[{"channel":"gate","count":{"in":{{{passages}}},"out":0}}]}""";

    private static async Task<Alarm> AlarmAsync(HttpClient http, string rule, CancellationToken cancellation)
    {
        Alarm? found = null;
        await Waiting.UntilAsync($"an alarm {rule}", async () => (found = (await http.AlarmsAsync(cancellation)).SingleOrDefault(alarm => alarm.Rule == rule)) is not null, TimeSpan.FromMinutes(5), cancellation);
        return found!;
    }
}

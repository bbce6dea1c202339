using Monitoring.Domain.Alarms;
using Monitoring.Domain.Intake;
using Monitoring.Faults.Equipment;
using Monitoring.Harness;

namespace Monitoring.Faults.Intake;

/// <summary>Messages that no space has saved for as long as they may be kept: their counts go from the disk, an alarm says so, and each has one fate all the same.</summary>
public sealed class ExpiryTests
{
    private static readonly FaultSite Site = new(2, 3);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // Each reading is about its own day, and none is a repeat: then all of a line and day expire.
    private static readonly Workload[] Workloads = [Equipment.Workloads.Disorder, Equipment.Workloads.Numbered, Equipment.Workloads.LateAndEarly];

    [Fact]
    public async Task What_a_killed_hub_finds_expired_is_set_aside_for_its_line_and_day()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await TroubledHub.FaultyAsync(folder, Site, cancellation);
        using var watching = await hub.Front.OperatorAsync(cancellation);
        var script = Script().As(SetAside.Expired);
        var outcome = await ExpireAsync(hub, folder, script, watching, cancellation);

        await hub.KillAsync(TroubledHub.Whole, cancellation);

        await new FaultTrial(hub, Site, script).CheckAsync(outcome, watching, cancellation);
    }

    [Fact]
    public async Task What_a_space_saves_after_all_is_counted_and_not_set_aside()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await TroubledHub.FaultyAsync(folder, Site, cancellation);
        using var watching = await hub.Front.OperatorAsync(cancellation);
        var script = Script();
        var outcome = await ExpireAsync(hub, folder, script, watching, cancellation);

        await hub.OrderAsync("state ok", cancellation);

        await new FaultTrial(hub, Site, script).CheckAsync(outcome, watching, cancellation);
        await Waiting.UntilAsync("the alarm to be over, for somebody to take note of", async () => (await watching.AlarmsAsync(cancellation)).Single(alarm => alarm.Rule == IntakeRule.JournalExpired).State == AlarmState.Returned, Patience, cancellation);
    }

    private static FleetScript Script() =>
        FleetScript.Of(Site.Gates, Workloads, RunSeed.Value, TimeProvider.System.GetUtcNow(), Math.Min(300, KillPoints.MessagesOfEach));

    // The state store is away, the fleet speaks, and more hours run than a message may be kept.
    private static async Task<FleetOutcome> ExpireAsync(TroubledHub hub, TemporaryFolder folder, FleetScript script, HttpClient watching, CancellationToken cancellation)
    {
        var secret = hub.Front.Secret(FaultSite.Connection);
        await hub.OrderAsync("state fail", cancellation);
        await using var fleet = FleetRun.Start(folder, script, hub.MqttPort, secret);
        var outcome = await fleet.FinishAsync(Patience, cancellation);
        Assert.Contains(hub.Stored.JournaledBodies(), HasCounts);

        await hub.OrderAsync("run 7", cancellation);
        FaultReport.Current.Struck("seven hours without a state store", idle: false);
        await Waiting.UntilAsync("one alarm that messages expired", async () => (await watching.AlarmsAsync(cancellation)).Count(alarm => alarm.Rule == IntakeRule.JournalExpired) == 1, Patience, cancellation);
        var kept = hub.Stored.JournaledBodies();
        Assert.Equal(outcome.Accepted.Count, kept.Count);
        Assert.DoesNotContain(kept, HasCounts);
        return outcome;
    }

    // A count of nobody is not written.
    private static bool HasCounts(string body) => body.Contains("\"in\":", StringComparison.Ordinal) || body.Contains("\"out\":", StringComparison.Ordinal);
}

using Monitoring.Faults.Equipment;
using Monitoring.Harness;

namespace Monitoring.Faults.Intake;

/// <summary>SIGKILL and SIGSTOP at any point: what was accepted is counted once, in its line and day.</summary>
public sealed class KillsAndStopsTests
{
    private static readonly FaultSite Site = new(2, 4);

    private static readonly Workload[] Everything =
        [Workloads.Paced(40), Workloads.Burst, Workloads.Totals(65_536), Workloads.Totals(null), Workloads.Repeats, Workloads.Disorder, Workloads.Numbered, Workloads.LateAndEarly];

    [Fact]
    public async Task A_whole_hub_that_is_killed_and_stopped_counts_each_accepted_reading_once()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await TroubledHub.WholeAsync(folder, Site, cancellation);
        await Trial(hub).RunAsync(folder, [.. Times(KillPoints.OfHub, Fault.Kill(TroubledHub.Whole)), .. Times(KillPoints.Few, Fault.Freeze(TroubledHub.Whole)), .. Times(KillPoints.Storms, Fault.Storm(TroubledHub.Whole))], cancellation);
    }

    [Fact]
    public async Task Gateway_and_silo_that_are_killed_and_stopped_each_count_each_accepted_reading_once()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await TroubledHub.SplitAsync(folder, Site, cancellation);
        Fault[] faults =
        [
            .. Times(KillPoints.OfRole, Fault.Kill(TroubledHub.Gateway)), .. Times(KillPoints.OfRole, Fault.Kill(TroubledHub.Silo)),
            .. Times(KillPoints.Few, Fault.Freeze(TroubledHub.Gateway)), .. Times(KillPoints.Few, Fault.Freeze(TroubledHub.Silo)),
            .. Times(KillPoints.Few, Fault.GatewayWithoutSilo),
        ];
        await Trial(hub).RunAsync(folder, faults, cancellation);
    }

    private static FaultTrial Trial(TroubledHub hub) =>
        new(hub, Site, FleetScript.Of(Site.Gates, Everything, RunSeed.Value, TimeProvider.System.GetUtcNow(), KillPoints.MessagesOfEach));

    private static IEnumerable<Fault> Times(int times, Fault fault) => Enumerable.Repeat(fault, times);
}

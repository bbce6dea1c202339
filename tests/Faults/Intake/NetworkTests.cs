using Monitoring.Faults.Equipment;
using Monitoring.Harness;

namespace Monitoring.Faults.Intake;

/// <summary>Connections that are cut, half open or slow: a message may come twice, and counts once.</summary>
public sealed class NetworkTests
{
    private static readonly FaultSite Site = new(2, 3);

    [Fact]
    public async Task Connections_that_are_cut_half_open_or_slow_lose_and_double_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await TroubledHub.WholeAsync(folder, Site, cancellation);
        await using var network = new BadNetwork(hub.MqttPort);
        Workload[] workloads = [Workloads.Paced(100), Workloads.Burst, Workloads.Totals(65_536), Workloads.Repeats, Workloads.Disorder, Workloads.Numbered];
        var script = FleetScript.Of(Site.Gates, workloads, RunSeed.Value, TimeProvider.System.GetUtcNow(), KillPoints.MessagesOfEach);
        Fault[] faults = [Churn(network), HalfOpen(network), Slow(network), Churn(network), HalfOpen(network), Fault.Kill(TroubledHub.Whole)];
        await new FaultTrial(hub, Site, script) { Port = network.Port }.RunAsync(folder, [.. Enumerable.Repeat(faults, KillPoints.Few).SelectMany(some => some)], cancellation);
    }

    private static Fault Churn(BadNetwork network) => new("connection churn", async (_, chance, cancellation) =>
    {
        for (var i = 0; i < 8; i++)
        {
            network.Cut();
            await Task.Delay(TimeSpan.FromMilliseconds(20 + chance.Below(200)), TimeProvider.System, cancellation);
        }
    });

    private static Fault HalfOpen(BadNetwork network) => new("half-open connections", (_, _, _) =>
    {
        network.HalfOpen();
        return Task.CompletedTask;
    });

    private static Fault Slow(BadNetwork network) => new("slow readers and senders", async (_, chance, cancellation) =>
    {
        network.Slow(1 + chance.Below(400));
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, cancellation);
        network.Slow(0);
    });
}

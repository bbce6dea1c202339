using Monitoring.Domain.Alarms;
using Monitoring.Harness;

namespace Monitoring.Faults.Intake;

/// <summary>A device that sends far more than it may: it is told so, and one alarm tells people. How long another device waits beside it is printed.</summary>
public sealed class BabblingDeviceTests
{
    private const int InFlight = 50;

    private static int Messages => RunSeed.IsLong ? 400_000 : 40_000;

    [Fact]
    public async Task A_device_that_babbles_raises_one_alarm_and_costs_no_other_a_message()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var hub = await AttackedHub.StartAsync(cancellation, limited: true);

        var honest = await hub.AttackAsync(1, _ => BabbleAsync(hub, cancellation), cancellation);

        Assert.NotEqual(0, honest);
        await hub.OneAlarmAsync(IntakeRule.MessageRate, HostileSite.Device, cancellation);
        var (accepted, rejected) = await hub.CountedAsync(cancellation);
        Assert.Equal(Messages + honest, accepted + rejected);
        Assert.NotEqual(0, rejected);
        await hub.CheckAsync(cancellation);
    }

    private static async Task BabbleAsync(AttackedHub hub, CancellationToken cancellation)
    {
        await using var publisher = await Publisher.ConnectAsync(hub.Port, HostileSite.Hostile, hub.Secret, cancellation);
        await Parallel.ForEachAsync(Enumerable.Range(0, Messages), new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellation }, async (number, _) =>
            await publisher.PublishAsync(HostileSite.Topic, $$$"""{"readings":[{"channel":"stage","occupancy":{"people":{{{number % 50}}}}}]}""", cancellation));
    }
}

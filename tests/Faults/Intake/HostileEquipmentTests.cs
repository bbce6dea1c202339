using Monitoring.Harness;

namespace Monitoring.Faults.Intake;

/// <summary>Equipment that sends what it likes: 5,000 cases, 100,000 in the long form. A failure names the seed and the case that repeat it.</summary>
public sealed class HostileEquipmentTests
{
    private static int Cases => RunSeed.IsLong ? 50_000 : 2_500;

    [Fact]
    public async Task Packets_of_any_shape_get_an_answer_or_an_end_and_honest_equipment_is_served_meanwhile()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var hub = await AttackedHub.StartAsync(cancellation);

        var honest = await hub.AttackAsync(Cases, new PacketAttack(hub.Port, hub.Secret).PlayAsync, cancellation);

        await hub.CheckAsync(cancellation);
        var (accepted, rejected) = await hub.CountedAsync(cancellation);
        Assert.True(accepted >= honest, $"{accepted} accepted, but {honest} honest messages were acknowledged");
        Assert.True(rejected >= Cases / 10, $"only {rejected} rejected");
    }

    [Fact]
    public async Task Payloads_of_any_shape_are_accepted_refused_with_a_reason_or_end_the_connection_and_the_counters_account_for_each()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var hub = await AttackedHub.StartAsync(cancellation);
        using var attack = new PayloadAttack(hub.Port, hub.Secret);

        var honest = await hub.AttackAsync(Cases, attack.PlayAsync, cancellation);

        var (accepted, rejected) = await hub.CountedAsync(cancellation);
        Assert.Equal(attack.Answered + attack.Ended + honest, accepted + rejected);
        Assert.InRange(accepted, attack.Accepted + honest, attack.Answered + honest);
        attack.Dispose();
        await hub.CheckAsync(cancellation);
    }
}

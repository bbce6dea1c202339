using Monitoring.Harness;

namespace Monitoring.Faults.Intake;

/// <summary>Harm that is done to a hub, and its end.</summary>
/// <param name="Name">Name in reports.</param>
/// <param name="StrikeAsync">Does it; when it ends, the hub has what it needs to work.</param>
internal sealed record Fault(string Name, Func<TroubledHub, Chance, CancellationToken, Task> StrikeAsync)
{
    private static readonly TimeSpan FrozenFor = TimeSpan.FromSeconds(2);

    /// <summary>SIGKILL, and a new start at once.</summary>
    public static Fault Kill(string part) => new($"SIGKILL of the {part}", (hub, _, cancellation) => hub.KillAsync(part, cancellation));

    /// <summary>SIGSTOP, and SIGCONT after up to two seconds.</summary>
    public static Fault Freeze(string part) => new($"SIGSTOP of the {part}", async (hub, chance, cancellation) =>
    {
        hub.Part(part).Signal(Signals.Stop);
        try
        {
            await Task.Delay(FrozenFor * (1 + chance.Below(100)) / 100, TimeProvider.System, cancellation);
        }
        finally
        {
            hub.Part(part).Signal(Signals.Continue);
        }
    });

    /// <summary>SIGKILL, and again while it starts, three times.</summary>
    public static Fault Storm(string part) => new($"restart storm of the {part}", async (hub, chance, cancellation) =>
    {
        await hub.Part(part).KillAsync();
        for (var i = 0; i < 3; i++)
        {
            hub.Part(part).BeginStart();
            await Task.Delay(TimeSpan.FromMilliseconds(100 + chance.Below(1_900)), TimeProvider.System, cancellation);
            await hub.Part(part).KillAsync();
        }

        await hub.StartAgainAsync(part, cancellation);
    });

    /// <summary>The silo is dead for a while, and in it the gateway is killed: one that starts without a silo still signs equipment in and keeps what it sends.</summary>
    public static Fault GatewayWithoutSilo { get; } = new("SIGKILL of the gateway while the silo is dead", async (hub, chance, cancellation) =>
    {
        await hub.Part(TroubledHub.Silo).KillAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(chance.Below(1_000)), TimeProvider.System, cancellation);
        await hub.KillAsync(TroubledHub.Gateway, cancellation);
        await Task.Delay(TimeSpan.FromMilliseconds(500 + chance.Below(1_000)), TimeProvider.System, cancellation);
        await hub.StartAgainAsync(TroubledHub.Silo, cancellation);
    });

    /// <summary>An order to the hub's stores or clock, and after a while the order that ends it.</summary>
    public static Fault Ordered(string order, string end) => new(order, async (hub, chance, cancellation) =>
    {
        await hub.OrderAsync(order, cancellation);
        await Task.Delay(TimeSpan.FromMilliseconds(500 + chance.Below(2_000)), TimeProvider.System, cancellation);
        await hub.OrderAsync(end, cancellation);
    });

    /// <summary>Killed in the middle of another fault, and started again without it.</summary>
    public static Fault KillWithin(string order) => new($"SIGKILL while {order}", async (hub, chance, cancellation) =>
    {
        await hub.OrderAsync(order, cancellation);
        await Task.Delay(TimeSpan.FromMilliseconds(500 + chance.Below(1_500)), TimeProvider.System, cancellation);
        await hub.KillAsync(TroubledHub.Whole, cancellation);
    });
}

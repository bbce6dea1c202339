namespace Monitoring.Domain.Equipment;

/// <summary>How far a device's stamp may lie from the arrival before its clock is called faulty.</summary>
/// <param name="Behind">How far in the past a stamp is believed.</param>
/// <param name="Ahead">How far in the future a stamp is believed.</param>
public sealed record DeviceClockWindow(TimeSpan Behind, TimeSpan Ahead)
{
    /// <summary>Furthest that a profile may say a stamp is believed ahead.</summary>
    public static readonly TimeSpan AheadMax = TimeSpan.FromHours(1);

    /// <summary>On the wall clock, where the profile says nothing: 48 h back, as long as repeats are remembered and the furthest that a profile may say; 5 min ahead.</summary>
    public static readonly DeviceClockWindow Wall = new(TimeSpan.FromHours(48), TimeSpan.FromMinutes(5));

    /// <summary>On a replay clock, which follows the data: 24 h ahead, since readings come before the clock moves.</summary>
    public static readonly DeviceClockWindow Replay = new(TimeSpan.FromHours(48), TimeSpan.FromHours(24));

    /// <summary>Whether a stamp is believed.</summary>
    /// <param name="stamp">The device's stamp.</param>
    /// <param name="arrival">Arrival at the gateway. Both edges belong to the window.</param>
    public bool Believes(DateTimeOffset stamp, DateTimeOffset arrival) => stamp >= arrival - Behind && stamp <= arrival + Ahead;
}

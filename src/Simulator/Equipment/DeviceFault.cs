namespace Monitoring.Simulator.Equipment;

/// <summary>What can be wrong with a simulated device.</summary>
internal enum FaultKind
{
    /// <summary>It neither measures nor says anything; what passes meanwhile is never counted.</summary>
    Silent,

    /// <summary>It lost its time and stamps from 2000-01-01 on; lengths of time stay right.</summary>
    DeadClock,

    /// <summary>A bollard goes down and stays there.</summary>
    StuckLowered,

    /// <summary>A bollard stops half way.</summary>
    StuckMoving,

    /// <summary>Its battery runs down, from <see cref="DeviceHealth.RunsDownFromPercent"/> to <see cref="DeviceHealth.RunsDownToPercent"/>; then it gets a new one.</summary>
    BatteryRunsDown,

    /// <summary>A connection, not a device: its link drops, and what was said meanwhile is sent late.</summary>
    LinkLost,
}

/// <summary>One fault in a scene.</summary>
/// <param name="Subject">Id of the device; for <see cref="FaultKind.LinkLost"/> the name of the connection.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="From">When it begins, counted from the start of the scene.</param>
/// <param name="For">How long it lasts.</param>
internal sealed record DeviceFault(string Subject, FaultKind Kind, TimeSpan From, TimeSpan For)
{
    /// <summary>Whether it is there.</summary>
    /// <param name="at">Time since the start of the scene.</param>
    public bool Acts(TimeSpan at) => at >= From && at < From + For;
}

namespace Monitoring.Domain.Intake;

/// <summary>How much of the memory that recognises repeats is kept; how long it reaches back is not among it.</summary>
/// <remarks>The 48 hours of <see cref="IntervalSet.Memory"/> are a rule and no setting: stamps are believed exactly as long as a repeat would be recognised, and cells stay open for less.</remarks>
/// <param name="IntervalsMax">Most intervals of one line that are apart from each other; beyond it the oldest is forgotten, and what is older is late.</param>
/// <param name="NumbersMax">Most runs of message numbers of one device; beyond it the lowest is forgotten.</param>
/// <param name="FaultyStampsMax">Most intervals of a faulty clock on one line; beyond it the oldest is forgotten, and a repeat of it counts again.</param>
public sealed record RepeatLimits(int IntervalsMax = IntervalSet.RangesMax, int NumbersMax = SequenceMemory.RangesMax, int FaultyStampsMax = RepeatLimits.FaultyStampsDefault)
{
    /// <summary>Default of <see cref="FaultyStampsMax"/>: five hours of five-minute intervals.</summary>
    public const int FaultyStampsDefault = 64;
}

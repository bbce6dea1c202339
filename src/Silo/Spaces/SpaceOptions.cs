using System.ComponentModel.DataAnnotations;
using Monitoring.Domain.Intake;

namespace Monitoring.Silo.Spaces;

/// <summary>How a space publishes and saves. Section <c>Silo:Spaces</c>.</summary>
public sealed class SpaceOptions
{
    /// <summary>Shortest time between two published states of one space, milliseconds. 10 to 1,000, default 50.</summary>
    [Range(10, 1_000)]
    public int PublishEveryMs { get; init; } = 50;

    /// <summary>Longest time that a change stays unsaved, milliseconds; also how often a space looks at the clock. 100 to 10,000, default 1,000.</summary>
    [Range(100, 10_000)]
    public int CheckpointEveryMs { get; init; } = 1_000;

    /// <summary>Most live watches on one space; a further one is refused. 1 to 10,000, default 256.</summary>
    [Range(1, 10_000)]
    public int WatchersMax { get; init; } = 256;

    /// <summary>Most counted intervals of one line that are remembered apart from each other, to recognise repeats; those that touch are one. Beyond it the oldest is forgotten and what is older is late. 64 to 16,384, default 2,048.</summary>
    [Range(64, 16_384)]
    public int RepeatIntervalsMax { get; init; } = IntervalSet.RangesMax;

    /// <summary>Most runs of message numbers of one device that are remembered, to recognise repeats; a gap begins a new one. Beyond it the lowest is forgotten. 16 to 4,096, default 256.</summary>
    [Range(16, 4_096)]
    public int RepeatNumbersMax { get; init; } = SequenceMemory.RangesMax;

    /// <summary>Most intervals of a faulty clock on one line that are remembered, to recognise repeats. Beyond it the oldest is forgotten, and a repeat of it would count. 16 to 1,024, default 64.</summary>
    [Range(16, 1_024)]
    public int RepeatFaultyStampsMax { get; init; } = RepeatLimits.FaultyStampsDefault;

    /// <summary>The limits of the memory of repeats together.</summary>
    internal RepeatLimits Repeats() => new(RepeatIntervalsMax, RepeatNumbersMax, RepeatFaultyStampsMax);
}

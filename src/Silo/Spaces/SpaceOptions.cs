using System.ComponentModel.DataAnnotations;

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
}

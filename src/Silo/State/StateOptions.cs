using System.ComponentModel.DataAnnotations;

namespace Monitoring.Silo.State;

/// <summary>The store of grain state. Section <c>Silo:State</c>.</summary>
public sealed class StateOptions
{
    /// <summary>Most writes that may wait for the next commit; a further one fails and is tried again with the next checkpoint. 64 to 1,000,000, default 16,384.</summary>
    [Range(64, 1_000_000)]
    public int WaitingMax { get; init; } = 16_384;
}

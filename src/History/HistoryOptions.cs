using System.ComponentModel.DataAnnotations;

namespace Monitoring.History;

/// <summary>The history that answers questions on this machine (DuckDB). Section <c>Silo:History</c>.</summary>
public sealed class HistoryOptions
{
    /// <summary>Memory of the engine, MB; what needs more goes to disk, or is refused. 64 to 65,536, default 256.</summary>
    [Range(64, 65_536)]
    public int MemoryMb { get; init; } = 256;

    /// <summary>Threads that share the work of one question. 1 to 64, default 1: a question may take longer, and the live picture does not wait for it.</summary>
    [Range(1, 64)]
    public int Threads { get; init; } = 1;

    /// <summary>Most disk that questions may take for what does not fit into memory, MB. 0 to 1,048,576, default 1,024.</summary>
    [Range(0, 1_048_576)]
    public int SpillMb { get; init; } = 1_024;

    /// <summary>Most questions at once. 1 to 64, default 2.</summary>
    [Range(1, 64)]
    public int QueriesMax { get; init; } = 2;

    /// <summary>Most questions that wait for their turn; one more is told to come again. 0 to 1,000, default 32.</summary>
    [Range(0, 1_000)]
    public int WaitingMax { get; init; } = 32;

    /// <summary>How long a question may take with its wait, seconds; then it is broken off. 1 to 3,600, default 30.</summary>
    [Range(1, 3_600)]
    public int QuerySeconds { get; init; } = 30;

    /// <summary>Most exported files that are being fetched at once; one more is told to come again. 1 to 64, default 4.</summary>
    [Range(1, 64)]
    public int ExportsMax { get; init; } = 4;
}

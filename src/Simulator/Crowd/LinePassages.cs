namespace Monitoring.Simulator.Crowd;

/// <summary>Passages over a line since the start of the simulation.</summary>
/// <param name="In">Inward, 0 or more.</param>
/// <param name="Out">Outward, 0 or more.</param>
internal readonly record struct LinePassages(int In, int Out)
{
    /// <summary>What was added since an earlier look.</summary>
    /// <param name="earlier">The earlier look.</param>
    public LinePassages Since(LinePassages earlier) => new(In - earlier.In, Out - earlier.Out);
}

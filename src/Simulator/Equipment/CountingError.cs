using Monitoring.Simulator.Crowd;

namespace Monitoring.Simulator.Equipment;

/// <summary>What a counting device misses: a fixed share of what passes in one direction, and of the people it sees at once. It never sees more than there is.</summary>
/// <remarks>Real counters err to one side by some percent, so that people by counting drift: 0.5 % of 20,000 passages are 100 phantoms a day.</remarks>
internal sealed class CountingError
{
    /// <summary>Largest share missed.</summary>
    public const double ShareMax = 0.03;

    private readonly double _share;
    private readonly bool _inward;

    /// <summary>Draws the share, 0 to <see cref="ShareMax"/>, and the direction.</summary>
    /// <param name="random">Seeded source.</param>
    public CountingError(Random random) => (_share, _inward) = (ShareMax * random.NextDouble(), random.Next(2) == 0);

    /// <summary>What it has counted of what has passed since the start.</summary>
    /// <param name="passed">What has passed.</param>
    public LinePassages Counted(LinePassages passed) => _inward ? passed with { In = Seen(passed.In) } : passed with { Out = Seen(passed.Out) };

    /// <summary>How many it sees of the people who are there.</summary>
    /// <param name="people">People who are there.</param>
    public int Seen(int people) => people - (int)(people * _share);
}

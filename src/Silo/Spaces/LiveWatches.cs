namespace Monitoring.Silo.Spaces;

/// <summary>The live watches on one space that are open, bounded.</summary>
/// <param name="space">Space id.</param>
/// <param name="most">Most at once.</param>
internal sealed class LiveWatches(string space, int most)
{
    /// <summary>How many are open.</summary>
    public int Open { get; private set; }

    /// <summary>Enters one more.</summary>
    /// <exception cref="InvalidOperationException">There are too many; it is counted as turned away.</exception>
    public void Enter()
    {
        if (Open >= most)
        {
            SpaceMetrics.RefusedWatch();
            throw new InvalidOperationException($"Space '{space}' has {Open} live watches; close one, or raise Silo:Spaces:WatchersMax.");
        }

        Open++;
    }

    /// <summary>Lets one go.</summary>
    public void Leave() => Open--;
}

namespace Monitoring.Simulator.Crowd;

/// <summary>Something that comes, stays and goes within a scene.</summary>
/// <param name="From">When it begins, counted from the start of the scene.</param>
/// <param name="Rise">How long it takes to its height.</param>
/// <param name="Hold">How long it stays there.</param>
/// <param name="Fall">How long it takes to be gone.</param>
internal readonly record struct Swell(TimeSpan From, TimeSpan Rise, TimeSpan Hold, TimeSpan Fall)
{
    /// <summary>When it is gone.</summary>
    public TimeSpan End => From + Rise + Hold + Fall;

    /// <summary>How much of its height is there, 0 to 1; straight up and straight down.</summary>
    /// <param name="at">Time since the start of the scene.</param>
    public double At(TimeSpan at)
    {
        if (at <= From || at >= End)
            return 0;
        if (at < From + Rise)
            return (at - From) / Rise;
        return at <= From + Rise + Hold ? 1 : (End - at) / Fall;
    }

    /// <summary>The same, later.</summary>
    /// <param name="by">How much later.</param>
    public Swell Later(TimeSpan by) => this with { From = From + by };
}

/// <summary>A zone that fills and empties again.</summary>
/// <param name="Space">Id of its space.</param>
/// <param name="Zone">Id of the zone.</param>
/// <param name="When">When, and how fast.</param>
/// <param name="DensityPerM2">Density at its height, people per square metre.</param>
internal sealed record ZoneFill(string Space, string Zone, Swell When, double DensityPerM2);

/// <summary>People who stream over a line in one direction.</summary>
/// <param name="Space">Id of its space.</param>
/// <param name="Line">Id of the line.</param>
/// <param name="Inward">Whether they go inward (from → to).</param>
/// <param name="When">When, and how fast it swells.</param>
/// <param name="PerMinuteAndM">People per minute and metre of width at its height.</param>
internal sealed record LineSurge(string Space, string Line, bool Inward, Swell When, double PerMinuteAndM);

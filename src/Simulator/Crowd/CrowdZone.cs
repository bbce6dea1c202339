using Monitoring.Domain.Spaces;

namespace Monitoring.Simulator.Crowd;

/// <summary>One zone of a simulated space: how many are in it, and how many there would be if everybody could get in and out at once.</summary>
internal sealed class CrowdZone
{
    private readonly double _calmDensity;
    private readonly double _phase;
    private readonly ZoneFill[] _fills;

    /// <summary>Creates an empty zone.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="random">Seeded source: how full it is on a calm day.</param>
    /// <param name="fills">What fills it.</param>
    public CrowdZone(Zone zone, Random random, ZoneFill[] fills)
    {
        (Zone, _fills) = (zone, fills);
        _calmDensity = 0.06 + 0.30 * random.NextDouble();
        _phase = 2 * Math.PI * random.NextDouble();
    }

    /// <summary>The zone.</summary>
    public Zone Zone { get; }

    /// <summary>People in it, 0 or more.</summary>
    public int People { get; set; }

    /// <summary>People that the scene wants in it.</summary>
    /// <param name="at">Time since the start of the scene.</param>
    /// <param name="waveSeconds">Length of the slow wave.</param>
    public double Target(TimeSpan at, double waveSeconds)
    {
        var calm = _calmDensity * (1 + 0.15 * Math.Sin(_phase + 2 * Math.PI * at.TotalSeconds / waveSeconds));
        var density = calm;
        foreach (var fill in _fills)
            density = Math.Max(density, calm + (fill.DensityPerM2 - calm) * fill.When.At(at));
        return density * Zone.AreaM2;
    }
}

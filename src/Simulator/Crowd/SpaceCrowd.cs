using Monitoring.Domain.Equipment;
using Monitoring.Domain.Spaces;

namespace Monitoring.Simulator.Crowd;

/// <summary>What is true in one simulated space: who is in which zone, and who has passed which line.</summary>
/// <remarks>
/// Nobody appears or vanishes but over a line: in each zone, people = people at the start + passages in - passages out. Over every
/// line a few stroll both ways; beyond that, people come and go so that each zone is as full as the scene wants it, and they stream
/// where the scene lets them stream.
/// </remarks>
internal sealed class SpaceCrowd
{
    /// <summary>Most people per minute and metre, both directions together: the rate of passage that British stadiums count on level ground.</summary>
    public const double FlowMax = 82;

    /// <summary>Most people per minute and metre where the scene has no stream: nobody is in a hurry.</summary>
    public const double StrollMax = 42;

    /// <summary>Time in which a zone makes up most of what it lacks or has too many, seconds.</summary>
    private const double SettleSeconds = 30;

    /// <summary>Length of the slow wave in how full a zone is, seconds: it is never quite still.</summary>
    private const double WaveSeconds = 900;

    private readonly Random _random;
    private readonly Dictionary<string, CrowdZone> _zones;
    private readonly Dictionary<string, CrowdLine> _lines;

    /// <summary>Creates the crowd as it is at the start of a scene.</summary>
    /// <param name="space">The space.</param>
    /// <param name="random">Seeded source.</param>
    /// <param name="fills">What fills its zones; those of other spaces are not looked at.</param>
    /// <param name="surges">What streams over its lines; those of other spaces are not looked at.</param>
    public SpaceCrowd(PublicSpace space, Random random, IEnumerable<ZoneFill> fills, IEnumerable<LineSurge> surges)
    {
        (_random, TimeZone) = (random, space.TimeZone);
        var seen = space.Devices.SelectMany(device => device.Channels).Where(channel => channel.Observes == ChannelSubject.People).Select(channel => channel.Subject).ToHashSet();
        _zones = space.Zones.ToDictionary(zone => zone.Id, zone => new CrowdZone(zone, random, [.. fills.Where(fill => fill.Space == space.Id && fill.Zone == zone.Id)]));
        _lines = space.Lines.ToDictionary(line => line.Id, line => new CrowdLine(line, random, _zones.GetValueOrDefault(line.From), _zones.GetValueOrDefault(line.To), [.. surges.Where(surge => surge.Space == space.Id && surge.Line == line.Id)]));

        // A zone that no camera sees begins empty: the hub, too, can only begin to count it from 0.
        foreach (var zone in _zones.Values.Where(zone => seen.Contains(zone.Zone.Id)))
            zone.People = (int)zone.Target(TimeSpan.Zero, WaveSeconds);
    }

    /// <summary>Local time zone of the space.</summary>
    public TimeZoneInfo TimeZone { get; }

    /// <summary>People in all zones.</summary>
    public int People => _zones.Values.Sum(zone => zone.People);

    /// <summary>People in a zone.</summary>
    /// <param name="zone">Zone id.</param>
    public int PeopleIn(string zone) => _zones[zone].People;

    /// <summary>Density of a zone, people per square metre of walkable area.</summary>
    /// <param name="zone">Zone id.</param>
    public double DensityIn(string zone) => _zones[zone].People / _zones[zone].Zone.AreaM2;

    /// <summary>Passages over a line since the start.</summary>
    /// <param name="line">Line id.</param>
    public LinePassages PassagesOf(string line) => _lines[line].Passed;

    /// <summary>Lets one second pass.</summary>
    /// <param name="at">Time since the start of the scene, at the second's end.</param>
    public void Step(TimeSpan at)
    {
        foreach (var line in _lines.Values)
            line.Look(at);
        foreach (var zone in _zones.Values)
            Settle(zone, (zone.Target(at, WaveSeconds) - zone.People) / SettleSeconds);
        foreach (var line in _lines.Values)
        {
            var (inward, outward) = line.PerSecond();
            line.Pass(_random.Poisson(inward), inward: true);
            line.Pass(_random.Poisson(outward), inward: false);
        }
    }

    // A zone that lacks people draws them over all of its lines by width, one with too many lets them go; never against a stream.
    private void Settle(CrowdZone zone, double peoplePerSecond)
    {
        var width = 0.0;
        foreach (var line in _lines.Values)
            width += line.Touches(zone) && !line.Streams ? line.Line.WidthM : 0;
        foreach (var line in _lines.Values)
        {
            if (line.Touches(zone) && !line.Streams)
                line.Want(peoplePerSecond * line.Line.WidthM / width, into: zone);
        }
    }
}

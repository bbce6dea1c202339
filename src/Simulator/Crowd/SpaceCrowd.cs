using Monitoring.Domain.Equipment;
using Monitoring.Domain.Spaces;

namespace Monitoring.Simulator.Crowd;

/// <summary>What is true in one simulated space: who is in which zone, and who has passed which line.</summary>
/// <remarks>Nobody appears or vanishes but over a line: in each zone, people = people at the start + passages in - passages out.</remarks>
internal sealed class SpaceCrowd
{
    /// <summary>Length of the slow wave in how full a space is, seconds: it is never quite still.</summary>
    private const double WaveSeconds = 900;

    private readonly PublicSpace _space;
    private readonly Random _random;
    private readonly double _peakShare;
    private readonly double _phase;
    private readonly Dictionary<string, int> _people = [];
    private readonly Dictionary<string, LinePassages> _passages = [];

    /// <summary>Creates the crowd as the time of day has it.</summary>
    /// <param name="space">The space.</param>
    /// <param name="random">Seeded source.</param>
    /// <param name="now">The instant at which it begins.</param>
    public SpaceCrowd(PublicSpace space, Random random, DateTimeOffset now)
    {
        (_space, _random) = (space, random);
        _peakShare = 0.35 + 0.25 * random.NextDouble();
        _phase = 2 * Math.PI * random.NextDouble();
        foreach (var line in space.Lines)
            _passages[line.Id] = default;
        foreach (var zone in space.Zones)
            _people[zone.Id] = IsSeen(zone) ? (int)Target(zone, now) : 0;
    }

    /// <summary>Local time zone of the space.</summary>
    public TimeZoneInfo TimeZone => _space.TimeZone;

    /// <summary>People in all zones.</summary>
    public int People => _people.Values.Sum();

    /// <summary>People in a zone.</summary>
    /// <param name="zone">Zone id.</param>
    public int PeopleIn(string zone) => _people[zone];

    /// <summary>Passages over a line since the start.</summary>
    /// <param name="line">Line id.</param>
    public LinePassages PassagesOf(string line) => _passages[line];

    /// <summary>Lets one second pass.</summary>
    /// <param name="now">The instant at its end.</param>
    public void Step(DateTimeOffset now)
    {
        foreach (var zone in _space.Zones)
        {
            var own = _space.Lines.Where(line => line.From == zone.Id || line.To == zone.Id).ToList();
            var width = own.Sum(line => line.WidthM);
            foreach (var line in own)
            {
                var share = line.WidthM / width;
                Leave(zone, line, Leavers(zone, share));
                if (line.From == CountingLine.Outside || line.To == CountingLine.Outside)
                    Enter(zone, line, _random.Poisson(Arrivals(zone, now) * line.WidthM / OutsideWidth(own)));
            }
        }
    }

    /// <summary>Seconds that a person stays in a zone on average: three slow crossings and back.</summary>
    /// <param name="zone">The zone.</param>
    internal static double StaySeconds(Zone zone) => 5 * Math.Sqrt(zone.AreaM2);

    // A zone that no camera sees begins empty: the hub, too, can only begin to count it from 0.
    private bool IsSeen(Zone zone) =>
        _space.Devices.Any(device => device.Channels.Any(channel => channel.Observes == ChannelSubject.People && channel.Subject == zone.Id));

    private double Target(Zone zone, DateTimeOffset now)
    {
        var wave = 1 + 0.15 * Math.Sin(_phase + 2 * Math.PI * (now.ToUnixTimeSeconds() % WaveSeconds) / WaveSeconds);
        return zone.Capacity * _peakShare * DayProfile.At(now, _space.TimeZone) * wave;
    }

    private int Leavers(Zone zone, double share) =>
        Math.Min(_people[zone.Id], _random.Poisson(_people[zone.Id] * share / StaySeconds(zone)));

    // From outside come as many as keep the zone at its target, beyond those who come over from its neighbours.
    private double Arrivals(Zone zone, DateTimeOffset now)
    {
        var fromNeighbours = 0.0;
        foreach (var line in _space.Lines.Where(line => line.From == zone.Id || line.To == zone.Id))
        {
            var other = _space.Zones.FirstOrDefault(other => other != zone && (other.Id == line.From || other.Id == line.To));
            if (other is not null)
                fromNeighbours += _people[other.Id] / StaySeconds(other) * line.WidthM / _space.Lines.Where(own => own.From == other.Id || own.To == other.Id).Sum(own => own.WidthM);
        }

        return Math.Max(0, Target(zone, now) / StaySeconds(zone) - fromNeighbours);
    }

    private static double OutsideWidth(IEnumerable<CountingLine> lines) =>
        lines.Where(line => line.From == CountingLine.Outside || line.To == CountingLine.Outside).Sum(line => line.WidthM);

    private void Leave(Zone zone, CountingLine line, int people) => Pass(line, people, inward: line.From == zone.Id);

    private void Enter(Zone zone, CountingLine line, int people) => Pass(line, people, inward: line.To == zone.Id);

    private void Pass(CountingLine line, int people, bool inward)
    {
        var (from, to) = inward ? (line.From, line.To) : (line.To, line.From);
        if (from != CountingLine.Outside)
            _people[from] -= people;
        if (to != CountingLine.Outside)
            _people[to] += people;
        var before = _passages[line.Id];
        _passages[line.Id] = inward ? before with { In = before.In + people } : before with { Out = before.Out + people };
    }
}

/// <summary>Passages over a line since the start of the simulation.</summary>
/// <param name="In">Inward, 0 or more.</param>
/// <param name="Out">Outward, 0 or more.</param>
internal readonly record struct LinePassages(int In, int Out)
{
    /// <summary>What was added since an earlier look.</summary>
    /// <param name="earlier">The earlier look.</param>
    public LinePassages Since(LinePassages earlier) => new(In - earlier.In, Out - earlier.Out);
}

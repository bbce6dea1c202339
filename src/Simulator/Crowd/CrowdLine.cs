using Monitoring.Domain.Spaces;

namespace Monitoring.Simulator.Crowd;

/// <summary>One counting line of a simulated space: how many want to pass it in this second, and how many have passed.</summary>
internal sealed class CrowdLine
{
    private const double SecondsPerMinute = 60;

    private readonly CrowdZone? _from;
    private readonly CrowdZone? _to;
    private readonly double _strollPerSecond;
    private readonly LineSurge[] _surges;
    private double _inward;
    private double _outward;

    /// <summary>Creates a line over which nobody has passed.</summary>
    /// <param name="line">The line.</param>
    /// <param name="random">Seeded source: how many stroll over it on a calm day.</param>
    /// <param name="from">Zone that inward passages leave; null for outside.</param>
    /// <param name="to">Zone that inward passages enter; null for outside.</param>
    /// <param name="surges">What streams over it.</param>
    public CrowdLine(CountingLine line, Random random, CrowdZone? from, CrowdZone? to, LineSurge[] surges)
    {
        (Line, _from, _to, _surges) = (line, from, to, surges);
        _strollPerSecond = (1.5 + 4 * random.NextDouble()) * line.WidthM / SecondsPerMinute;
    }

    /// <summary>The line.</summary>
    public CountingLine Line { get; }

    /// <summary>Passages since the start.</summary>
    public LinePassages Passed { get; private set; }

    /// <summary>Whether the scene lets people stream over it now.</summary>
    public bool Streams { get; private set; }

    /// <summary>Whether it is a border of a zone.</summary>
    /// <param name="zone">The zone.</param>
    public bool Touches(CrowdZone zone) => _from == zone || _to == zone;

    /// <summary>Begins a second: those who stroll, and those who stream.</summary>
    /// <param name="at">Time since the start of the scene.</param>
    public void Look(TimeSpan at)
    {
        (_inward, _outward, Streams) = (_strollPerSecond, _strollPerSecond, false);
        foreach (var surge in _surges)
        {
            var people = surge.PerMinuteAndM * Line.WidthM / SecondsPerMinute * surge.When.At(at);
            Streams |= people > 0;
            (_inward, _outward) = surge.Inward ? (_inward + people, _outward) : (_inward, _outward + people);
        }
    }

    /// <summary>Adds those who want into a zone, or out of it.</summary>
    /// <param name="peoplePerSecond">People per second; below 0 they want out.</param>
    /// <param name="into">The zone, on one of its sides.</param>
    public void Want(double peoplePerSecond, CrowdZone into)
    {
        if (peoplePerSecond > 0 == (_to == into))
            _inward += Math.Abs(peoplePerSecond);
        else
            _outward += Math.Abs(peoplePerSecond);
    }

    /// <summary>People per second in each direction that the width lets pass.</summary>
    public (double Inward, double Outward) PerSecond()
    {
        var most = (Streams ? SpaceCrowd.FlowMax : SpaceCrowd.StrollMax) * Line.WidthM / SecondsPerMinute;
        var share = Math.Min(1, most / (_inward + _outward));
        return (_inward * share, _outward * share);
    }

    /// <summary>Lets people pass; no more than there are on the side that they leave.</summary>
    /// <param name="people">People who want to pass.</param>
    /// <param name="inward">Their direction.</param>
    public void Pass(int people, bool inward)
    {
        var (from, to) = inward ? (_from, _to) : (_to, _from);
        var passing = Math.Min(people, from?.People ?? people);
        if (from is not null)
            from.People -= passing;
        if (to is not null)
            to.People += passing;
        Passed = inward ? Passed with { In = Passed.In + passing } : Passed with { Out = Passed.Out + passing };
    }
}

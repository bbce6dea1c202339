using Monitoring.Domain.Spaces;
using Monitoring.Simulator.Crowd;
using Monitoring.Simulator.Intake;

namespace Monitoring.Simulator.Exercises;

/// <summary>A simulated city: what is true in it, and what its equipment says about that. Pure: the same seed and times give the same messages.</summary>
internal sealed class PilotCity
{
    /// <summary>Longest stretch that is played second by second. Over a longer one (a machine that slept) the city stands still.</summary>
    public static readonly TimeSpan CatchUpMax = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, SpaceCrowd> _crowds = [];
    private readonly List<SimulatedDevice> _devices = [];
    private bool _started;

    /// <summary>Creates the city as it is at an instant.</summary>
    /// <param name="site">The site.</param>
    /// <param name="seed">Seed of all chance in it.</param>
    /// <param name="now">The instant; the city begins at its whole second.</param>
    public PilotCity(Site site, int seed, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(site);
        Now = WholeSecond(now);
        var seeds = new Random(seed);
        foreach (var space in site.Spaces)
        {
            var crowd = _crowds[space.Id] = new SpaceCrowd(space, new Random(seeds.Next()), Now);
            _devices.AddRange(space.Devices.Select(device => new SimulatedDevice(device, space, crowd, new Random(seeds.Next()), Now)));
        }
    }

    /// <summary>How far the city has been played.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>What is true in a space.</summary>
    /// <param name="space">Space id.</param>
    public SpaceCrowd Crowd(string space) => _crowds[space];

    /// <summary>Plays the city up to an instant.</summary>
    /// <param name="now">The instant; an older one plays nothing.</param>
    /// <returns>What its equipment sends meanwhile, in order of time.</returns>
    public IReadOnlyList<OutgoingMessage> AdvanceTo(DateTimeOffset now)
    {
        var sent = new List<OutgoingMessage>();
        if (!_started)
            sent.AddRange(_devices.SelectMany(device => device.Report(Now)));
        _started = true;
        var to = WholeSecond(now);
        if (to - Now > CatchUpMax)
            Now = to - Second;
        while (Now < to)
        {
            Now += Second;
            foreach (var crowd in _crowds.Values)
                crowd.Step(Now);
            foreach (var device in _devices)
                sent.AddRange(device.Step(Now));
        }

        return sent;
    }

    private static DateTimeOffset WholeSecond(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());
}

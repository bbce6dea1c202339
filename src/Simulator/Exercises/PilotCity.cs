using Monitoring.Domain.Spaces;
using Monitoring.Simulator.Crowd;
using Monitoring.Simulator.Equipment;
using Monitoring.Simulator.Intake;

namespace Monitoring.Simulator.Exercises;

/// <summary>A simulated city: what is true in it, and what its equipment says about that. Pure: the same seed, scene and times give the same messages.</summary>
/// <remarks>It follows its scene, not the hour of the day, so that there is something to see whenever it is started.</remarks>
internal sealed class PilotCity
{
    /// <summary>Longest stretch that is played second by second. Over a longer one (a machine that slept) the city stands still.</summary>
    public static readonly TimeSpan CatchUpMax = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Scene _scene;
    private readonly DateTimeOffset _startedAt;
    private readonly Dictionary<string, SpaceCrowd> _crowds = [];
    private readonly List<SimulatedDevice> _devices = [];
    private readonly Dictionary<string, LostLink<DeviceReport>> _links = [];
    private readonly Dictionary<string, string> _connectionOf = [];
    private bool _started;

    /// <summary>Creates the city as it is at an instant.</summary>
    /// <param name="site">The site.</param>
    /// <param name="scene">What happens in it, again and again.</param>
    /// <param name="seed">Seed of all chance in it.</param>
    /// <param name="now">The instant; the city begins at its whole second.</param>
    public PilotCity(Site site, Scene scene, int seed, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(site);
        (_scene, _startedAt) = (scene, WholeSecond(now));
        Now = _startedAt;
        foreach (var connection in site.Connections)
        {
            foreach (var topic in connection.Topics)
                _connectionOf[topic] = connection.Name;
        }

        var seeds = new Random(seed);
        foreach (var space in site.Spaces)
        {
            var crowd = _crowds[space.Id] = new SpaceCrowd(space, new Random(seeds.Next()), scene.Fills, scene.Surges);
            _devices.AddRange(space.Devices.Select(device => new SimulatedDevice(device, space, crowd, _connectionOf.Keys, scene.Faults, new Random(seeds.Next()), Now)));
        }

        foreach (var fault in scene.Faults.Where(fault => fault.Kind == FaultKind.LinkLost))
            _links.TryAdd(fault.Subject, new LostLink<DeviceReport>());
    }

    /// <summary>How far the city has been played.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>Time since the scene began, or began again.</summary>
    public TimeSpan SceneTime => TimeSpan.FromTicks((Now - _startedAt).Ticks % _scene.Length.Ticks);

    /// <summary>Connections whose link is down.</summary>
    public IEnumerable<string> LinksDown => _links.Where(link => link.Value.Down).Select(link => link.Key);

    /// <summary>What is true in a space.</summary>
    /// <param name="space">Space id.</param>
    public SpaceCrowd Crowd(string space) => _crowds[space];

    /// <summary>Plays the city up to an instant.</summary>
    /// <param name="now">The instant; an older one plays nothing.</param>
    /// <returns>What its equipment sends meanwhile, in order of time.</returns>
    public IReadOnlyList<DeviceReport> AdvanceTo(DateTimeOffset now)
    {
        var sent = new List<DeviceReport>();
        if (!_started)
            sent.AddRange(_devices.SelectMany(device => device.Begin(SceneTime)));
        _started = true;
        var to = WholeSecond(now);
        if (to - Now > CatchUpMax)
            Now = to - Second;
        while (Now < to)
        {
            Now += Second;
            foreach (var crowd in _crowds.Values)
                crowd.Step(SceneTime);
            sent.AddRange(Through(_devices.SelectMany(device => device.Step(Now, SceneTime))));
        }

        return sent;
    }

    private IEnumerable<DeviceReport> Through(IEnumerable<DeviceReport> said)
    {
        if (_links.Count == 0)
            return said;
        var at = SceneTime;
        var byLink = said.ToLookup(report => _connectionOf.GetValueOrDefault(report.Message.Topic) is { } connection && _links.ContainsKey(connection) ? connection : "");
        foreach (var (connection, link) in _links)
            link.Down = _scene.Faults.Any(fault => fault.Kind == FaultKind.LinkLost && fault.Subject == connection && fault.Acts(at));
        return byLink[""].Concat(_links.SelectMany(link => link.Value.Pass(byLink[link.Key])));
    }

    private static DateTimeOffset WholeSecond(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());
}

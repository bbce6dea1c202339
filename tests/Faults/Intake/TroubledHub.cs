using Monitoring.Faults.Equipment;
using Monitoring.Faults.Spaces;
using Monitoring.Harness;

namespace Monitoring.Faults.Intake;

/// <summary>A hub under trial: one process, or one for each role; with the means to do it harm.</summary>
internal sealed class TroubledHub : IAsyncDisposable
{
    /// <summary>The part that is a whole hub.</summary>
    public const string Whole = "hub", Silo = "silo", Gateway = "gateway", Dashboard = "dashboard";

    private readonly IReadOnlyDictionary<string, HubUnderTest> _parts;
    private readonly Func<ValueTask> _end;

    private TroubledHub(IReadOnlyDictionary<string, HubUnderTest> parts, Func<ValueTask> end) => (_parts, _end) = (parts, end);

    /// <summary>Seconds to ready of each start after a kill.</summary>
    public List<double> ReadySeconds { get; } = [];

    /// <summary>MQTT port.</summary>
    public int MqttPort => (_parts.GetValueOrDefault(Whole) ?? _parts[Gateway]).Ports.Mqtt;

    /// <summary>The process that answers over HTTP.</summary>
    public HubUnderTest Front => _parts.GetValueOrDefault(Whole) ?? _parts[Dashboard];

    /// <summary>What it has on disk.</summary>
    public StoredHub Stored => new(Front.Data);

    /// <summary>What its processes said.</summary>
    public string Output => string.Join(Environment.NewLine, _parts.Select(part => $"--- {part.Key}{Environment.NewLine}{part.Value.Output}"));

    /// <summary>Starts a hub in one process.</summary>
    public static async Task<TroubledHub> WholeAsync(TemporaryFolder folder, FaultSite site, CancellationToken cancellation, params string[] more)
    {
        var hub = await HubUnderTest.StartAsync(folder.File("data"), ["serve", "--site", folder.Write("site.yaml", site.Yaml), .. more], cancellation, environment: Unlimited);
        return new TroubledHub(new Dictionary<string, HubUnderTest> { [Whole] = hub }, hub.DisposeAsync);
    }

    /// <summary>Starts a hub in one process whose stores and clock follow orders.</summary>
    public static async Task<TroubledHub> FaultyAsync(TemporaryFolder folder, FaultSite site, CancellationToken cancellation)
    {
        var hub = await HubUnderTest.StartAsync(folder.File("data"), ["serve", "--site", folder.Write("site.yaml", site.Yaml)], cancellation, environment: Unlimited, program: Repository.TestProgram("FaultyHub"));
        return new TroubledHub(new Dictionary<string, HubUnderTest> { [Whole] = hub }, hub.DisposeAsync);
    }

    /// <summary>Starts a hub with a process for each role.</summary>
    public static async Task<TroubledHub> SplitAsync(TemporaryFolder folder, FaultSite site, CancellationToken cancellation)
    {
        var split = await SplitHub.StartAsync(folder.File("data"), folder.Write("site.yaml", site.Yaml), cancellation, Unlimited);
        return new TroubledHub(new Dictionary<string, HubUnderTest> { [Silo] = split.Silo, [Gateway] = split.Gateway, [Dashboard] = split.Dashboard }, split.DisposeAsync);
    }

    /// <summary>A process of it.</summary>
    public HubUnderTest Part(string name) => _parts[name];

    /// <summary>Kills a process with SIGKILL and starts it again.</summary>
    public async Task KillAsync(string part, CancellationToken cancellation)
    {
        await _parts[part].KillAsync();
        await StartAgainAsync(part, cancellation);
    }

    /// <summary>Starts a process that was killed, and notes how long it takes.</summary>
    public async Task StartAgainAsync(string part, CancellationToken cancellation)
    {
        await _parts[part].StartAgainAsync(cancellation);
        ReadySeconds.Add(_parts[part].ReadyAfter.TotalSeconds);
    }

    /// <summary>Gives an order to a faulty hub and waits until it is done.</summary>
    public async Task OrderAsync(string order, CancellationToken cancellation)
    {
        var before = Answers();
        await Front.SayAsync(order);
        await Waiting.UntilAsync($"order '{order}'", () => Task.FromResult(Answers() > before), TimeSpan.FromSeconds(30), cancellation);

        int Answers() => Front.Output.Split(Environment.NewLine).Count(line => line == $"done {order}");
    }

    public ValueTask DisposeAsync() => _end();

    // A burst comes from one device: the limit on its messages is tested elsewhere.
    private static readonly Dictionary<string, string> Unlimited = new() { ["MONITORING__Gateway__Intake__DeviceMessagesPerSecondMax"] = "1000000", ["MONITORING__Gateway__Intake__DeviceMessagesAtOnceMax"] = "1000000" };
}

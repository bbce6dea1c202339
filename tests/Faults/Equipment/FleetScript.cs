using Monitoring.Domain.Intake;
using Monitoring.Faults.Intake;
using Monitoring.Fleet;

namespace Monitoring.Faults.Equipment;

/// <summary>A message of the fleet by its number, and what has to become of it.</summary>
internal sealed record SaidMessage(int Number, Gate Gate, Telling Telling);

/// <summary>Everything that the fleet of a trial says, and what has to become of it.</summary>
internal sealed class FleetScript
{
    private readonly List<SaidMessage> _messages = [];

    /// <summary>The fleet's MQTT connections.</summary>
    public List<PlannedClient> Clients { get; } = [];

    /// <summary>Its messages, by number.</summary>
    public IReadOnlyList<SaidMessage> Messages => _messages;

    /// <summary>Names of its workloads.</summary>
    public SortedSet<string> Workloads { get; } = [];

    /// <summary>Lets the counter of a gate speak. Each gate gets one workload: what it is counted by are the stamps.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="workload">How it speaks.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="newest">Where its stamps end.</param>
    /// <param name="messages">How much it says.</param>
    public void Add(Gate gate, Workload workload, int seed, DateTimeOffset newest, int messages)
    {
        var planned = new List<PlannedMessage>();
        foreach (var telling in workload.Say(new Chance(seed, Clients.Count), newest, messages))
        {
            planned.Add(new PlannedMessage(_messages.Count, gate.Topic, telling.Body));
            _messages.Add(new SaidMessage(_messages.Count, gate, telling));
        }

        Clients.Add(new PlannedClient(gate.Device, workload.InFlight, workload.PerSecond, planned));
        Workloads.Add(workload.Name);
    }

    /// <summary>The same messages, all of which have another fate.</summary>
    public FleetScript As(SetAside fate)
    {
        var script = new FleetScript();
        script.Clients.AddRange(Clients);
        script.Workloads.UnionWith(Workloads);
        script._messages.AddRange(_messages.Select(message => message with { Telling = message.Telling with { Fate = fate } }));
        return script;
    }

    /// <summary>Lets all gates speak, the workloads in turn.</summary>
    public static FleetScript Of(IReadOnlyList<Gate> gates, IReadOnlyList<Workload> workloads, int seed, DateTimeOffset newest, int messagesOfEach)
    {
        var script = new FleetScript();
        foreach (var (i, gate) in gates.Index())
            script.Add(gate, workloads[i % workloads.Count], seed, newest, messagesOfEach);
        return script;
    }
}

using System.Text.Json;
using Monitoring.Domain.Intake;
using Monitoring.Simulator.Intake;
using Monitoring.Simulator.Perimeter;

namespace Monitoring.Simulator.Equipment;

/// <summary>A retractable bollard whose controller is read over Modbus by a Neuron gateway: values and read errors by tag, several bollards on one topic.</summary>
/// <remarks>Status codes: 0 unknown, 1 raised, 2 lowered, 3 in transit, 4 fault. Both limit switches are off while it moves.</remarks>
/// <param name="device">Device id.</param>
/// <param name="group">The gateway's group, which names the bollard.</param>
/// <param name="topic">Topic of the gateway; its last segment is the node's name.</param>
/// <param name="bollard">What its controller measures now.</param>
internal sealed class NeuronBollardSpeech(string device, string group, string topic, Func<BollardFigures> bollard) : DeviceSpeech
{
    /// <summary>Neuron's code for a tag that could not be read.</summary>
    private const int ReadFailed = 3002;

    public override IEnumerable<DeviceReport> Say(DateTimeOffset stamp, TimeSpan sentAfter, IReadOnlyList<Reading> readings, bool scheduled)
    {
        foreach (var position in readings.OfType<PositionReading>())
            yield return new DeviceReport(device, [position], new OutgoingMessage(topic, Body(stamp, position.Position, bollard())));
    }

    private byte[] Body(DateTimeOffset stamp, ElementPosition position, BollardFigures figures) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        timestamp = stamp.ToUnixTimeMilliseconds(),
        node = topic[(topic.LastIndexOf('/') + 1)..],
        group,
        values = new Dictionary<string, object>
        {
            ["position_pct"] = figures.RaisedPercent,
            ["cycle_count"] = figures.Cycles,
            ["hydraulic_pressure_bar"] = figures.PressureBar,
            ["operating_hours"] = figures.Hours,
            ["bollard_status"] = StatusOf(position),
            ["raised_position"] = position == ElementPosition.Raised,
            ["lowered_position"] = position == ElementPosition.Lowered,
            ["obstacle_detected"] = figures.Stuck,
        },
        errors = figures.Stuck ? new Dictionary<string, int> { ["hydraulic_status"] = ReadFailed } : [],
        metas = new { },
    });

    private static int StatusOf(ElementPosition position) => position switch
    {
        ElementPosition.Raised => 1,
        ElementPosition.Lowered => 2,
        ElementPosition.Moving => 3,
        ElementPosition.Fault => 4,
        _ => 0,
    };
}

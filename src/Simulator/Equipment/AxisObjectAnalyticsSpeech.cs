using System.Globalization;
using System.Text.Json;
using Monitoring.Domain.Intake;
using Monitoring.Simulator.Intake;

namespace Monitoring.Simulator.Equipment;

/// <summary>A camera with AXIS Object Analytics: one message per scenario, on the scenario's own topic; numbers are texts.</summary>
/// <remarks>Form: docs/reference/simulator.md. Scenarios here are of the type occupancy and count people only.</remarks>
/// <param name="device">Device id.</param>
/// <param name="serial">Serial number.</param>
/// <param name="topicOf">Topic of a channel, whose last segment is the scenario's name.</param>
internal sealed class AxisObjectAnalyticsSpeech(string device, string serial, Func<string, string> topicOf) : DeviceSpeech
{
    public override IEnumerable<DeviceReport> Say(DateTimeOffset stamp, TimeSpan sentAfter, IReadOnlyList<Reading> readings, bool scheduled)
    {
        foreach (var occupancy in readings.OfType<OccupancyReading>())
        {
            var topic = topicOf(occupancy.Channel);
            yield return new DeviceReport(device, [occupancy], new OutgoingMessage(topic, Body(stamp, topic[(topic.LastIndexOf('/') + 1)..], occupancy.People)));
        }
    }

    private byte[] Body(DateTimeOffset stamp, string scenario, int people)
    {
        var total = people.ToString(CultureInfo.InvariantCulture);
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            topic = $"axis:CameraApplicationPlatform/ObjectAnalytics/{scenario}",
            timestamp = stamp.ToUnixTimeMilliseconds(),
            serial,
            message = new { source = new { }, key = new { }, data = new { scenario = "Occupancy", total, human = total } },
        });
    }
}

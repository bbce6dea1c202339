using System.Text.Json;
using Monitoring.Domain.Intake;

namespace Monitoring.Simulator.Intake;

/// <summary>Writes messages in the hub's native format (docs/reference/mqtt.md), as equipment would.</summary>
internal static class NativeMessage
{
    /// <summary>Topic on which a device speaks.</summary>
    /// <param name="device">Device id.</param>
    public static string TopicOf(string device) => $"equipment/{device}/readings";

    /// <summary>A heartbeat: up to <paramref name="time"/>, no count means zero.</summary>
    /// <param name="time">The watermark.</param>
    public static byte[] Heartbeat(DateTimeOffset time) => Of(time, []);

    /// <summary>A message with readings. The time of the message is the end of the intervals in it.</summary>
    /// <param name="time">The device's time.</param>
    /// <param name="readings">The readings; none makes it a heartbeat.</param>
    public static byte[] Of(DateTimeOffset time, IReadOnlyList<Reading> readings)
    {
        using var buffer = new MemoryStream(128);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", time.UtcDateTime);
            json.WriteStartArray("readings");
            foreach (var reading in readings)
                Write(json, reading);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Reading reading)
    {
        json.WriteStartObject();
        json.WriteString("channel", reading.Channel);
        switch (reading)
        {
            case CountReading count:
                json.WriteStartObject("count");
                json.WriteNumber("in", count.In);
                json.WriteNumber("out", count.Out);
                if (count.From is { } from)
                    json.WriteString("from", from.UtcDateTime);
                json.WriteEndObject();
                break;
            case OccupancyReading occupancy:
                json.WriteStartObject("occupancy");
                json.WriteNumber("people", occupancy.People);
                json.WriteEndObject();
                break;
            case PositionReading position:
                json.WriteString("position", position.Position.ToString().ToLowerInvariant());
                break;
            case NoiseReading noise:
                json.WriteStartObject("noise");
                json.WriteNumber("laeqDb", noise.LaeqDb);
                json.WriteEndObject();
                break;
            case HealthReading health:
                json.WriteStartObject("health");
                foreach (var (name, value) in health.Values)
                    json.WriteNumber(name, value);
                json.WriteEndObject();
                break;
            default:
                throw new ArgumentException($"The simulator sends no {reading.GetType().Name}.", nameof(reading));
        }

        json.WriteEndObject();
    }
}

/// <summary>One message on its way to the hub.</summary>
/// <param name="Topic">Topic.</param>
/// <param name="Payload">Body.</param>
internal readonly record struct OutgoingMessage(string Topic, byte[] Payload);

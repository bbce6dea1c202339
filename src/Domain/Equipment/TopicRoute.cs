using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Equipment;

/// <summary>Who may speak on a topic, and the profile that reads it.</summary>
/// <param name="Profile">The profile.</param>
/// <param name="Segments">Named segments of the topic.</param>
/// <param name="Devices">Its devices by address: one where the topic names it; several where the body does.</param>
public sealed record TopicRoute(EquipmentProfile Profile, IReadOnlyDictionary<string, string> Segments, IReadOnlyDictionary<string, Device> Devices)
{
    private readonly MessageOrigin _origin = new(Segments, Devices.GetValueOrDefault);

    /// <summary>Maps one message of the topic.</summary>
    /// <param name="payload">The message body.</param>
    /// <param name="arrivedAt">Arrival at the gateway.</param>
    /// <param name="window">Stamps that are believed; null for what the profile says.</param>
    /// <param name="retained">Whether it was published with the retain flag.</param>
    public MapOutcome Map(ReadOnlyMemory<byte> payload, DateTimeOffset arrivedAt, DeviceClockWindow? window, bool retained)
    {
        var outcome = Profile.Map(_origin, payload, arrivedAt, window, retained);
        return Profile.DropsUnlistedChannels && outcome.Message is { } message ? Listed(message) : outcome;
    }

    private MapOutcome Listed(AcceptedMessage message)
    {
        var device = Devices.Values.First(device => device.Id == message.DeviceId);
        var listed = message.Readings.Where(reading => reading.Channel.Length == 0 || device.Channels.Any(channel => channel.Name == reading.Channel)).ToList();
        if (listed.Count == message.Readings.Count)
            return MapOutcome.Taken(message);
        // Without readings it must not turn into a heartbeat.
        return listed.Count == 0 && message.Watermark is null ? MapOutcome.Dropped : MapOutcome.Taken(message with { Readings = listed });
    }
}

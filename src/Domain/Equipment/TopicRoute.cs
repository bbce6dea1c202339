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
    /// <param name="window">Stamps that are believed.</param>
    /// <param name="retained">Whether it was published with the retain flag.</param>
    public MapOutcome Map(ReadOnlyMemory<byte> payload, DateTimeOffset arrivedAt, DeviceClockWindow window, bool retained)
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

/// <summary>Finds who speaks on a topic of a site.</summary>
/// <param name="profiles">The profiles of the site.</param>
/// <param name="devices">The devices of the site; of two with the same profile and address on one topic, the first counts.</param>
public sealed class TopicRoutes(IEnumerable<EquipmentProfile> profiles, IEnumerable<Device> devices)
{
    private readonly IReadOnlyList<EquipmentProfile> _profiles = [.. profiles.OrderBy(profile => profile.Name, StringComparer.Ordinal)];
    private readonly ILookup<(string Profile, string Key), Device> _devices = devices
        .SelectMany(device => Keys(device).Select(key => (Key: (device.Profile, key), Device: device)))
        .ToLookup(entry => entry.Key, entry => entry.Device);

    /// <summary>The routes of a topic: a device's profile takes it, and the device has the address in it, or gives it as its own topic.</summary>
    /// <param name="topic">The topic.</param>
    /// <returns>The routes by name of profile; none where no device of the site speaks there.</returns>
    public IReadOnlyList<TopicRoute> Of(string topic)
    {
        var routes = new List<TopicRoute>();
        foreach (var profile in _profiles)
        {
            var segments = profile.Topic is { } pattern ? pattern.Match(topic) : new Dictionary<string, string>();
            if (segments is null)
                continue;
            var key = profile.Topic is null ? TopicKey(topic) : segments.TryGetValue(TopicPattern.DeviceSegment, out var address) ? AddressKey(address) : "";
            if (_devices[(profile.Name, key)].DistinctBy(device => device.Address).ToDictionary(device => device.Address, StringComparer.Ordinal) is { Count: > 0 } own)
                routes.Add(new TopicRoute(profile, segments, own));
        }

        return routes;
    }

    private static IEnumerable<string> Keys(Device device) =>
        ["", AddressKey(device.Address), .. device.Parameters.TryGetValue(ProfileParameters.Topic, out var topics) ? topics.Select(TopicKey) : []];

    private static string AddressKey(string address) => $"address {address}";

    private static string TopicKey(string topic) => $"topic {topic}";
}

namespace Monitoring.Domain.Equipment;

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

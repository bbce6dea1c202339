using System.Collections.Frozen;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;

namespace Monitoring.Gateway.Spaces;

/// <summary>A site as the door needs it: who may publish where, and which device speaks there.</summary>
internal sealed class AdmittedSite
{
    private readonly FrozenDictionary<string, TimeZoneInfo> _zones;

    private AdmittedSite(int version, FrozenDictionary<string, FrozenDictionary<string, AdmittedTopic>> connections, KnownEquipment known, FrozenDictionary<string, TimeZoneInfo> zones) => (Version, Connections, Known, _zones) = (version, connections, known, zones);

    /// <summary>Version of the site.</summary>
    public int Version { get; }

    /// <summary>Topics by connection name.</summary>
    public FrozenDictionary<string, FrozenDictionary<string, AdmittedTopic>> Connections { get; }

    /// <summary>All topics and devices of the site.</summary>
    public KnownEquipment Known { get; }

    /// <summary>Whether a message that was refused is of a device that the site does not know at all.</summary>
    /// <remarks>Where the topic is somebody else's, or the name that of a device of the site, the message is an error or an attempt: it stays a refusal.</remarks>
    public bool IsStranger(string connection, string topic, IReadOnlyList<MessageSight> sights)
    {
        if (!Connections.TryGetValue(connection, out var topics))
            return false;
        if (!topics.TryGetValue(topic, out var own))
            return !Known.HasTopic(topic) && !sights.Any(sight => Known.IsNamedByAddress(sight) && Known.HasDevice(sight));
        var read = sights.Where(own.IsReadBy).ToList();
        return read.Count > 0 && !read.Exists(Known.HasDevice);
    }

    /// <summary>Time zone of a space; UTC where the site does not list it.</summary>
    public TimeZoneInfo ZoneOf(string space) => _zones.GetValueOrDefault(space, TimeZoneInfo.Utc);

    /// <summary>Makes the site ready for the door.</summary>
    /// <param name="version">Its version.</param>
    /// <param name="site">The site.</param>
    /// <param name="limit">Holds a profile to the limits of this gateway.</param>
    public static AdmittedSite Of(int version, CompiledSite site, Func<EquipmentProfile, EquipmentProfile> limit)
    {
        var devices = new Dictionary<string, AdmittedDevice>(StringComparer.Ordinal);
        foreach (var space in site.Site.Spaces)
        {
            foreach (var device in space.Devices)
                devices[device.Id] = new AdmittedDevice(device.Id, space.Id, device.Channels.Select(channel => channel.Name).Append("").ToFrozenSet(StringComparer.Ordinal));
        }

        var routes = new TopicRoutes(site.Profiles.Values.Select(limit), site.Site.Spaces.SelectMany(space => space.Devices));
        var connections = site.Site.Connections.ToFrozenDictionary(
            connection => connection.Name,
            connection => Topics(connection.Topics, routes, devices),
            StringComparer.Ordinal);
        return new AdmittedSite(version, connections, new KnownEquipment(site, limit), site.Site.Spaces.ToFrozenDictionary(space => space.Id, space => space.TimeZone, StringComparer.Ordinal));
    }

    private static FrozenDictionary<string, AdmittedTopic> Topics(IEnumerable<string> topics, TopicRoutes routes, Dictionary<string, AdmittedDevice> devices)
    {
        var admitted = new Dictionary<string, AdmittedTopic>(StringComparer.Ordinal);
        foreach (var topic in topics)
        {
            if (routes.Of(topic) is { Count: > 0 } found)
                admitted[topic] = new AdmittedTopic(found, devices);
        }

        return admitted.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

/// <summary>A topic that a connection may publish to: usually one device's, sometimes that of a gateway that speaks for several.</summary>
internal sealed class AdmittedTopic
{
    private readonly IReadOnlyList<TopicRoute> _routes;
    private readonly FrozenDictionary<string, AdmittedDevice> _devices;

    public AdmittedTopic(IReadOnlyList<TopicRoute> routes, IReadOnlyDictionary<string, AdmittedDevice> devices)
    {
        _routes = routes;
        _devices = routes.SelectMany(route => route.Devices.Values).Select(device => device.Id).Distinct().ToFrozenDictionary(id => id, id => devices[id], StringComparer.Ordinal);
        OnlyDevice = _devices.Count == 1 ? _devices.Values[0] : null;
    }

    /// <summary>The device that speaks here; null where several do.</summary>
    public AdmittedDevice? OnlyDevice { get; }

    /// <summary>Maps a message by the first profile that takes it; if none does, the first one says why.</summary>
    public MapOutcome Map(ReadOnlyMemory<byte> payload, DateTimeOffset arrivedAt, DeviceClockWindow? window, bool retained)
    {
        var first = _routes[0].Map(payload, arrivedAt, window, retained);
        if (first.Message is not null)
            return first;
        foreach (var route in _routes.Skip(1))
        {
            if (route.Map(payload, arrivedAt, window, retained) is { Message: not null } taken)
                return taken;
        }

        return first;
    }

    /// <summary>Whether the profile of a sight is one of the topic's.</summary>
    public bool IsReadBy(MessageSight sight) => _routes.Any(route => route.Profile.Name == sight.Profile);

    /// <summary>The message's device.</summary>
    public AdmittedDevice DeviceOf(AcceptedMessage message) => _devices[message.DeviceId];

    /// <summary>The space of the message's device.</summary>
    public string SpaceOf(AcceptedMessage message) => DeviceOf(message).Space;

    /// <summary>Whether the site knows each channel of a message; the device as a whole has no name.</summary>
    public bool KnowsChannelsOf(AcceptedMessage message)
    {
        var channels = _devices[message.DeviceId].Channels;
        foreach (var reading in message.Readings)
        {
            if (!channels.Contains(reading.Channel))
                return false;
        }

        return true;
    }
}

/// <summary>A device of the site, the same on all its topics.</summary>
internal sealed class AdmittedDevice(string id, string space, FrozenSet<string> channels)
{
    private long _fullAt;

    public string Id { get; } = id;

    public string Space { get; } = space;

    public FrozenSet<string> Channels { get; } = channels;

    /// <summary>When the allowance of the device is full again. A new version of the site begins with a full one.</summary>
    public ref long FullAt => ref _fullAt;
}

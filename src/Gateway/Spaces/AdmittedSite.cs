using System.Collections.Frozen;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;

namespace Monitoring.Gateway.Spaces;

/// <summary>A site as the door needs it: who may publish where, and which device speaks there.</summary>
internal sealed class AdmittedSite
{
    private AdmittedSite(int version, FrozenDictionary<string, FrozenDictionary<string, AdmittedTopic>> connections) => (Version, Connections) = (version, connections);

    /// <summary>Version of the site.</summary>
    public int Version { get; }

    /// <summary>Topics by connection name.</summary>
    public FrozenDictionary<string, FrozenDictionary<string, AdmittedTopic>> Connections { get; }

    public static AdmittedSite Of(int version, CompiledSite site)
    {
        var devices = new Dictionary<string, (Device Device, string Space)>(StringComparer.Ordinal);
        foreach (var space in site.Site.Spaces)
        {
            foreach (var device in space.Devices)
                devices[device.Id] = (device, space.Id);
        }

        var connections = site.Site.Connections.ToFrozenDictionary(
            connection => connection.Name,
            connection => Topics(connection.Topics, site, devices),
            StringComparer.Ordinal);
        return new AdmittedSite(version, connections);
    }

    private static FrozenDictionary<string, AdmittedTopic> Topics(IEnumerable<string> topics, CompiledSite site, Dictionary<string, (Device Device, string Space)> devices)
    {
        var admitted = new Dictionary<string, AdmittedTopic>(StringComparer.Ordinal);
        foreach (var topic in topics)
        {
            if (TopicRoute.Find(topic, site.Profiles.Values, id => devices.TryGetValue(id, out var found) ? found.Device : null) is { } route)
                admitted[topic] = new AdmittedTopic(route, devices[route.Device.Id].Space);
        }

        return admitted.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

/// <summary>A topic that a connection may publish to.</summary>
internal sealed class AdmittedTopic(TopicRoute route, string space)
{
    private readonly FrozenSet<string> _channels = route.Device.Channels.Select(channel => channel.Name).Append("").ToFrozenSet(StringComparer.Ordinal);

    public TopicRoute Route { get; } = route;

    public string Space { get; } = space;

    /// <summary>Whether the site knows each channel of a message; the device as a whole has no name.</summary>
    public bool KnowsChannelsOf(AcceptedMessage message)
    {
        foreach (var reading in message.Readings)
        {
            if (!_channels.Contains(reading.Channel))
                return false;
        }

        return true;
    }
}

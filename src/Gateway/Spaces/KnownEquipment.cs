using System.Collections.Frozen;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Equipment;

namespace Monitoring.Gateway.Spaces;

/// <summary>What the site knows of topics and devices, whoever may speak there: to tell what it does not know.</summary>
internal sealed class KnownEquipment
{
    private readonly FrozenSet<string> _topics;
    private readonly FrozenSet<(string Profile, string Address)> _devices;
    private readonly FrozenSet<string> _topicless;

    public KnownEquipment(CompiledSite site, Func<EquipmentProfile, EquipmentProfile> limit)
    {
        Profiles = [.. site.Profiles.Values.Select(limit).OrderBy(profile => profile.Name, StringComparer.Ordinal)];
        var devices = site.Site.Spaces.SelectMany(space => space.Devices).ToList();
        _devices = devices.Select(device => (device.Profile, device.Address)).ToFrozenSet();
        _topics = site.Site.Connections.SelectMany(connection => connection.Topics)
            .Concat(devices.SelectMany(device => device.Parameters.GetValueOrDefault(ProfileParameters.Topic) ?? []))
            .ToFrozenSet(StringComparer.Ordinal);
        _topicless = Profiles.Where(profile => profile.Topic is null).Select(profile => profile.Name).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>The profiles of the site.</summary>
    public IReadOnlyList<EquipmentProfile> Profiles { get; }

    /// <summary>Whether a connection lists the topic, or a device says that it is its own.</summary>
    public bool HasTopic(string topic) => _topics.Contains(topic);

    /// <summary>Whether a device goes by this profile and address.</summary>
    public bool HasDevice(MessageSight sight) => _devices.Contains((sight.Profile, sight.Address));

    /// <summary>Whether the topics of a profile are its own: then the address alone names a device.</summary>
    public bool IsNamedByAddress(MessageSight sight) => !_topicless.Contains(sight.Profile);
}

namespace Monitoring.Domain.Equipment;

/// <summary>Which device speaks on a topic, and the profile that reads it.</summary>
/// <param name="Device">The device.</param>
/// <param name="Profile">Its profile.</param>
public sealed record TopicRoute(Device Device, EquipmentProfile Profile)
{
    /// <summary>Finds the device of a topic: a profile's pattern fits, and the device it names has that profile.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="profiles">The profiles of the site.</param>
    /// <param name="deviceOf">Gives a device by id, or null.</param>
    /// <returns>The route; null where no device of the site speaks there.</returns>
    public static TopicRoute? Find(string topic, IEnumerable<EquipmentProfile> profiles, Func<string, Device?> deviceOf)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        ArgumentNullException.ThrowIfNull(deviceOf);
        foreach (var profile in profiles)
        {
            if (profile.Topic.Match(topic)?.GetValueOrDefault("device") is { } id && deviceOf(id) is { } device && device.Profile == profile.Name)
                return new TopicRoute(device, profile);
        }

        return null;
    }
}

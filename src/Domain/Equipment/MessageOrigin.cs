namespace Monitoring.Domain.Equipment;

/// <summary>Where a message came from: the named segments of its topic, and the devices that may speak there.</summary>
/// <param name="Segments">Named segments of the topic.</param>
/// <param name="DeviceOf">Gives the device of an address, or null where none may speak there.</param>
public sealed record MessageOrigin(IReadOnlyDictionary<string, string> Segments, Func<string, Device?> DeviceOf)
{
    /// <summary>An origin without a site: every address is a device of that id.</summary>
    /// <param name="segments">Named segments of the topic.</param>
    /// <param name="parameters">Parameters of the device; null for none.</param>
    public static MessageOrigin Anyone(IReadOnlyDictionary<string, string> segments, IReadOnlyDictionary<string, IReadOnlyList<string>>? parameters = null) =>
        new(segments, address => new Device(address, address, DeviceKind.Counter, "", DevicePurpose.Live, TimeSpan.FromMinutes(1), [])
        {
            Parameters = parameters ?? new Dictionary<string, IReadOnlyList<string>>(),
        });
}

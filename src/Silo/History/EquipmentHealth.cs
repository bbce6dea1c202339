using Monitoring.Domain.History;
using Monitoring.Domain.Spaces;

namespace Monitoring.Silo.History;

/// <summary>What of the state of equipment may be kept: link and heartbeat, and values that a device sends on its own schedule. Nothing that people move.</summary>
internal static class EquipmentHealth
{
    /// <summary>Values that are kept. <c>cycles</c>, <c>operatingHours</c> and <c>positionPercent</c> follow who drives through, and are not.</summary>
    public static readonly IReadOnlySet<string> Kept = new HashSet<string>(StringComparer.Ordinal) { "batteryPercent", "temperatureC", "uptimeSeconds", "pressureBar", "signalDbm" };

    /// <summary>Points of devices at an instant of the schedule.</summary>
    public static IEnumerable<HealthPoint> Of(string space, IEnumerable<DeviceStatus> devices, DateTimeOffset at) => devices.Select(device =>
    {
        var sign = device.HeartbeatAt is { } heartbeat && (device.LinkAt is null || heartbeat > device.LinkAt) ? heartbeat : device.LinkAt;
        var state = device.State switch { DeviceCondition.NeverHeard => "never-heard", DeviceCondition.Silent => "silent", _ => "ok" };
        return new HealthPoint(space, device.Id, at, state, sign is { } last ? Math.Max(0, (long)(at - last).TotalSeconds) : null, device.Health.Where(value => Kept.Contains(value.Key)).ToDictionary());
    });
}

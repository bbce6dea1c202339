using Monitoring.Domain.History;
using Monitoring.Domain.Spaces;

namespace Monitoring.Silo.History;

/// <summary>What of the state of equipment may be kept: heartbeats, and values that a device sends on its own schedule. Nothing that people move.</summary>
internal static class EquipmentHealth
{
    /// <summary>Values that are kept. <c>cycles</c>, <c>operatingHours</c>, <c>positionPercent</c> and <c>pressureBar</c> follow who drives through, and <c>signalDbm</c> who stands in the way of the radio; they are not.</summary>
    public static readonly IReadOnlySet<string> Kept = new HashSet<string>(StringComparer.Ordinal) { "batteryPercent", "temperatureC", "uptimeSeconds" };

    /// <summary>Points of devices at an instant of the schedule; none of a device that only reports when something happens.</summary>
    public static IEnumerable<HealthPoint> Of(string space, IEnumerable<DeviceStatus> devices, DateTimeOffset at) =>
        from device in devices
        where device.Kept is not null
        let kept = device.Kept
        let state = kept.State switch { DeviceCondition.NeverHeard => "never-heard", DeviceCondition.Silent => "silent", _ => "ok" }
        select new HealthPoint(space, device.Id, at, state, kept.SignAt is { } last ? Math.Max(0, (long)(at - last).TotalSeconds) : null, kept.Health.Where(value => Kept.Contains(value.Key)).ToDictionary());
}

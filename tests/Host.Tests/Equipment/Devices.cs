using System.Collections.Immutable;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;

namespace Monitoring.Host.Tests.Equipment;

/// <summary>Devices as a space tells of them.</summary>
internal static class Devices
{
    /// <summary>A device that reports as expected and has nothing to tell.</summary>
    public static DeviceStatus Of(string id) => new()
    {
        Id = id,
        Name = id,
        Space = "square",
        Kind = default,
        Profile = "native",
        Purpose = DevicePurpose.Live,
        IntervalSeconds = 10,
        LinkAt = null,
        HeartbeatAt = null,
        MeasurementAt = null,
        Measurement = null,
        State = DeviceCondition.Ok,
        Reasons = [],
        BatteryPercent = null,
        Positions = ImmutableDictionary<string, ElementPosition>.Empty,
    };
}

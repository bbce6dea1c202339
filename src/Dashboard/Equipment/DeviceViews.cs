using System.Text.Json;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Equipment;

/// <summary>A device as operators see it: whether it can be relied on, and when it last measured.</summary>
internal sealed record DeviceSummary(string Id, string Name, string Space, string Kind, DeviceCondition State, IReadOnlyList<string> Reasons, DateTimeOffset? MeasurementAt)
{
    public static DeviceSummary Of(DeviceStatus device) => new(device.Id, device.Name, device.Space, DeviceWords.Of(device.Kind), device.State, device.Reasons, device.MeasurementAt);
}

/// <summary>A device as technicians see it: everything but when it last measured, which follows single passages.</summary>
internal sealed record DeviceDetail(
    string Id,
    string Name,
    string Space,
    string Kind,
    string Profile,
    string Purpose,
    double IntervalSeconds,
    DateTimeOffset? LinkAt,
    DateTimeOffset? HeartbeatAt,
    string? Measurement,
    DeviceCondition State,
    IReadOnlyList<string> Reasons,
    double? BatteryPercent,
    IReadOnlyDictionary<string, string> Positions)
{
    public static DeviceDetail Of(DeviceStatus device) => new(
        device.Id,
        device.Name,
        device.Space,
        DeviceWords.Of(device.Kind),
        device.Profile,
        DeviceWords.Of(device.Purpose),
        device.IntervalSeconds,
        device.LinkAt,
        device.HeartbeatAt,
        device.Measurement,
        device.State,
        device.Reasons,
        device.BatteryPercent,
        device.Positions.Keys.ToDictionary(channel => channel, channel => DeviceWords.Of(EquipmentWords.PositionOf(device, channel)!.Value)));
}

/// <summary>Names as site.yaml spells them.</summary>
internal static class DeviceWords
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}

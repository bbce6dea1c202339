using Monitoring.Domain.Equipment;

namespace Monitoring.Domain.Spaces;

/// <summary>Works out the status of each device of a space at an instant.</summary>
/// <param name="space">The space as the site describes it.</param>
/// <param name="state">What it remembers.</param>
public sealed class EquipmentView(PublicSpace space, SpaceState state)
{
    /// <summary>Battery at or under which a device needs a person, percent.</summary>
    public const double BatteryLowPercent = 15;

    /// <summary>The devices in the order of the site.</summary>
    /// <param name="now">The current instant.</param>
    public IReadOnlyList<DeviceStatus> At(DateTimeOffset now) => [.. space.Devices.Select(device => StatusOf(device, now))];

    private DeviceStatus StatusOf(Device device, DateTimeOffset now)
    {
        var memory = state.Devices.GetValueOrDefault(device.Id) ?? new DeviceState();
        double? battery = memory.Health.TryGetValue("batteryPercent", out var percent) ? percent : null;
        var reasons = ReasonsOf(device, memory, battery, now);
        return new DeviceStatus
        {
            Id = device.Id,
            Name = device.Name,
            Space = space.Id,
            Kind = device.Kind,
            Profile = device.Profile,
            Purpose = device.Purpose,
            IntervalSeconds = device.Interval.TotalSeconds,
            LinkAt = memory.LinkAt,
            HeartbeatAt = memory.HeartbeatHeardAt ?? memory.HeartbeatAt,
            MeasurementAt = memory.MeasurementAt,
            Measurement = MeasurementOf(device, memory, now),
            State = memory.LinkAt is null ? DeviceCondition.NeverHeard
                : reasons.Contains("silent") ? DeviceCondition.Silent
                : reasons.Count > 0 ? DeviceCondition.Degraded : DeviceCondition.Ok,
            Reasons = reasons,
            BatteryPercent = battery,
            Positions = memory.Positions,
            Health = memory.Health,
            Kept = KeptOf(device, memory, now),
        };
    }

    private static KeptStatus? KeptOf(Device device, DeviceState memory, DateTimeOffset now)
    {
        var (heartbeat, scheduled) = (memory.HeartbeatHeardAt ?? memory.HeartbeatAt, memory.ScheduledAt);
        if ((scheduled is null || heartbeat > scheduled ? heartbeat : scheduled) is not { } sign)
            return memory.LinkAt is null ? new KeptStatus(DeviceCondition.NeverHeard, null, memory.ScheduledHealth) : null;
        var state = now - sign <= 2 * device.Interval ? DeviceCondition.Ok : DeviceCondition.Silent;
        var begins = scheduled is { } at ? DeviceState.BeginningOf(at, device.Interval) : sign;
        return new KeptStatus(state, heartbeat > begins ? heartbeat : begins, memory.ScheduledHealth);
    }

    private static List<string> ReasonsOf(Device device, DeviceState memory, double? battery, DateTimeOffset now)
    {
        List<string> reasons = [];
        if (memory.LinkAt is null)
            return ["never-heard"];
        var alive = device.Channels.Select(channel => channel.Name).Append("").Where(channel => memory.IsAlive(channel, device.Interval, now)).ToList();
        if (alive.Count == 0)
            reasons.Add("silent");
        else if (device.Channels.Any(channel => !alive.Contains(channel.Name)))
            reasons.Add("channel-silent");
        if (memory.ClockFaulty)
            reasons.Add("clock-faulty");
        if (battery <= BatteryLowPercent)
            reasons.Add("battery-low");
        if (memory.Positions.Values.Any(position => position == Intake.ElementPosition.Fault))
            reasons.Add("fault");
        return reasons;
    }

    // Of a counter, when it last counted says when somebody passed, and of a gauge that speaks on change when somebody came; only what reports on a schedule can be overdue.
    private static string? MeasurementOf(Device device, DeviceState memory, DateTimeOffset now)
    {
        if (device.Channels.Any(channel => channel.Observes == ChannelSubject.Passages || channel.OnChange))
            return null;
        return memory.MeasurementAt is { } at && now - at <= 2 * device.Interval ? "fresh" : "overdue";
    }
}

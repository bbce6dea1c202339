using System.Text.Json;
using System.Text.Json.Serialization;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Spaces;

/// <summary>Whether a device needs a person.</summary>
[JsonConverter(typeof(KebabCaseConverter<DeviceCondition>))]
public enum DeviceCondition
{
    /// <summary>It reports as expected.</summary>
    Ok,

    /// <summary>It reports, but something is wrong with it.</summary>
    Degraded,

    /// <summary>No sign of life for twice its interval.</summary>
    Silent,

    /// <summary>Never heard.</summary>
    NeverHeard,
}

/// <summary>What the hub knows of one device: three clocks apart from each other, a condition, and why.</summary>
public sealed record DeviceStatus
{
    /// <summary>Device id.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Space it is in.</summary>
    public required string Space { get; init; }

    /// <summary>What it is.</summary>
    public required DeviceKind Kind { get; init; }

    /// <summary>Profile that maps it.</summary>
    public required string Profile { get; init; }

    /// <summary>What its readings are used for.</summary>
    public required DevicePurpose Purpose { get; init; }

    /// <summary>Expected time between signs of life, seconds.</summary>
    public required double IntervalSeconds { get; init; }

    /// <summary>Arrival of its last heartbeat or own-keeping reading; counts alone do not move it.</summary>
    public required DateTimeOffset? LinkAt { get; init; }

    /// <summary>Stamp of its newest heartbeat.</summary>
    public required DateTimeOffset? HeartbeatAt { get; init; }

    /// <summary>Stamp of its newest reading. It depends on single passages: operators only.</summary>
    public required DateTimeOffset? MeasurementAt { get; init; }

    /// <summary><c>fresh</c> or <c>overdue</c>, for kinds that report on a schedule; null for those that report when somebody passes.</summary>
    public required string? Measurement { get; init; }

    /// <summary>Whether it needs a person.</summary>
    public required DeviceCondition State { get; init; }

    /// <summary>Why, in names that do not change.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Battery, percent; null where it does not say.</summary>
    public required double? BatteryPercent { get; init; }

    /// <summary>Last positions by channel.</summary>
    public required IReadOnlyDictionary<string, ElementPosition> Positions { get; init; }

    /// <summary>Last health values by name, as the device names them; empty where it sends none.</summary>
    public IReadOnlyDictionary<string, double> Health { get; init; } = System.Collections.Immutable.ImmutableDictionary<string, double>.Empty;

    /// <summary>What of it may be kept; null where it only reports when something happens, since its silence then tells nothing but that.</summary>
    public KeptStatus? Kept { get; init; }

    /// <summary>UTF-8 JSON of a list.</summary>
    /// <param name="list">The list.</param>
    public static byte[] ToBytes(IReadOnlyList<DeviceStatus> list) => JsonSerializer.SerializeToUtf8Bytes(list, SnapshotJson.AsSent.IReadOnlyListDeviceStatus);

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <param name="bytes">UTF-8 JSON.</param>
    /// <exception cref="JsonException">The bytes are not a list of devices.</exception>
    public static IReadOnlyList<DeviceStatus> FromBytes(ReadOnlySpan<byte> bytes) =>
        JsonSerializer.Deserialize(bytes, SnapshotJson.AsSent.IReadOnlyListDeviceStatus) ?? throw new JsonException("The list is JSON null.");
}

/// <summary>How a device is by its heartbeats and its own schedule alone: nothing in it depends on who passes or drives through.</summary>
/// <param name="State"><see cref="DeviceCondition.Ok"/>, <see cref="DeviceCondition.Silent"/> or <see cref="DeviceCondition.NeverHeard"/>.</param>
/// <param name="SignAt">Its last heartbeat, or the beginning of the interval of its last scheduled reading; null where there was none.</param>
/// <param name="Health">Last health values of its schedule by name.</param>
public sealed record KeptStatus(DeviceCondition State, DateTimeOffset? SignAt, IReadOnlyDictionary<string, double> Health);

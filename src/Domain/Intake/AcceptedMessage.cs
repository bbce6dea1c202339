using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monitoring.Domain.Intake;

/// <summary>One message of one device after mapping and checks: what the journal keeps and a space applies.</summary>
public sealed record AcceptedMessage
{
    /// <summary>Longest time for which its counts may wait in a journal, in minutes: six hours.</summary>
    public const int KeptMinutesMax = 360;

    /// <summary>Device id, as in the site.</summary>
    public required string DeviceId { get; init; }

    /// <summary>Profile name and version that mapped it, such as <c>native/1</c>.</summary>
    public required string Profile { get; init; }

    /// <summary>UTC instant at which the gateway received it.</summary>
    public required DateTimeOffset ArrivedAt { get; init; }

    /// <summary>UTC instant of the message by the device's clock; the arrival where it has none or its clock is faulty.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The device's own number for the message, if it gives one.</summary>
    public long? Sequence { get; init; }

    /// <summary>Whether <see cref="Time"/> came with the message and was believed.</summary>
    public bool TimeFromDevice { get; init; }

    /// <summary>Whether the device's stamp was outside the window and the arrival was taken instead.</summary>
    public bool ClockFaulty { get; init; }

    /// <summary>How far the stamps of a faulty clock were moved: arrival less stamp. Zero where the clock was believed.</summary>
    public TimeSpan StampShift { get; init; }

    /// <summary>Whether the message was published with the retain flag; its readings are set aside.</summary>
    public bool Retained { get; init; }

    /// <summary>Whether the message was kept for longer than it may be: its counts are gone, and its readings are set aside.</summary>
    public bool Expired { get; init; }

    /// <summary>UTC instant up to which a profile says that the message vouches: the device would have sent it whether or not anyone passed. Null where it says nothing.</summary>
    public DateTimeOffset? Watermark { get; init; }

    /// <summary>Up to when no count means zero on all channels of the device: the watermark, or <see cref="Time"/> of a heartbeat; null where the message says nothing about it.</summary>
    [JsonIgnore]
    public DateTimeOffset? KnownUpTo => Watermark ?? (IsHeartbeat ? Time : null);

    /// <summary>A message without readings: up to <see cref="Time"/>, no count means zero on all channels of the device.</summary>
    [JsonIgnore]
    public bool IsHeartbeat => Readings.Count == 0;

    /// <summary>The readings, in the order of the message; empty for a heartbeat.</summary>
    public required IReadOnlyList<Reading> Readings { get; init; }

    /// <summary>What is left of a message that was kept for too long: on which local day its device said how many things, by channel, so that each reading gets its fate. Not what, and not when: a single event is a passage.</summary>
    /// <param name="zone">Time zone of the message's space.</param>
    public AcceptedMessage Expire(TimeZoneInfo zone) => new()
    {
        DeviceId = DeviceId,
        Profile = Profile,
        ArrivedAt = Noon(ArrivedAt, zone),
        Time = Noon(ArrivedAt, zone),
        Expired = true,
        Readings = [.. Readings.Select(reading => new CountReading(reading.Channel, Noon((reading as CountReading)?.From ?? reading.Time, zone), 0, 0, null))],
    };

    // No zone changes its clocks at noon.
    private static DateTimeOffset Noon(DateTimeOffset at, TimeZoneInfo zone)
    {
        var noon = TimeZoneInfo.ConvertTime(at, zone).Date.AddHours(12);
        return new DateTimeOffset(noon, zone.GetUtcOffset(noon)).ToUniversalTime();
    }

    /// <summary>The form in which the journal and the wire carry it: UTF-8 JSON.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, AcceptedMessageJson.Default.AcceptedMessage);

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <param name="bytes">UTF-8 JSON.</param>
    /// <exception cref="JsonException">The bytes are not a message.</exception>
    public static AcceptedMessage FromBytes(ReadOnlySpan<byte> bytes) =>
        JsonSerializer.Deserialize(bytes, AcceptedMessageJson.Default.AcceptedMessage)
        ?? throw new JsonException("The record is JSON null, not a message.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true, AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(AcceptedMessage))]
internal sealed partial class AcceptedMessageJson : JsonSerializerContext;

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Monitoring.Domain.Alarms;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Perimeter;

namespace Monitoring.Domain.Spaces;

/// <summary>How far the numbers of a space or zone can be trusted, from best to worst.</summary>
[JsonConverter(typeof(KebabCaseConverter<Quality>))]
public enum Quality
{
    /// <summary>Every source is alive and the count is anchored.</summary>
    Good,

    /// <summary>Shown, with a reason why it may be off.</summary>
    Degraded,

    /// <summary>Every source that is alive is overdue: older than one and a half of its intervals, not yet twice.</summary>
    Stale,

    /// <summary>No source is alive.</summary>
    Unknown,
}

/// <summary>Reasons beside a quality, as the API and the page name them.</summary>
public static class QualityReason
{
    /// <summary>No source was ever heard.</summary>
    public const string NeverHeard = "never-heard";

    /// <summary>Some source, or all, have given no sign of life for twice their interval.</summary>
    public const string SourcesSilent = "sources-silent";

    /// <summary>Every source that is alive is overdue.</summary>
    public const string Overdue = "overdue";

    /// <summary>The zone is known only by its lines and counts from 0.</summary>
    public const string NotAnchored = "not-anchored";

    /// <summary>More people were counted out than in: shown as 0.</summary>
    public const string NegativeEstimate = "negative-estimate";

    /// <summary>The level is kept from before sources fell silent.</summary>
    public const string LevelHeld = "level-held";

    /// <summary>The clock of a source is wrong; its readings are dated at arrival.</summary>
    public const string ClockFaulty = "clock-faulty";

    /// <summary>The site gives it no source.</summary>
    public const string NoSource = "no-source";
}

/// <summary>The live state of a space as the control room sees it: the body of <c>GET /api/spaces/{id}</c> and of each live event.</summary>
public sealed record SpaceSnapshot
{
    /// <summary>Space id.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>City it lies in.</summary>
    public required string City { get; init; }

    /// <summary>What the space is in now; <c>normal</c> until modes can be set.</summary>
    public string Mode { get; init; } = "normal";

    /// <summary>Grows by one with each published state; a step of more than one is a gap.</summary>
    public required long Sequence { get; init; }

    /// <summary>Instant of this state by the hub's clock.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary><c>wall</c> or <c>replay</c>.</summary>
    public required string Clock { get; init; }

    /// <summary>Sum over the zones; null while any zone is not known.</summary>
    public required int? People { get; init; }

    /// <summary>People per square metre of the worst zone; null where it is not known.</summary>
    public required double? Density { get; init; }

    /// <summary>Level of the worst zone.</summary>
    public required LevelOfService LevelOfService { get; init; }

    /// <summary>People per minute over the last five minutes; null where either end is not known.</summary>
    public required double? Trend { get; init; }

    /// <summary>Sources alive of sources in all.</summary>
    public required Coverage Coverage { get; init; }

    /// <summary>Age of the oldest source used, seconds; null where none is alive.</summary>
    public required double? AgeSeconds { get; init; }

    /// <summary>The worst quality of its zones.</summary>
    public required Quality Quality { get; init; }

    /// <summary>Why it is not better.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Its zones.</summary>
    public required IReadOnlyList<ZoneSnapshot> Zones { get; init; }

    /// <summary>Its counting lines.</summary>
    public required IReadOnlyList<LineSnapshot> Lines { get; init; }

    /// <summary>Its barrier lines.</summary>
    public required IReadOnlyList<BarrierLineSnapshot> BarrierLines { get; init; }

    /// <summary>Its alarms that are not over.</summary>
    public required AlarmSummary Alarms { get; init; }

    /// <summary>The levels that apply, by rule and subject: what the site sets, or what a supervisor changed for a time.</summary>
    public required IReadOnlyList<ThresholdSnapshot> Thresholds { get; init; }

    /// <summary>When the gateway received the newest message that is in this state; null before the first, and on a replay's clock.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>What a rule compares, as it is now; null where that is not known.</summary>
    /// <param name="rule">One of <see cref="AlarmRule"/>.</param>
    /// <param name="subject">Id of the zone or line.</param>
    public double? ValueOf(string rule, string subject) => rule == AlarmRule.Density
        ? Zones.FirstOrDefault(zone => zone.Id == subject)?.Density
        : Lines.FirstOrDefault(line => line.Id == subject)?.FlowPerMinuteMetre;

    /// <summary>UTF-8 JSON as the API sends it.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, SnapshotJson.AsSent.SpaceSnapshot);

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <param name="bytes">UTF-8 JSON.</param>
    /// <exception cref="JsonException">The bytes are not a snapshot.</exception>
    public static SpaceSnapshot FromBytes(ReadOnlySpan<byte> bytes) =>
        JsonSerializer.Deserialize(bytes, SnapshotJson.AsSent.SpaceSnapshot) ?? throw new JsonException("The snapshot is JSON null.");
}

/// <summary>The alarms of a space that are not over.</summary>
/// <param name="Unacknowledged">How many wait for somebody: unacknowledged, or returned before anybody took them.</param>
/// <param name="Active">All that are not over.</param>
/// <param name="Items">The alarms, most urgent first.</param>
public sealed record AlarmSummary(int Unacknowledged, int Active, IReadOnlyList<Alarm> Items)
{
    /// <summary>Sums alarms up, most urgent first: those that nobody has taken, then by priority, then the oldest.</summary>
    /// <param name="open">Alarms that are not over.</param>
    public static AlarmSummary Of(IReadOnlyCollection<Alarm> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        return new AlarmSummary(
            open.Count(alarm => alarm.State != AlarmState.Acknowledged),
            open.Count,
            [.. Alarm.MostUrgentFirst(open).Select(alarm => alarm.Lean())]);
    }
}

/// <summary>A level that applies now.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Subject">Id of the zone or line.</param>
/// <param name="On">On level.</param>
/// <param name="Off">Off level.</param>
/// <param name="Until">When the site's level applies again; null where it does.</param>
/// <param name="By">Who changed it; null where nobody did.</param>
/// <param name="Reason">Why; null where nobody did.</param>
public sealed record ThresholdSnapshot(string Rule, string Subject, double On, double Off, DateTimeOffset? Until, string? By, string? Reason);

/// <summary>Sources alive of sources in all. A source is a channel that counts over a line or in a zone.</summary>
/// <param name="Alive">Sources that gave a sign of life within twice their interval.</param>
/// <param name="Total">Sources that the site lists.</param>
public sealed record Coverage(int Alive, int Total);

/// <summary>The live state of a zone.</summary>
/// <param name="Id">Zone id.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Capacity">Most people allowed.</param>
/// <param name="People">Head count; null where it is not known.</param>
/// <param name="Density">People per square metre; null where it is not known.</param>
/// <param name="LevelOfService">Level of service.</param>
/// <param name="Coverage">Sources alive of sources in all.</param>
/// <param name="AgeSeconds">Age of the oldest source used, seconds; null where none is alive.</param>
/// <param name="Quality">How far the numbers can be trusted.</param>
/// <param name="Reasons">Why not further.</param>
public sealed record ZoneSnapshot(
    string Id,
    string Name,
    int Capacity,
    int? People,
    double? Density,
    LevelOfService LevelOfService,
    Coverage Coverage,
    double? AgeSeconds,
    Quality Quality,
    IReadOnlyList<string> Reasons);

/// <summary>The live state of a counting line.</summary>
/// <param name="Id">Line id.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Day">Passages since local midnight.</param>
/// <param name="PreviousDay">Passages of the local day before.</param>
/// <param name="WidthM">Width of the passage, metres.</param>
/// <param name="FlowPerMinute">In plus out of the last closed minute, or of the device's last interval divided by its minutes; null where it is not known.</param>
/// <param name="FlowInPerMinute">Of that inward.</param>
/// <param name="FlowOutPerMinute">Of that outward.</param>
/// <param name="Coverage">Sources alive of sources in all.</param>
/// <param name="AgeSeconds">Age of its source, seconds; null where it is silent.</param>
/// <param name="Quality">How far the numbers can be trusted.</param>
/// <param name="Reasons">Why not further.</param>
public sealed record LineSnapshot(
    string Id,
    string Name,
    LineTotal Day,
    LineTotal PreviousDay,
    double WidthM,
    double? FlowPerMinute,
    double? FlowInPerMinute,
    double? FlowOutPerMinute,
    Coverage Coverage,
    double? AgeSeconds,
    Quality Quality,
    IReadOnlyList<string> Reasons)
{
    /// <summary>Flow by metre of width, which is what a threshold compares; null where it is not known.</summary>
    [JsonIgnore]
    public double? FlowPerMinuteMetre => FlowPerMinute / WidthM;
}

/// <summary>Passages over a line.</summary>
/// <param name="In">Inward.</param>
/// <param name="Out">Outward.</param>
public sealed record LineTotal(long In, long Out);

/// <summary>The live state of a barrier line.</summary>
/// <param name="Id">Line id.</param>
/// <param name="Name">Name for people.</param>
/// <param name="State">What it is.</param>
/// <param name="Gaps">Elements that are not known to be raised.</param>
/// <param name="Elements">Its elements in order.</param>
public sealed record BarrierLineSnapshot(string Id, string Name, BarrierLineState State, IReadOnlyList<string> Gaps, IReadOnlyList<BarrierElementSnapshot> Elements);

/// <summary>One element of a barrier line.</summary>
/// <param name="Id">Element id.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Position">Where it is; unknown where it is silent or has no telemetry.</param>
/// <param name="HasTelemetry">Whether a device reports it at all.</param>
public sealed record BarrierElementSnapshot(string Id, string Name, ElementPosition Position, bool HasTelemetry);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SpaceSnapshot))]
[JsonSerializable(typeof(IReadOnlyList<DeviceStatus>))]
internal sealed partial class SnapshotJson : JsonSerializerContext
{
    /// <summary>Names in letters, not in escapes: the JSON is sent as JSON, never put into a page.</summary>
    public static SnapshotJson AsSent { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

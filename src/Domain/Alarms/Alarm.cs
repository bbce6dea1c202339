using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monitoring.Domain.Alarms;

/// <summary>One condition on one subject that somebody must know of: the item of <c>GET /api/alarms</c>.</summary>
public sealed record Alarm
{
    /// <summary>Most transitions kept of one alarm: the first and the newest; those between are counted in <see cref="TransitionsDropped"/>.</summary>
    public const int TransitionsMax = 100;

    /// <summary>Most transitions that travel with the live state of a space.</summary>
    public const int TransitionsShown = 10;

    /// <summary>Most characters of a note.</summary>
    public const int NoteCharsMax = 500;

    /// <summary>How long an alarm that is over is kept: its record holds values.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <summary>Id: space id, or <c>_intake</c> for the way in; dot, number.</summary>
    public required string Id { get; init; }

    /// <summary>Space id; empty for an alarm of the hub itself.</summary>
    public required string Space { get; init; }

    /// <summary>The rule that raised it.</summary>
    public required string Rule { get; init; }

    /// <summary>Id of the zone, line, device or gateway.</summary>
    public required string Subject { get; init; }

    /// <summary>Its name for people, when the alarm was raised.</summary>
    public required string SubjectName { get; init; }

    /// <summary>1 (act now) to 4 (know of it).</summary>
    public required int Priority { get; init; }

    /// <summary>State in its life.</summary>
    public required AlarmState State { get; init; }

    /// <summary>Event time of the value that raised it, the last time it was raised.</summary>
    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>The value that raised it.</summary>
    public required double Value { get; init; }

    /// <summary>The on level it had to hold.</summary>
    public required double Threshold { get; init; }

    /// <summary>Unit of value and threshold.</summary>
    public required string Unit { get; init; }

    /// <summary>Highest value since it was raised first.</summary>
    public required double Highest { get; init; }

    /// <summary>Rule, place, value, threshold and how long, in words.</summary>
    public required string Text { get; init; }

    /// <summary>Whether it names a device that serves statistics only: the control room does not see it.</summary>
    public bool ForTechnicians { get; init; }

    /// <summary>How often it was raised: more than once where it returned and came back before anybody took it.</summary>
    public int Raises { get; init; } = 1;

    /// <summary>Who took it; null while nobody has.</summary>
    public string? AcknowledgedBy { get; init; }

    /// <summary>When it was taken, by the hub's clock.</summary>
    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>What was noted then.</summary>
    public string? Note { get; init; }

    /// <summary>Event time of the value that ended the condition; null while it holds.</summary>
    public DateTimeOffset? ReturnedAt { get; init; }

    /// <summary>When it was over, by the hub's clock; null before.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Every step of its life, oldest first.</summary>
    public IReadOnlyList<AlarmTransition> Transitions { get; init; } = [];

    /// <summary>Transitions left out because there were over <see cref="TransitionsMax"/>.</summary>
    public int TransitionsDropped { get; init; }

    /// <summary>Alarms that nobody has taken first, then by priority, then the oldest.</summary>
    /// <param name="alarms">The alarms.</param>
    public static IEnumerable<Alarm> MostUrgentFirst(IEnumerable<Alarm> alarms) =>
        alarms.OrderBy(alarm => alarm.State == AlarmState.Acknowledged).ThenBy(alarm => alarm.Priority).ThenBy(alarm => alarm.RaisedAt).ThenBy(alarm => alarm.Id, StringComparer.Ordinal);

    /// <summary>Alarms that are over, newest first: at most <paramref name="max"/>, and those that ended in the same instant as the last of them, so that <paramref name="before"/> leads on without a gap.</summary>
    /// <param name="over">Alarms that are over.</param>
    /// <param name="before">Only what was over before; null for the newest.</param>
    /// <param name="max">How many, 1 or more.</param>
    public static IReadOnlyList<Alarm> NewestOver(IEnumerable<Alarm> over, DateTimeOffset? before, int max)
    {
        List<Alarm> ordered = [.. over.Where(alarm => before is null || alarm.ClosedAt < before).OrderByDescending(alarm => alarm.ClosedAt).ThenBy(alarm => alarm.Id, StringComparer.Ordinal)];
        return ordered.Count <= max ? ordered : [.. ordered.TakeWhile((alarm, at) => at < max || alarm.ClosedAt == ordered[max - 1].ClosedAt)];
    }

    /// <summary>UTF-8 JSON of alarms as the API sends them.</summary>
    /// <param name="alarms">The alarms.</param>
    public static byte[] ToBytes(IReadOnlyList<Alarm> alarms) => JsonSerializer.SerializeToUtf8Bytes(alarms, AlarmJson.AsSent.IReadOnlyListAlarm);

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <param name="bytes">UTF-8 JSON.</param>
    /// <exception cref="JsonException">The bytes are not a list of alarms.</exception>
    public static IReadOnlyList<Alarm> FromBytes(ReadOnlySpan<byte> bytes) =>
        JsonSerializer.Deserialize(bytes, AlarmJson.AsSent.IReadOnlyListAlarm) ?? throw new JsonException("The list of alarms is JSON null.");

    /// <summary>The alarm with its first and newest steps only: it travels with each state of its space.</summary>
    public Alarm Lean() => Transitions.Count <= TransitionsShown
        ? this
        : this with { Transitions = [Transitions[0], .. Transitions.Skip(Transitions.Count - TransitionsShown + 1)], TransitionsDropped = TransitionsDropped + Transitions.Count - TransitionsShown };

    internal Alarm With(AlarmTransition transition)
    {
        List<AlarmTransition> all = [.. Transitions, transition];
        var dropped = Math.Max(0, all.Count - TransitionsMax);
        if (dropped > 0)
            all.RemoveRange(1, dropped);
        return this with { State = transition.State, Transitions = all, TransitionsDropped = TransitionsDropped + dropped };
    }
}

/// <summary>One step in the life of an alarm.</summary>
/// <param name="At">When: event time for what values did, the hub's clock for what people did.</param>
/// <param name="RecordedAt">When the hub recorded it, by its clock.</param>
/// <param name="Event">What happened.</param>
/// <param name="State">State after it.</param>
/// <param name="By">Who did it; <c>hub</c> for the hub.</param>
/// <param name="Cause">Why, in words: the value, the note.</param>
public sealed record AlarmTransition(DateTimeOffset At, DateTimeOffset RecordedAt, AlarmEvent Event, AlarmState State, string By, string Cause);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<Alarm>))]
internal sealed partial class AlarmJson : JsonSerializerContext
{
    /// <summary>Names in letters, not in escapes: the JSON is sent as JSON, never put into a page.</summary>
    public static AlarmJson AsSent { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

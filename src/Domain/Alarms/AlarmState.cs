using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monitoring.Domain.Alarms;

/// <summary>State of an alarm in its life (ISA-18.2); shelved, suppressed and out of service join when they can be set.</summary>
[JsonConverter(typeof(AlarmStateConverter))]
public enum AlarmState
{
    /// <summary>The condition holds and nobody has taken the alarm.</summary>
    Unacknowledged,

    /// <summary>The condition holds and somebody has taken the alarm.</summary>
    Acknowledged,

    /// <summary>The condition has returned to normal before anybody took the alarm: it waits to be seen.</summary>
    Returned,

    /// <summary>Returned and taken: over.</summary>
    Closed,
}

/// <summary>What moves an alarm from state to state.</summary>
[JsonConverter(typeof(KebabCaseConverter<AlarmEvent>))]
public enum AlarmEvent
{
    /// <summary>The condition has held over the on level long enough.</summary>
    Raised,

    /// <summary>A person has taken the alarm.</summary>
    Acknowledged,

    /// <summary>The condition has held under the off level long enough.</summary>
    Returned,
}

/// <summary>The life of an alarm as a table: what is not in it does not happen.</summary>
public static class AlarmLife
{
    private static readonly Dictionary<(AlarmState, AlarmEvent), AlarmState> Table = new()
    {
        [(AlarmState.Unacknowledged, AlarmEvent.Acknowledged)] = AlarmState.Acknowledged,
        [(AlarmState.Unacknowledged, AlarmEvent.Returned)] = AlarmState.Returned,
        [(AlarmState.Acknowledged, AlarmEvent.Returned)] = AlarmState.Closed,
        [(AlarmState.Returned, AlarmEvent.Acknowledged)] = AlarmState.Closed,
        [(AlarmState.Returned, AlarmEvent.Raised)] = AlarmState.Unacknowledged,
    };

    /// <summary>The state after an event; null where the event does not apply.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="happened">The event.</param>
    public static AlarmState? Next(AlarmState state, AlarmEvent happened) => Table.TryGetValue((state, happened), out var next) ? next : null;
}

// The API writes outOfService, not out-of-service.
internal sealed class AlarmStateConverter() : JsonStringEnumConverter<AlarmState>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

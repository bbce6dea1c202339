using Monitoring.Domain.Alarms;

namespace Monitoring.Dashboard.Intake;

/// <summary>The hub takes nothing from equipment: while that holds, the silence of a device says nothing of the device.</summary>
/// <param name="Since">When it began, by the hub's clock.</param>
/// <param name="Gateways">Names of the gateways that take nothing, for people.</param>
internal sealed record IntakeStop(DateTimeOffset Since, string Gateways)
{
    /// <summary>Looks for it in the alarms of the way in; null where none of it holds. It is nobody's secret: who may not see the list of alarms is told of it too.</summary>
    /// <param name="alarms">Alarms that are not over.</param>
    public static IntakeStop? Of(IEnumerable<Alarm> alarms)
    {
        var holding = alarms.Where(alarm => alarm is { Rule: IntakeRule.JournalAway, State: AlarmState.Unacknowledged or AlarmState.Acknowledged }).ToList();
        return holding.Count == 0 ? null : new(holding.Min(alarm => alarm.RaisedAt), string.Join(", ", holding.Select(alarm => alarm.SubjectName).Order(StringComparer.Ordinal)));
    }
}

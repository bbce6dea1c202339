using Monitoring.Domain.Alarms;

namespace Monitoring.Dashboard.Alarms;

/// <summary>An alarm in the list.</summary>
/// <param name="Alarm">As last known.</param>
/// <param name="IsOver">Whether it has left the list of active alarms and stays only so that no row moves under the hand.</param>
public sealed record AlarmLine(Alarm Alarm, bool IsOver);

/// <summary>Most urgent first; but while somebody points at a row, rows keep their places: what comes joins below, what goes stays until the hand is away.</summary>
internal sealed class HeldOrder
{
    private List<string> _places = [];
    private Dictionary<string, Alarm> _last = new(StringComparer.Ordinal);
    private HashSet<string> _arrived = new(StringComparer.Ordinal);

    /// <summary>Whether somebody points at a row.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Alarms that joined below since the rows are held.</summary>
    public int Arrived => _arrived.Count;

    /// <summary>The lines to show.</summary>
    /// <param name="active">Active alarms, most urgent first.</param>
    public IReadOnlyList<AlarmLine> Of(IReadOnlyList<Alarm> active)
    {
        var now = active.ToDictionary(alarm => alarm.Id, StringComparer.Ordinal);
        if (!IsHeld)
        {
            _places = [.. active.Select(alarm => alarm.Id)];
            _last = now;
            _arrived = new(StringComparer.Ordinal);
            return [.. active.Select(alarm => new AlarmLine(alarm, IsOver: false))];
        }

        foreach (var alarm in active)
        {
            if (_last.TryAdd(alarm.Id, alarm))
            {
                _places.Add(alarm.Id);
                _arrived.Add(alarm.Id);
            }

            _last[alarm.Id] = alarm;
        }

        return [.. _places.Select(id => new AlarmLine(_last[id], !now.ContainsKey(id)))];
    }

    /// <summary>Keeps what an alarm became when it was taken: one that is over by that is in no list of active alarms.</summary>
    public void Learn(Alarm alarm)
    {
        if (_last.ContainsKey(alarm.Id))
            _last[alarm.Id] = alarm;
    }
}

using Monitoring.Domain.Alarms;

namespace Monitoring.Silo.Alarms;

/// <summary>Alarms of one space that are over: a row of its own, written only when one ends.</summary>
internal sealed class AlarmArchive
{
    /// <summary>Most alarms kept; the oldest goes first.</summary>
    public const int AlarmsMax = 2_000;

    /// <summary>The alarms, oldest first.</summary>
    public List<Alarm> Alarms { get; init; } = [];

    /// <summary>Takes alarms in that are over; one that is there already is not doubled.</summary>
    public void Take(IEnumerable<Alarm> closed)
    {
        Alarms.AddRange(closed.Where(alarm => !Alarms.Exists(known => known.Id == alarm.Id)));
        if (Alarms.Count > AlarmsMax)
            Alarms.RemoveRange(0, Alarms.Count - AlarmsMax);
    }

    /// <summary>Forgets what is too old.</summary>
    /// <returns>Whether anything was forgotten.</returns>
    public bool Forget(DateTimeOffset now) => Alarms.RemoveAll(alarm => now - alarm.ClosedAt > Alarm.KeptFor) > 0;
}

using Monitoring.Domain.Alarms;

namespace Monitoring.Silo.Alarms;

/// <summary>Alarms of one space that are over: a row of its own, written only when one ends.</summary>
internal sealed class AlarmArchive
{
    /// <summary>How long an alarm that is over is kept: its record holds values.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

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
    public bool Forget(DateTimeOffset now) => Alarms.RemoveAll(alarm => now - alarm.ClosedAt > KeptFor) > 0;
}

using System.Security.Claims;
using Monitoring.Dashboard.Intake;
using Monitoring.Domain.Alarms;

namespace Monitoring.Dashboard.Spaces;

/// <summary>The one place from which pages take active alarms: the word, the line, the list, the tiles and the rows count what it gives, so that their numbers agree.</summary>
internal static class SeenAlarms
{
    /// <summary>Alarms that are not over and that a person sees, of spaces in their scope and of the way in; most urgent first.</summary>
    /// <param name="spaces">The spaces in the person's scope.</param>
    /// <param name="intake">Alarms of the way in.</param>
    /// <param name="user">The person.</param>
    public static IReadOnlyList<Alarm> Of(IEnumerable<SpaceLive> spaces, IEnumerable<Alarm> intake, ClaimsPrincipal user) =>
        [.. Alarm.MostUrgentFirst(spaces.SelectMany(space => space.Snapshot?.Alarms.Items ?? []).Concat(intake).Where(user.SeesAlarm))];

    /// <summary>Whether somebody has to take it: nobody has, be it that it holds or that it returned before.</summary>
    public static bool Waits(this Alarm alarm) => alarm.State != AlarmState.Acknowledged;
}

/// <summary>How many alarms there are, and what the most urgent one is.</summary>
/// <param name="Waiting">Those that nobody has taken.</param>
/// <param name="Open">All that are not over.</param>
/// <param name="Priority">Priority of the most urgent one; 0 where there is none.</param>
/// <param name="Text">Its text; empty where there is none.</param>
public readonly record struct AlarmTally(int Waiting, int Open, int Priority, string Text)
{
    /// <summary>Counts.</summary>
    /// <param name="alarms">Alarms that are not over, most urgent first.</param>
    public static AlarmTally Of(IReadOnlyCollection<Alarm> alarms)
    {
        ArgumentNullException.ThrowIfNull(alarms);
        var first = alarms.FirstOrDefault();
        return new(alarms.Count(SeenAlarms.Waits), alarms.Count, first?.Priority ?? 0, first?.Text ?? "");
    }
}

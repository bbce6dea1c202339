using System.Globalization;
using Monitoring.Dashboard.Spaces;
using Monitoring.Domain.Alarms;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Alarms;

/// <summary>How pages say things about alarms.</summary>
internal static class AlarmWords
{
    /// <summary>What the values did, without the place, which stands beside it: <c>Density 4.20 people/m², limit 4.00 held for 30 s</c>.</summary>
    public static string What(Alarm alarm)
    {
        var rule = alarm.Rule == AlarmRule.Density ? "Density" : alarm.Rule == AlarmRule.Flow ? "Flow" : alarm.Rule;
        var begin = $"{rule} at {alarm.SubjectName}: ";
        return alarm.Text.StartsWith(begin, StringComparison.Ordinal) ? $"{rule} {alarm.Text[begin.Length..]}" : alarm.Text;
    }

    /// <summary>How long something has lasted, counting: <c>0:45</c>, <c>12:07</c>, <c>3:04:11</c>, <c>2 d 3 h</c>.</summary>
    public static string Lasted(TimeSpan time) => (time < TimeSpan.Zero ? TimeSpan.Zero : time) switch
    {
        { TotalHours: < 1 } t => t.ToString(@"m\:ss", CultureInfo.InvariantCulture),
        { TotalDays: < 1 } t => t.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture),
        var t => t.ToString(@"d\ \d\ h\ \h", CultureInfo.InvariantCulture),
    };

    /// <summary>When something was, in the site's time; with the day where that is not today's.</summary>
    public static string When(Site? site, DateTimeOffset at, DateTimeOffset now)
    {
        var local = SiteTime.Local(site, at);
        return local.Date == SiteTime.Local(site, now).Date ? SiteTime.Clock(local) : local.ToString("d MMM HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>State in a word or two.</summary>
    public static string Word(AlarmState state) => state switch
    {
        AlarmState.Unacknowledged => "not taken",
        AlarmState.Acknowledged => "taken",
        AlarmState.Returned => "returned, not taken",
        _ => "over",
    };

    /// <summary>A step in the life of an alarm, in words.</summary>
    public static string Word(AlarmEvent step) => step switch
    {
        AlarmEvent.Raised => "Raised",
        AlarmEvent.Acknowledged => "Taken",
        _ => "Returned",
    };

    /// <summary>Highest value of an alarm whose value is a measure; a dash for one that holds or does not, whose text says all.</summary>
    public static string Highest(Alarm alarm) => AlarmRule.ComparesCounts(alarm.Rule) ? AlarmRule.Write(alarm.Rule, alarm.Highest) : Words.None;

    /// <summary>Page that shows more of what an alarm is about; null where there is none.</summary>
    public static string? LinkOf(Alarm alarm) => alarm.Space.Length == 0 ? null
        : alarm.Rule == IntakeRule.MessageRate ? $"/equipment/{alarm.Subject}"
        : $"/spaces/{alarm.Space}";

    /// <summary>Name of a space for people; its id where the site has it no more.</summary>
    public static string SpaceName(Site? site, string id) => id.Length == 0 ? "The hub" : site?.Spaces.FirstOrDefault(space => space.Id == id)?.Name ?? id;

    /// <summary>What becomes of a note that was not stored with its alarm; nothing where it was.</summary>
    public static string? WhyNotNoted(TakeAnswer answer, string id, Site? site, DateTimeOffset now) => answer switch
    {
        { Outcome: TakeOutcome.Taken } => null,
        { Outcome: TakeOutcome.TakenBefore, Alarm: { AcknowledgedBy: { } by, AcknowledgedAt: { } at } } => $"{by} was first at {When(site, at, now)}; your note was not stored.",
        _ => $"{Said(answer, id, site, now)} Your note was not stored.",
    };

    /// <summary>The answer to somebody who took an alarm.</summary>
    public static string Said(TakeAnswer answer, string id, Site? site, DateTimeOffset now) => answer switch
    {
        { Outcome: TakeOutcome.Taken, Alarm: { } alarm } => $"Taken: {What(alarm)}, {alarm.SubjectName}, {SpaceName(site, alarm.Space)}.",
        { Outcome: TakeOutcome.TakenBefore, Alarm: { AcknowledgedBy: { } by, AcknowledgedAt: { } at } alarm } => $"{by} was first: took {What(alarm)}, {alarm.SubjectName}, at {When(site, at, now)}.",
        { Outcome: TakeOutcome.TakenBefore } => $"Alarm {id} was over before.",
        { Outcome: TakeOutcome.NoteTooLong } => $"Not taken: a note has at most {Alarm.NoteCharsMax} characters.",
        { Outcome: TakeOutcome.NotAllowed } => "Not taken: this account takes no alarms.",
        _ => $"There is no alarm {id} any more.",
    };
}

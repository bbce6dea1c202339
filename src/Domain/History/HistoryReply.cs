using System.Text.Json.Serialization;

namespace Monitoring.Domain.History;

/// <summary>Points of one series as they were asked for.</summary>
/// <param name="Space">The space.</param>
/// <param name="Series">The series.</param>
/// <param name="Grid">Name of the grid.</param>
/// <param name="TimeZone">The space's time zone, IANA name.</param>
/// <param name="From">UTC, included.</param>
/// <param name="To">UTC, excluded.</param>
/// <param name="QueryId">Fingerprint of question and answer: the same numbers have the same one, for ever.</param>
/// <param name="Points">The points by their start; what was never released is not among them.</param>
public sealed record HistoryReply(string Space, string Series, string Grid, string TimeZone, DateTimeOffset From, DateTimeOffset To, string QueryId, IReadOnlyList<HistoryPoint> Points);

/// <summary>A typical week of a series.</summary>
/// <param name="Space">The space.</param>
/// <param name="Series">The series.</param>
/// <param name="TimeZone">The space's time zone, IANA name.</param>
/// <param name="From">UTC, included.</param>
/// <param name="To">UTC, excluded.</param>
/// <param name="Hours">168 hours of the week, from Monday 00:00.</param>
public sealed record WeekProfile(string Space, string Series, string TimeZone, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<HourOfWeek> Hours);

/// <summary>One hour of a typical week.</summary>
/// <param name="Hour">0 (Monday 00:00) to 167.</param>
/// <param name="Mean">Mean of its hours; null where it is not shown.</param>
/// <param name="Reason">A fixed word where it is not shown; otherwise null.</param>
/// <param name="Err95">The true mean lies within this distance at least 19 times in 20; null where there is no hour.</param>
/// <param name="Hours">Hours of which it is the mean.</param>
/// <param name="HoursMissing">Hours that have no number; they are not in the mean.</param>
/// <param name="Minutes">Length of the newest of these hours, minutes: 60, or more where the plan has one number for a night or a day; null where there is no hour.</param>
public sealed record HourOfWeek(int Hour, double? Mean, string? Reason, double? Err95, int Hours, int HoursMissing, int? Minutes);

/// <summary>What a space promised and spent: public.</summary>
/// <param name="Space">The space.</param>
/// <param name="TimeZone">Its time zone, IANA name.</param>
/// <param name="Terms">What holds for today; null where nothing is released.</param>
/// <param name="Days">Days of which anything is out, newest first.</param>
/// <param name="KeptDays">How many days released numbers are kept at least, until the month is whole in it; then only its sum is.</param>
/// <param name="Next">What takes effect on a later day; null where that is the same.</param>
public sealed record PrivacyReport(string Space, string TimeZone, PrivacyTerms? Terms, IReadOnlyList<PrivacyDay> Days, int KeptDays, NextTerms? Next = null);

/// <summary>Other terms that take effect later.</summary>
/// <param name="From">First day in the space's zone.</param>
/// <param name="Terms">What is promised from then on; null where nothing is released any more.</param>
public sealed record NextTerms(DateOnly From, PrivacyTerms? Terms);

/// <summary>What is promised for a day.</summary>
/// <param name="Version">Version of the site.</param>
/// <param name="Plan">The plan in one line: <c>00:00 whole, 06:00 15 min</c>.</param>
/// <param name="EpsilonMicro">What may be spent in a day, millionths of epsilon.</param>
/// <param name="Sensitive">Whether the space is sensitive.</param>
/// <param name="Groups">One for each kind of number, at least one.</param>
public sealed record PrivacyTerms(int Version, string Plan, long EpsilonMicro, bool Sensitive, IReadOnlyList<PrivacyGroup> Groups)
{
    /// <summary>What is promised for a kind of number; null where none of it is released.</summary>
    /// <param name="kind">The kind.</param>
    public PrivacyGroup? Of(HistoryKind kind) => Groups.FirstOrDefault(group => group.Kind == kind);
}

/// <summary>What is promised for the numbers of one kind.</summary>
/// <param name="Kind">What is counted.</param>
/// <param name="EpsilonMicro">What the kind spends in a day, millionths of epsilon.</param>
/// <param name="Bound">How far one person can move its numbers in a day: crossings, or minutes in which the person is counted.</param>
/// <param name="Err95">Noise of one cell exceeds this at most once in 20.</param>
/// <param name="MeanError">Mean size of the noise of one cell.</param>
/// <param name="LeastShown">Least number of one cell that is shown.</param>
/// <param name="Series">The series.</param>
public sealed record PrivacyGroup(HistoryKind Kind, long EpsilonMicro, long Bound, long Err95, double MeanError, long LeastShown, IReadOnlyList<string> Series);

/// <summary>What was spent on a day.</summary>
/// <param name="Day">The day in the space's zone.</param>
/// <param name="Kind">What is counted.</param>
/// <param name="SpentMicro">What was spent, millionths of epsilon.</param>
/// <param name="Released">Cells that have a number.</param>
/// <param name="Without">Cells that have none, by reason.</param>
public sealed record PrivacyDay(DateOnly Day, HistoryKind Kind, long SpentMicro, int Released, IReadOnlyDictionary<string, int> Without);

/// <summary>How far a copy of the history is.</summary>
/// <param name="Copy">Name of the copy.</param>
/// <param name="Behind">Changes of the ledger that it does not have yet.</param>
/// <param name="Away">What is wrong and what to do; null where nothing is.</param>
/// <param name="NeedsPerson">Whether it does not go on by itself.</param>
/// <param name="MonthsDue">Whether it may lack sums of months: since the start, or since it was emptied, they have not been written yet.</param>
public sealed record CopyStatus(string Copy, long Behind, string? Away, bool NeedsPerson, bool MonthsDue)
{
    /// <summary>Whether it has all that the ledger has.</summary>
    [JsonIgnore]
    public bool IsWhole => Behind == 0 && !MonthsDue;
}

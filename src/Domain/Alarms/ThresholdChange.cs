namespace Monitoring.Domain.Alarms;

/// <summary>A threshold changed by a person for a time; it reverts by itself.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Subject">Zone or line it is for; null for each of the space.</param>
/// <param name="On">On level meanwhile.</param>
/// <param name="Off">Off level meanwhile, under <paramref name="On"/>.</param>
/// <param name="Until">When the site's level applies again.</param>
/// <param name="By">Who changed it.</param>
/// <param name="Reason">Why.</param>
public sealed record ThresholdChange(string Rule, string? Subject, double On, double Off, DateTimeOffset Until, string By, string Reason)
{
    /// <summary>Longest time for which a threshold may be changed: an event, not a new normal.</summary>
    public static readonly TimeSpan LongestMax = TimeSpan.FromDays(7);

    /// <summary>Most characters of a reason.</summary>
    public const int ReasonCharsMax = 500;

    /// <summary>Highest on level that can be set, as in the site.</summary>
    public const double OnMax = 100_000;

    /// <summary>What is wrong with a change, and how to mend it; null where nothing is.</summary>
    /// <param name="thresholds">The thresholds of the site: what it does not set cannot be changed.</param>
    /// <param name="isPlace">Whether the space has a zone (density) or line (flow) of an id.</param>
    /// <param name="now">The current instant.</param>
    public string? ProblemIn(IReadOnlyList<Threshold> thresholds, Func<string, string, bool> isPlace, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(thresholds);
        ArgumentNullException.ThrowIfNull(isPlace);
        if (Subject is not null && !isPlace(Rule, Subject))
            return "subject: the space has no such zone (density) or line (flow); use its id, or leave it out for all";
        if (!thresholds.Any(threshold => threshold.Rule == Rule && (Subject is null || threshold.Subject is null || threshold.Subject == Subject)))
            return "rule: the site sets no such threshold for this space; use density or flow, and a zone or line of it";
        if (!(On > 0 && On <= OnMax))
            return "on: a number over 0, at most 100000";
        if (!(Off >= 0 && Off < On))
            return "off: a number from 0, under on; leave it out for the usual distance";
        if (Until <= now || Until - now > LongestMax)
            return "until: an instant after now, at most 7 days ahead";
        return Reason.Length is 0 or > ReasonCharsMax ? "reason: 1 to 500 characters" : null;
    }
}

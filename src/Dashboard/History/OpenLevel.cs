using Monitoring.Domain.History;

namespace Monitoring.Dashboard.History;

/// <summary>How busy one series was in its newest released hour, beside the same hours of the weeks before.</summary>
/// <param name="Series">The series.</param>
/// <param name="Level"><c>quiet</c>, <c>normal</c>, <c>busy</c> or <c>unknown</c>.</param>
/// <param name="Reason">Why it is not known: <c>nothing-released</c>, a reason of the point, or <c>no-typical-week</c>; otherwise null.</param>
/// <param name="Start">Start of the point, UTC; null where there is none.</param>
/// <param name="End">Its end.</param>
internal sealed record OpenLevel(string Series, string Level, string? Reason, DateTimeOffset? Start, DateTimeOffset? End)
{
    /// <summary>Hours that a typical hour is made of, at least.</summary>
    public const int HoursMin = 4;

    /// <summary>So many times the typical number is busy, and its inverse quiet.</summary>
    public const double Factor = 1.5;

    // A suppressed number is under 3.3 standard deviations of its noise (or under 10), and err95 is at least 1.96 of them.
    private const double SuppressedUnderErr95 = 1.7;
    private const long SuppressedUnder = 10;

    /// <summary>Compares. Published numbers alone decide; a difference within the noise is no difference.</summary>
    /// <param name="series">The series.</param>
    /// <param name="newest">Its newest point; null where there is none.</param>
    /// <param name="typical">The typical hour in which it begins; null where there is none.</param>
    public static OpenLevel Of(string series, HistoryPoint? newest, HourOfWeek? typical)
    {
        if (newest is null)
            return new OpenLevel(series, "unknown", "nothing-released", null, null);
        // An hour is not measured against nights of before a change of the plan.
        var isMeasure = typical is { Minutes: { } minutes } && PieceLength.IsSame(TimeSpan.FromMinutes(minutes), newest.To - newest.Key.From);
        var (level, reason) = Of(newest.Shown, isMeasure ? typical : null);
        return new OpenLevel(series, level, reason, newest.Key.From, newest.To);
    }

    private static (string Level, string? Reason) Of(ShownValue shown, HourOfWeek? typical)
    {
        if (shown is { Value: null, Reason: not "suppressed" })
            return ("unknown", shown.Reason);
        if (typical is not { Mean: { } mean } || typical.Hours < HoursMin)
            return ("unknown", "no-typical-week");
        if (shown.Value is not { } value)
            return Math.Max(SuppressedUnder, Math.Ceiling(SuppressedUnderErr95 * shown.Err95)) * Factor < mean ? ("quiet", null) : ("unknown", shown.Reason);
        if (value > Factor * mean && value - mean > shown.Err95)
            return ("busy", null);
        return value * Factor < mean && mean - value > shown.Err95 ? ("quiet", null) : ("normal", null);
    }
}

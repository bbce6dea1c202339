using System.Globalization;

namespace Monitoring.Dashboard.History;

/// <summary>What the address of the page asks for, as it stands there.</summary>
/// <param name="Space">Space id.</param>
/// <param name="Series">Series.</param>
/// <param name="Of">Space of which the series was chosen: after a change of space in the form, the series is not that of the new one.</param>
/// <param name="Grid">Name of a grid.</param>
/// <param name="Range"><c>24h</c>, <c>7d</c>, <c>30d</c> or <c>own</c>.</param>
/// <param name="From">Time on the wall of the space, or instant.</param>
/// <param name="To">The same; excluded.</param>
/// <param name="View"><c>course</c>, <c>week</c> or <c>compare</c>.</param>
/// <param name="First">Start of the first event.</param>
/// <param name="Second">Start of the second.</param>
/// <param name="Hours">How long both are.</param>
public sealed record HistoryQuery(string? Space, string? Series, string? Of, string? Grid, string? Range, string? From, string? To, string? View, string? First, string? Second, int? Hours)
{
    public const int HoursMax = 168;
    public const int HoursDefault = 6;

    public static IReadOnlyList<(string Name, string Words)> Ranges { get; } = [("24h", "Last 24 hours"), ("7d", "Last 7 days"), ("30d", "Last 30 days"), ("own", "From and to")];

    public static IReadOnlyList<(string Name, string Words)> Views { get; } = [("course", "Course"), ("week", "Typical week"), ("compare", "Comparison")];

    public string ViewNow => Views.Any(view => view.Name == View) ? View! : Views[0].Name;

    public string RangeNow => Ranges.Any(range => range.Name == Range) ? Range! : From is not null && To is not null ? "own" : ViewNow == "week" ? "30d" : "7d";

    public string GridNow => string.IsNullOrEmpty(Grid) ? "PT1H" : Grid;

    public int HoursNow => Math.Clamp(Hours ?? HoursDefault, 1, HoursMax);

    /// <summary>The series, unless it was chosen for another space.</summary>
    public string? SeriesNow => string.IsNullOrEmpty(Series) || (Of is not null && Of != Space) ? null : Series;

    /// <summary>What is wrong with an own span: <c>range-unread</c>, <c>range-years</c> or <c>range-reversed</c>; null where nothing is.</summary>
    /// <param name="time">Clock of the space.</param>
    public string? SpanFault(SpaceTime time)
    {
        if (RangeNow != "own")
            return null;
        if (!SpaceTime.Reads(From) || !SpaceTime.Reads(To))
            return "range-unread";
        if (time.Parse(From) is not { } from || time.Parse(To) is not { } to)
            return "range-years";
        return from < to ? null : "range-reversed";
    }

    /// <summary>The span that is meant; null where something is wrong with an own one.</summary>
    /// <param name="time">Clock of the space.</param>
    /// <param name="now">Now.</param>
    /// <param name="grid">The grid.</param>
    public (DateTimeOffset From, DateTimeOffset To)? Span(SpaceTime time, DateTimeOffset now, string grid)
    {
        if (RangeNow == "own")
            return time.Parse(From) is { } from && time.Parse(To) is { } to && from < to ? (from, to) : null;
        var days = RangeNow switch { "24h" => 1, "7d" => 7, _ => 30 };
        var isWhole = grid is "P1D" or "P1M" || days > 1 || ViewNow == "week";
        var end = isWhole ? time.DayAfter(now) : time.HourAfter(now);
        return (isWhole ? time.Start(time.Day(end).AddDays(-days)) : end.AddDays(-1), end);
    }

    /// <summary>Starts of the two events, where both are given.</summary>
    public (DateTimeOffset First, DateTimeOffset Second)? Events(SpaceTime time) => time.Parse(First) is { } first && time.Parse(Second) is { } second ? (first, second) : null;

    /// <summary>Why there are no starts of two events: <c>no-events</c> or <c>events-years</c>; null where there are.</summary>
    /// <param name="time">Clock of the space.</param>
    public string? EventsFault(SpaceTime time)
    {
        if (Events(time) is not null)
            return null;
        return SpaceTime.Reads(First) && SpaceTime.Reads(Second) ? "events-years" : "no-events";
    }

    /// <summary>An instant as it stands in an address.</summary>
    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

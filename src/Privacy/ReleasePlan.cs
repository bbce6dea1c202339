using System.Globalization;

namespace Monitoring.Privacy;

/// <summary>
/// How a day is cut into cells: published beforehand, the same every day, never changed by what is counted. A plan is a list of spans, each
/// beginning where the one before ends, so that every instant of a day lies in exactly one cell whatever the clocks do.
/// </summary>
public sealed class ReleasePlan
{
    /// <summary>Most spans of a plan.</summary>
    public const int SpansMax = 24;

    private const int DayMinutes = 24 * 60;

    private readonly PlanSpan[] _spans;

    /// <summary>A plan of one's own.</summary>
    /// <param name="spans">1 to <see cref="SpansMax"/> spans in order; the first begins at 00:00, the last ends at 24:00.</param>
    /// <exception cref="ArgumentException">The spans are no partition of a day; the message says which one and why.</exception>
    public ReleasePlan(params IReadOnlyList<PlanSpan> spans)
    {
        if (spans.Count is 0 or > SpansMax)
            throw Invalid($"has {spans.Count} spans; give 1 to {SpansMax}");
        if (spans[0].FromMinute != 0)
            throw Invalid($"begins at {Clock(spans[0].FromMinute)}; let its first span begin at 00:00");
        _spans = [.. spans];
        for (var i = 0; i < _spans.Length; i++)
            Check(_spans[i], EndMinute(i));
    }

    /// <summary>Five minutes, for announced events.</summary>
    public static ReleasePlan P5 { get; } = new(new PlanSpan(0, 5));

    /// <summary>Quarter-hours: 92, 96 or 100 in a day.</summary>
    public static ReleasePlan P15 { get; } = new(new PlanSpan(0, 15));

    /// <summary>Hours.</summary>
    public static ReleasePlan P60 { get; } = new(new PlanSpan(0, 60));

    /// <summary>Night, morning, day, evening, late: cut at 06, 10, 16 and 20 o'clock.</summary>
    public static ReleasePlan Parts { get; } = new(new PlanSpan(0), new PlanSpan(360), new PlanSpan(600), new PlanSpan(960), new PlanSpan(1200));

    /// <summary>One cell a day.</summary>
    public static ReleasePlan Day { get; } = new(new PlanSpan(0));

    /// <summary>This plan with the hours from 00:00 to 06:00 as one cell, for spaces that are quiet at night.</summary>
    /// <exception cref="ArgumentException">The cells of this plan do not fit what is left of their span after 06:00.</exception>
    public ReleasePlan WithNightBlock()
    {
        var at = Array.FindLastIndex(_spans, span => span.FromMinute <= 360);
        return new ReleasePlan([new PlanSpan(0), new PlanSpan(360, _spans[at].CellMinutes), .. _spans[(at + 1)..]]);
    }

    /// <summary>The cells of a day, in order: the first begins with the day, each where the one before ends, the last ends with it.</summary>
    /// <param name="day">The day. Where clocks shift by less than a cell, the last cell of that span is shorter.</param>
    public IReadOnlyList<Cell> CellsOf(CivilDay day)
    {
        var cells = new List<Cell>();
        var from = day.From;
        for (var i = 0; i < _spans.Length; i++)
        {
            var end = EndMinute(i) == DayMinutes ? day.To : Earlier(day.InstantOf(EndMinute(i)), day.To);
            while (from < end)
            {
                var to = _spans[i].CellMinutes is { } minutes ? Earlier(from + new TimeSpan(0, minutes, 0), end) : end;
                cells.Add(new Cell(from, to));
                from = to;
            }
        }

        return cells;
    }

    /// <summary>The plan in one line, such as <c>00:00 whole, 06:00 15 min</c>. Equal plans have equal lines.</summary>
    public override string ToString() =>
        string.Join(", ", _spans.Select(span => $"{Clock(span.FromMinute)} {(span.CellMinutes is { } minutes ? $"{minutes.ToString(CultureInfo.InvariantCulture)} min" : "whole")}"));

    private int EndMinute(int span) => span + 1 < _spans.Length ? _spans[span + 1].FromMinute : DayMinutes;

    private static void Check(PlanSpan span, int end)
    {
        if (span.FromMinute >= end || end > DayMinutes)
            throw Invalid($"has a span from {Clock(span.FromMinute)} to {Clock(end)}; spans are in order, apart, and within the day");
        if (span.CellMinutes is not { } minutes)
            return;
        if (minutes < 1)
            throw Invalid($"has cells of {minutes} minutes from {Clock(span.FromMinute)}; give 1 or more");
        if ((end - span.FromMinute) % minutes != 0)
            throw Invalid($"has cells of {minutes} minutes from {Clock(span.FromMinute)} to {Clock(end)}, which they do not fill; choose a length that divides {end - span.FromMinute} minutes");
    }

    private static ArgumentException Invalid(string what) => new($"The release plan {what}.");

    private static string Clock(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}

/// <summary>A stretch of the day that is cut in one way; it ends where the next one begins.</summary>
/// <param name="FromMinute">Its start in minutes since 00:00 by the clock on the wall, 0 to 1,439.</param>
/// <param name="CellMinutes">Length of its cells in minutes; null where it is one cell, however long the clocks make it.</param>
public readonly record struct PlanSpan(int FromMinute, int? CellMinutes = null);

/// <summary>A half-open interval of UTC for which one number is released, once.</summary>
/// <param name="From">UTC start, included; the cell is known by it.</param>
/// <param name="To">UTC end, excluded.</param>
public readonly record struct Cell(DateTimeOffset From, DateTimeOffset To);

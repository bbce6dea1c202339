using Monitoring.Domain.History;

namespace Monitoring.Dashboard.History;

/// <summary>One line of the table under a chart, from which the chart is drawn: one number, or one of each of two events.</summary>
/// <param name="From">Start: instant, or time since the start of the events.</param>
/// <param name="To">End.</param>
/// <param name="Shown">The number as published; null where nothing was released.</param>
/// <param name="Second">The same of the second event; null where there is none.</param>
/// <param name="IsLong">Whether it stands for more time than its neighbours.</param>
public sealed record ChartRow(TimeSpan From, TimeSpan To, HistoryPoint? Shown, HistoryPoint? Second = null, bool IsLong = false)
{
    /// <summary>Where the first event has this time in pieces of other lengths; null where the row has its own, or nothing was released.</summary>
    public PiecesElsewhere? ShownIn { get; init; }

    /// <summary>The same of the second event.</summary>
    public PiecesElsewhere? SecondIn { get; init; }

    /// <summary>Rows of one series; where nothing was released between two points, a row says so.</summary>
    public static IReadOnlyList<ChartRow> Of(IReadOnlyList<HistoryPoint> points)
    {
        var rows = new List<ChartRow>(points.Count);
        var usual = Usual(points);
        DateTimeOffset? end = null;
        foreach (var point in points)
        {
            if (end is { } before && before < point.Key.From)
                rows.Add(new(Since(before), Since(point.Key.From), null));
            rows.Add(new(Since(point.Key.From), Since(point.To), point, null, point.To - point.Key.From > usual));
            end = point.To;
        }

        return rows;
    }

    /// <summary>Rows of two events side by side, by the time since each began.</summary>
    public static IReadOnlyList<ChartRow> Of(IReadOnlyList<HistoryPoint> first, DateTimeOffset firstStart, IReadOnlyList<HistoryPoint> second, DateTimeOffset secondStart)
    {
        var rows = new SortedDictionary<(TimeSpan From, TimeSpan To), (HistoryPoint? First, HistoryPoint? Second)>();
        foreach (var point in first)
            rows[(point.Key.From - firstStart, point.To - firstStart)] = (point, null);
        foreach (var point in second)
        {
            var span = (point.Key.From - secondStart, point.To - secondStart);
            rows[span] = (rows.GetValueOrDefault(span).First, point);
        }

        var usual = Usual([.. first, .. second]);
        return
        [
            .. rows.Select(row => new ChartRow(row.Key.From, row.Key.To, row.Value.First, row.Value.Second, row.Key.To - row.Key.From > usual)
            {
                ShownIn = row.Value.First is null ? PiecesElsewhere.Of(first, firstStart, row.Key.From, row.Key.To) : null,
                SecondIn = row.Value.Second is null ? PiecesElsewhere.Of(second, secondStart, row.Key.From, row.Key.To) : null,
            }),
        ];
    }

    private static TimeSpan Since(DateTimeOffset at) => at - DateTimeOffset.UnixEpoch;

    // Days of 25 hours and months of 31 days are as long as their neighbours; a block of a night among hours is not.
    private static TimeSpan Usual(IReadOnlyList<HistoryPoint> points) => points.Count == 0 ? TimeSpan.MaxValue : 1.2 * points.Min(point => point.To - point.Key.From);
}

/// <summary>Pieces of an event that share time with a row and stand in rows of their own, since they are longer or shorter.</summary>
/// <param name="From">Start of the first, since the start of the event.</param>
/// <param name="To">End of the last.</param>
/// <param name="IsWhole">Whether it is one piece in which all of the row lies.</param>
public sealed record PiecesElsewhere(TimeSpan From, TimeSpan To, bool IsWhole)
{
    /// <summary>Finds them; null where there are none.</summary>
    internal static PiecesElsewhere? Of(IReadOnlyList<HistoryPoint> points, DateTimeOffset start, TimeSpan from, TimeSpan to)
    {
        var (begin, end) = (start + from, start + to);
        var shared = points.Where(point => point.Key.From < end && begin < point.To).ToList();
        if (shared.Count == 0)
            return null;
        var (first, last) = (shared.Min(point => point.Key.From), shared.Max(point => point.To));
        return new PiecesElsewhere(first - start, last - start, shared.Count == 1 && first <= begin && end <= last);
    }
}

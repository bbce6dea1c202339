namespace Monitoring.Domain.History;

/// <summary>A grid as a reader names it: <c>cell</c>, <c>PT5M</c>, <c>PT15M</c>, <c>PT1H</c>, <c>P1D</c>, <c>P1M</c>. Names of a length of cells stand for the cells, where the shortest of each day are so long: of finer ones somebody would add up too few.</summary>
/// <param name="Text">The name.</param>
/// <param name="Grid">What is read.</param>
/// <param name="Shortest">Length that the shortest piece of each day must have; null where any will do.</param>
public sealed record GridName(string Text, HistoryGrid Grid, TimeSpan? Shortest)
{
    private static readonly GridName[] All =
    [
        new("cell", HistoryGrid.Cell, null),
        new("PT5M", HistoryGrid.Cell, TimeSpan.FromMinutes(5)),
        new("PT15M", HistoryGrid.Cell, TimeSpan.FromMinutes(15)),
        new("PT1H", HistoryGrid.Hour, TimeSpan.FromHours(1)),
        new("P1D", HistoryGrid.Day, null),
        new("P1M", HistoryGrid.Month, null),
    ];

    /// <summary>The names that there are.</summary>
    public static IEnumerable<string> Names => All.Select(name => name.Text);

    /// <summary>Finds a grid.</summary>
    /// <param name="text">Its name.</param>
    /// <returns>Null where there is none.</returns>
    public static GridName? Of(string text) => Array.Find(All, name => name.Text == text);

    /// <summary>Why these points cannot answer the question; null where they can. Only whole points are given: part of one would be another number.</summary>
    /// <param name="points">Points that have an instant in common with the range.</param>
    /// <param name="from">UTC, included.</param>
    /// <param name="to">UTC, excluded.</param>
    public GridProblem? Problem(IReadOnlyList<HistoryPoint> points, DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (Cut(points, from, to) is { } cut)
            return cut;
        if (Shortest is not { } shortest)
            return null;
        foreach (var day in points.GroupBy(point => point.LocalDay))
        {
            var least = day.Min(point => point.To - point.Key.From);
            if (Grid == HistoryGrid.Cell ? least != shortest : least > shortest)
                return new GridProblem("grid-not-released", day.First().Key.From, day.Last().To);
        }

        return null;
    }

    /// <summary>The first point that a range would cut; null where it cuts none.</summary>
    /// <param name="points">Points that have an instant in common with the range.</param>
    /// <param name="from">UTC, included.</param>
    /// <param name="to">UTC, excluded.</param>
    public static GridProblem? Cut(IReadOnlyList<HistoryPoint> points, DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentNullException.ThrowIfNull(points);
        return points.FirstOrDefault(point => point.Key.From < from || point.To > to) is { } cut ? new GridProblem("not-on-a-border", cut.Key.From, cut.To) : null;
    }
}

/// <summary>Why a question about history has no answer.</summary>
/// <param name="Code"><c>not-on-a-border</c> or <c>grid-not-released</c>.</param>
/// <param name="From">Start of the point or day that stands in the way, UTC.</param>
/// <param name="To">Its end.</param>
public sealed record GridProblem(string Code, DateTimeOffset From, DateTimeOffset To);

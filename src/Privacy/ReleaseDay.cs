namespace Monitoring.Privacy;

/// <summary>The terms of a space on one day: its cells, and what each group would be charged.</summary>
public sealed class ReleaseDay
{
    private readonly Dictionary<string, ReleaseGroup> _groupOf = new(StringComparer.Ordinal);
    private readonly Dictionary<ReleaseKind, IReadOnlyList<Cell>> _cells = [];
    private readonly Dictionary<ReleaseKind, Charge> _charges = [];

    internal ReleaseDay(ReleaseTerms terms, CivilDay day)
    {
        (Terms, Day) = (terms, day);
        foreach (var group in terms.Groups)
        {
            _cells[group.Kind] = group.Plan.CellsOf(day);
            _charges[group.Kind] = new Charge(terms.Space, day.Date, day.From, day.To, group.Kind, group.Epsilon, terms.Budget, group.ToString(), [.. group.Series.Streams]);
            foreach (var series in group.Series.Series)
                _groupOf[series.Name] = group;
        }
    }

    /// <summary>The terms.</summary>
    public ReleaseTerms Terms { get; }

    /// <summary>The day.</summary>
    public CivilDay Day { get; }

    /// <summary>The group of a series.</summary>
    /// <param name="series">Name of the series.</param>
    /// <exception cref="ArgumentException">The terms have no such series.</exception>
    public ReleaseGroup GroupOf(string series) =>
        _groupOf.GetValueOrDefault(series) ?? throw new ArgumentException($"'{series}' is no series of '{Terms.Space}' in version {Terms.Version} of its terms.");

    /// <summary>The cells of a kind, in order.</summary>
    /// <param name="kind">A kind that the terms have.</param>
    public IReadOnlyList<Cell> CellsOf(ReleaseKind kind) => _cells[kind];

    /// <summary>The cell in which an instant lies; null where it lies on another day.</summary>
    /// <param name="kind">A kind that the terms have.</param>
    /// <param name="instant">The instant.</param>
    public Cell? CellAt(ReleaseKind kind, DateTimeOffset instant)
    {
        var cells = _cells[kind];
        int low = 0, high = cells.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (cells[middle].To <= instant)
                low = middle + 1;
            else
                high = middle;
        }

        return low < cells.Count && cells[low].From <= instant ? cells[low] : null;
    }

    /// <summary>What a group is charged on this day, once.</summary>
    internal Charge ChargeOf(ReleaseKind kind) => _charges[kind];
}

namespace Monitoring.Privacy.Tests;

/// <summary>The way of a true number to a stored one: plan, series map, mechanism. Mutants override it.</summary>
internal class Pipeline
{
    public static readonly DateOnly FirstDay = new(2026, 6, 1);

    public static readonly TimeZoneInfo Brussels = TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels");

    /// <summary>One zone, quarter-hours, four crossings, an epsilon of 1.</summary>
    public static readonly ReleaseTerms Terms = new("square", 1, Brussels, Epsilon.DayDefault,
        [new ReleaseGroup(ReleaseKind.Flow, new Epsilon(1_000_000), Sensitivity.FlowDefault, ReleasePlan.P15, new SeriesMap(new Series("in", new StreamId("a/in")), new Series("out", new StreamId("a/out"))), 5_000)]);

    private ReleaseDay _day = Terms.On(FirstDay);
    private int _next;
    private MemoryBook _book = new();
    private ReleaseDay? _bookDay;

    /// <summary>Releases the same cell of both series.</summary>
    public (long In, long Out) NextPair(long count)
    {
        var cell = NextCell();
        return (Release(_day, "in", cell, count), Release(_day, "out", cell, count));
    }

    /// <summary>Releases the next cell, day after day.</summary>
    public long Next(long count)
    {
        var cell = NextCell();
        return Release(_day, "in", cell, count);
    }

    /// <summary>Asks again for the cell that was released last.</summary>
    public long Again(long count) => Release(_day, "in", _day.CellsOf(ReleaseKind.Flow)[_next - 1], count);

    protected virtual long Release(ReleaseDay day, string series, Cell cell, long count)
    {
        if (_bookDay != day)
            (_book, _bookDay) = (new MemoryBook(), day);
        return ReleaseMechanism.Release(_book, day, new SealedCell(series, cell, count, new CellCoverage(1, 1))).Value!.Value;
    }

    private Cell NextCell()
    {
        var cells = _day.CellsOf(ReleaseKind.Flow);
        if (_next == cells.Count)
        {
            _day = Terms.On(_day.Day.Date.AddDays(1));
            _next = 0;
            cells = _day.CellsOf(ReleaseKind.Flow);
        }

        return cells[_next++];
    }
}

namespace Monitoring.Privacy.Tests;

/// <summary>Find, charge, draw, add: once for a cell, and never without a charge.</summary>
public sealed class MechanismTests
{
    private static readonly ReleaseDay Day = Pipeline.Terms.On(Pipeline.FirstDay);

    private readonly MemoryBook _book = new();
    private readonly CountedRandom _random = new();

    [Fact]
    public void A_cell_is_charged_drawn_and_stored_with_all_that_explains_it()
    {
        var cell = Day.CellsOf(ReleaseKind.Flow)[3];
        var released = Release(3, 70);
        Assert.Equal(new Released(new CellKey("square", "in", cell.From), cell.To, Pipeline.FirstDay, ReleaseKind.Flow, 1, new Epsilon(1_000_000), new Sensitivity(4), new CellCoverage(1, 1), 70, null), released);
        var charge = Assert.Single(_book.Charges);
        Assert.Equal((1_000_000, Day.Day.From, Day.Day.To), (charge.Epsilon.Micro, charge.From, charge.To));
        Assert.Equal("Flow, 1000000 micro-epsilon, sensitivity 4, cells up to 5000, plan 00:00 15 min, series in = a/in; out = a/out", charge.Promise);
    }

    [Fact]
    public void A_repeat_finds_the_number_and_draws_nothing_whatever_it_says_now()
    {
        var first = Release(3, 70);
        Assert.Same(first, Release(3, 75));
        Assert.Same(first, Release(3, 75, alive: 0));
        Assert.Equal(1, _random.Draws);
    }

    [Fact]
    public void A_group_is_charged_once_a_day_for_all_its_series_and_cells()
    {
        for (var cell = 0; cell < 96; cell++)
        {
            Release(cell, 1);
            Release(cell, 1, "out");
        }

        Assert.Equal((1, 192, 192), (_book.Charges.Count, _book.Rows.Count, _random.Draws));
        Assert.Equal(1_000_000, new Ledger(_book.Charges).SpentMicro("square", Pipeline.FirstDay));
        Assert.Equal(0, new Ledger(_book.Charges).SpentMicro("square", Pipeline.FirstDay.AddDays(1)));
    }

    [Fact]
    public void A_cell_without_a_source_has_no_number_costs_nothing_and_stays_so()
    {
        var released = Release(0, 70, alive: 0);
        Assert.Equal((null, "no-data"), (released.Value, released.Reason));
        Assert.Same(released, Release(0, 70));
        Assert.Equal((0, 0), (_book.Charges.Count, _random.Draws));
    }

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(5_000, 5_000)]
    [InlineData(5_001, 5_000)]
    [InlineData(long.MaxValue, 5_000)]
    public void A_count_is_cut_to_what_is_possible_before_the_draw(long count, long expected) => Assert.Equal(expected, Release(0, count).Value);

    [Fact]
    public void Of_two_at_once_the_first_one_stored_is_the_number()
    {
        var racing = new RacingBook(Release(0, 70));
        var second = ReleaseMechanism.Release(racing, Day, new SealedCell("in", Day.CellsOf(ReleaseKind.Flow)[0], 99, new CellCoverage(1, 1)));
        Assert.Equal(70, second.Value);
    }

    [Fact]
    public void A_series_or_a_cell_of_somewhere_else_is_an_error()
    {
        Assert.Contains("is no series", Assert.Throws<ArgumentException>(() => Release(0, 1, "through")).Message, StringComparison.Ordinal);
        var hour = new Cell(Day.Day.From, Day.Day.From.AddHours(1));
        Assert.Contains("is no cell", Assert.Throws<ArgumentException>(() => ReleaseMechanism.Release(_book, Day, new SealedCell("in", hour, 1, new CellCoverage(1, 1)), _random)).Message, StringComparison.Ordinal);
        Assert.Empty(_book.Rows);
        Assert.Equal(0, _random.Draws);
    }

    [Fact]
    public void A_number_that_may_be_out_is_not_drawn_again()
    {
        var book = new MemoryBook { RestoredAt = Day.CellsOf(ReleaseKind.Flow)[4].From };
        var days = new[] { Day, Pipeline.Terms.On(Pipeline.FirstDay.AddDays(1)) };
        var cells = days.Select(day => ReleaseMechanism.Release(book, day, new SealedCell("in", day.CellsOf(ReleaseKind.Flow)[95], 70, new CellCoverage(1, 1)), _random)).ToList();
        Assert.Equal([(null, "restored"), (70, null)], cells.Select(cell => (cell.Value, cell.Reason)));
        Assert.Equal((1, 1), (book.Charges.Count, _random.Draws));
    }

    [Fact]
    public void What_is_withdrawn_loses_its_number_and_keeps_its_place()
    {
        var withdrawn = Release(0, 70).Withdrawn();
        Assert.Equal((null, "withdrawn"), (withdrawn.Value, withdrawn.Reason));
        _book.Rows[withdrawn.Key] = withdrawn;
        Assert.Same(withdrawn, Release(0, 70));
        Assert.Equal(1_000_000, new Ledger(_book.Charges).SpentMicro("square", Pipeline.FirstDay));
    }

    private Released Release(int cell, long count, string series = "in", int alive = 1) =>
        ReleaseMechanism.Release(_book, Day, new SealedCell(series, Day.CellsOf(ReleaseKind.Flow)[cell], count, new CellCoverage(alive, 1)), _random);

    /// <summary>A store that does not see the other's row until it adds its own.</summary>
    private sealed class RacingBook(Released first) : IReleaseBook
    {
        public Released? Find(CellKey key) => null;

        public bool MayBeOut(CivilDay day) => false;

        public IReadOnlyCollection<Charge> ChargesBeside(Charge wanted) => [];

        public Released Add(Released released, Charge? charge) => first;
    }
}

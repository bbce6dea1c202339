namespace Monitoring.Privacy.Tests;

/// <summary>A plan is a partition of the day, whatever the clocks do.</summary>
public sealed class PlanTests
{
    [Fact]
    public void T15_Every_instant_of_a_day_lies_in_exactly_one_cell_of_any_plan() => Parallel.For(0, 10_000, i =>
    {
        var plan = Chances.Plan(1 + i % 240);
        foreach (var date in Chances.Days)
        {
            var day = CivilDay.Of(date, Pipeline.Brussels);
            var cells = plan.CellsOf(day);
            Assert.Equal(day.From, cells[0].From);
            Assert.Equal(day.To, cells[^1].To);
            Assert.All(cells.Zip(cells.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
            Assert.All(cells, cell => Assert.True(cell.From < cell.To));
        }
    });

    [Fact]
    public void T15_An_instant_is_found_in_the_cell_that_holds_it() => Parallel.For(0, 10_000, i =>
    {
        var day = Release(Chances.Plan(5 * (1 + i % 48)), Chances.Pick(Chances.Days));
        var cells = day.CellsOf(ReleaseKind.Flow);
        var instant = Chances.Instant(day.Day);
        Assert.Equal(Assert.Single(cells, cell => cell.From <= instant && instant < cell.To), day.CellAt(ReleaseKind.Flow, instant));
        Assert.Equal(cells[0], day.CellAt(ReleaseKind.Flow, day.Day.From));
        Assert.Null(day.CellAt(ReleaseKind.Flow, day.Day.To));
        Assert.Null(day.CellAt(ReleaseKind.Flow, day.Day.From.AddTicks(-1)));
    });

    [Theory]
    [InlineData(0, 92)]
    [InlineData(1, 96)]
    [InlineData(2, 100)]
    public void T15_A_day_has_92_96_or_100_quarter_hours(int day, int quarterHours)
    {
        Assert.Equal(quarterHours, Cells(ReleasePlan.P15, day).Count);
        Assert.Equal(quarterHours * 3, Cells(ReleasePlan.P5, day).Count);
        Assert.Equal(quarterHours / 4, Cells(ReleasePlan.P60, day).Count);
        Assert.Single(Cells(ReleasePlan.Day, day));
        Assert.Equal([.. Cells(ReleasePlan.P15, day).Select(cell => cell.To - cell.From).Distinct()], [TimeSpan.FromMinutes(15)]);
    }

    [Fact]
    public void The_parts_of_a_day_begin_where_the_clocks_say_so_on_days_of_any_length()
    {
        foreach (var day in (int[])[0, 1, 2])
            Assert.Equal([0, 6, 10, 16, 20], Cells(ReleasePlan.Parts, day).Select(cell => TimeZoneInfo.ConvertTime(cell.From, Pipeline.Brussels).Hour));
    }

    [Theory]
    [InlineData(0, "01:00")]
    [InlineData(1, "00:30")]
    [InlineData(2, "00:30")]
    public void A_cut_in_an_hour_that_is_skipped_is_made_at_the_jump_and_in_one_that_comes_twice_the_first_time(int day, string utc) =>
        Assert.Equal(utc, Cells(new ReleasePlan(new PlanSpan(0), new PlanSpan(150)), day)[1].From.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void A_quiet_night_is_one_cell_on_days_of_any_length()
    {
        Assert.Equal([5, 6, 7], ((int[])[0, 1, 2]).Select(day => Cells(ReleasePlan.P15.WithNightBlock(), day)[0]).Select(cell => (cell.To - cell.From).Hours));
        Assert.Equal(1 + 18 * 4, Cells(ReleasePlan.P15.WithNightBlock(), 0).Count);
        Assert.Equal("00:00 whole, 06:00 60 min", ReleasePlan.P60.WithNightBlock().ToString());
        Assert.Equal(ReleasePlan.Parts.ToString(), ReleasePlan.Parts.WithNightBlock().ToString());
    }

    [Theory]
    [InlineData("America/Santiago")]
    [InlineData("Africa/Cairo")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Pacific/Apia")]
    public void Days_follow_each_other_where_clocks_shift_at_midnight_or_by_half_an_hour_or_skip_a_day(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        var day = CivilDay.Of(new DateOnly(2011, 1, 1), zone);
        for (var i = 0; i < 16 * 366; i++)
        {
            var next = CivilDay.Of(day.Date.AddDays(1), zone);
            Assert.Equal(day.To, next.From);
            Assert.True(day.From <= day.To);
            if (day.From < day.To)
                Assert.All([day.From, day.To.AddTicks(-1)], instant => Assert.Equal(day.Date, CivilDay.At(instant, zone).Date));
            day = next;
        }
    }

    [Fact]
    public void T15_A_plan_that_is_no_partition_is_refused_with_the_reason()
    {
        Refused("has 0 spans");
        Refused("let its first span begin at 00:00", new PlanSpan(15, 15));
        Refused("in order, apart", new PlanSpan(0), new PlanSpan(600), new PlanSpan(360));
        Refused("in order, apart", new PlanSpan(0), new PlanSpan(360), new PlanSpan(360));
        Refused("from 06:00 to 24:00", new PlanSpan(0), new PlanSpan(360, 7));
        Refused("within the day", new PlanSpan(0), new PlanSpan(1440));
        Refused("give 1 or more", new PlanSpan(0, 0));
        Refused("has 25 spans", [.. Enumerable.Range(0, 25).Select(i => new PlanSpan(i * 5))]);
        Assert.Equal(24, new ReleasePlan([.. Enumerable.Range(0, 24).Select(i => new PlanSpan(i * 60, 60))]).CellsOf(CivilDay.Of(Chances.Days[1], Pipeline.Brussels)).Count);
    }

    private static void Refused(string why, params PlanSpan[] spans) => Assert.Contains(why, Assert.Throws<ArgumentException>(() => new ReleasePlan(spans)).Message, StringComparison.Ordinal);

    private static IReadOnlyList<Cell> Cells(ReleasePlan plan, int day) => plan.CellsOf(CivilDay.Of(Chances.Days[day], Pipeline.Brussels));

    private static ReleaseDay Release(ReleasePlan plan, DateOnly date)
    {
        var group = new ReleaseGroup(ReleaseKind.Flow, new Epsilon(1_000_000), Sensitivity.FlowDefault, plan, new SeriesMap(new Series("in", new StreamId("a"))), 5_000);
        return new ReleaseTerms("square", 1, Pipeline.Brussels, Epsilon.DayDefault, [group]).On(date);
    }
}

using System.Text.Json;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Tests.Crowd;

public sealed class OpenCellsTests
{
    private static readonly DateTimeOffset Noon = Square.At("2024-03-01T12:00:00Z");

    private readonly LineState _line = new();

    [Theory]
    [InlineData("2024-03-01T12:00:00Z", "2024-03-01T12:15:00Z", "2024-03-01T12:00:00Z")]
    [InlineData("2024-03-01T12:14:59.9999999Z", "2024-03-01T12:15:59Z", "2024-03-01T12:00:00Z")]
    [InlineData("2024-03-01T12:15:00Z", "2024-03-01T12:16:00Z", "2024-03-01T12:15:00Z")]
    // Longer than a quarter of an hour: not spread.
    [InlineData("2024-03-01T11:50:00Z", "2024-03-01T13:50:00Z", "2024-03-01T11:45:00Z")]
    // An event counts where it happened.
    [InlineData(null, "2024-03-01T12:30:00Z", "2024-03-01T12:30:00Z")]
    public void A_reading_counts_in_the_quarter_hour_in_which_it_begins(string? from, string time, string quarter)
    {
        Assert.Equal(SetAside.None, _line.Count(3, 1, from is null ? null : Square.At(from), Square.At(time), Square.Zurich));
        var (start, tally) = Assert.Single(_line.OpenCells);
        Assert.Equal((Square.At(quarter), 3, 1), (start, tally.In, tally.Out));
    }

    [Fact]
    public void A_repeat_counts_in_no_cell()
    {
        _line.Count(3, 1, Noon, Noon.AddMinutes(1), Square.Zurich);
        _line.Count(9, 9, Noon, Noon.AddMinutes(1), Square.Zurich);
        Assert.Equal(3, Assert.Single(_line.OpenCells).Value.In);
    }

    [Fact]
    public void Without_a_release_it_stays_open_for_six_hours_after_its_end_and_then_what_comes_for_it_corrects_the_total_of_its_day()
    {
        _line.Count(3, 1, Noon, Noon.AddMinutes(1), Square.Zurich);
        var end = Noon.AddMinutes(15);
        _line.Forget(end + LineState.OpenFor - TimeSpan.FromTicks(1), Square.Zurich);
        Assert.Equal(SetAside.None, _line.Count(1, 0, Noon.AddMinutes(14), end, Square.Zurich, live: false));
        Assert.Equal(4, _line.OpenCells[Noon].In);
        _line.Forget(end + LineState.OpenFor, Square.Zurich);
        Assert.Empty(_line.OpenCells);

        // It ends in a cell that is open, but it would count in the one that is not.
        Assert.Equal(SetAside.None, _line.Count(1, 0, end.AddMinutes(-1), end.AddMinutes(1), Square.Zurich, live: false));
        Assert.Equal(SetAside.None, _line.Count(1, 0, end.AddMinutes(1), end.AddMinutes(2), Square.Zurich, live: false));
        Assert.Equal([end], _line.OpenCells.Keys);
        Assert.Equal((6, 1), (_line.Day(new DateOnly(2024, 3, 1)).In, _line.Day(new DateOnly(2024, 3, 1)).CountedLiveOnly));
    }

    [Fact]
    public void A_total_can_be_corrected_for_48_hours_and_then_what_comes_for_it_is_late()
    {
        var end = Noon.AddMinutes(15);
        _line.Forget(end + IntervalSet.Memory - TimeSpan.FromTicks(1), Square.Zurich);
        Assert.Equal(SetAside.None, _line.Count(1, 0, Noon.AddMinutes(14), end, Square.Zurich, live: false));
        _line.Forget(end + IntervalSet.Memory, Square.Zurich);
        foreach (var told in (RepeatMarks[])[default, new(Numbered: true, default)])
            Assert.Equal(SetAside.Late, _line.Count(1, 0, null, end.AddMinutes(-1), Square.Zurich, told, live: false));
        Assert.Equal(SetAside.Late, _line.Count(1, 0, end.AddMinutes(-1), end.AddMinutes(1), Square.Zurich, live: false));
        Assert.Equal(SetAside.None, _line.Count(1, 0, end, end.AddMinutes(1), Square.Zurich, live: false));
    }

    /// <summary>Also in the night after the clocks went forward, when 48 h reach into a third day before today.</summary>
    [Fact]
    public void A_day_is_kept_as_long_as_repeats_of_its_readings_are_recognised()
    {
        var friday = Square.At("2024-03-29T22:45:00Z");
        _line.Count(5, 0, friday, friday.AddMinutes(1), Square.Zurich);
        _line.Forget(friday + IntervalSet.Memory, Square.Zurich);
        Assert.Equal(new DateOnly(2024, 4, 1), LineState.LocalDay(friday + IntervalSet.Memory, Square.Zurich));
        Assert.Equal((0, 1), (_line.Day(new DateOnly(2024, 3, 29)).In, _line.Day(new DateOnly(2024, 3, 29)).Counted));
    }

    [Fact]
    public void A_line_that_is_released_keeps_its_cells_until_they_are_sealed()
    {
        _line.Count(3, 1, Noon, Noon.AddMinutes(1), Square.Zurich, cell: Noon);
        _line.Forget(Noon.AddHours(30), Square.Zurich, isReleased: true);
        Assert.Equal(3, _line.OpenCells[Noon].In);
        var sealedCell = _line.Seal(Noon, Noon.AddHours(1));
        Assert.Equal((3, 1), (sealedCell.In, sealedCell.Out));
        Assert.Empty(_line.OpenCells);
    }

    [Fact]
    public void What_comes_for_a_sealed_cell_counts_for_the_control_room_alone()
    {
        _line.Seal(Noon, Noon.AddHours(1));
        Assert.Equal(SetAside.None, _line.Count(3, 1, Noon.AddMinutes(50), Noon.AddMinutes(51), Square.Zurich, live: true, cell: Noon));
        Assert.Equal(SetAside.None, _line.Count(4, 1, Noon.AddMinutes(52), Noon.AddMinutes(53), Square.Zurich, live: false, cell: Noon));
        Assert.Equal(SetAside.None, _line.Count(5, 0, Noon.AddHours(1), Noon.AddMinutes(61), Square.Zurich, live: false, cell: Noon.AddHours(1)));
        var day = _line.Day(new DateOnly(2024, 3, 1));
        Assert.Equal((12, 2, 1, 0), (day.In, day.CountedLiveOnly, day.CountedOpenOnly, day.CountedInBoth));
        Assert.Equal([Noon.AddHours(1)], _line.OpenCells.Keys);
        Assert.Equal(0, _line.Seal(Noon, Noon.AddHours(1)).In);
    }

    [Fact]
    public void At_the_most_that_may_be_open_what_comes_for_one_more_has_no_cell()
    {
        for (var i = 0; i < LineState.OpenCellsMax; i++)
            Assert.Equal(SetAside.None, _line.Count(1, 0, null, Noon.AddMinutes(5 * i), Square.Zurich, live: false, cell: Noon.AddMinutes(5 * i)));
        var more = Noon.AddMinutes(5 * LineState.OpenCellsMax);
        Assert.Equal(SetAside.None, _line.Count(1, 0, null, more, Square.Zurich, live: false, cell: more));
        Assert.DoesNotContain(more, _line.OpenCells.Keys);
        Assert.Equal(SetAside.None, _line.Count(1, 0, null, Noon.AddMinutes(1), Square.Zurich, live: false, cell: Noon));
        Assert.Equal(LineState.OpenCellsMax, _line.OpenCells.Count);
    }

    [Fact]
    public void A_reading_for_statistics_alone_leaves_its_cell_and_a_fate_and_nothing_else()
    {
        Assert.Equal(SetAside.None, _line.CountUnseen(3, 1, Noon, Noon.AddMinutes(1), Square.Zurich, default, Noon));
        Assert.Equal(SetAside.Duplicate, _line.CountUnseen(3, 1, Noon, Noon.AddMinutes(1), Square.Zurich, default, Noon));
        var day = _line.Day(new DateOnly(2024, 3, 1));
        Assert.Equal((0, 0, 1, 2), (day.In, day.Out, day.CountedOpenOnly, day.Accepted));
        Assert.Equal(3, _line.OpenCells[Noon].In);
        Assert.Null(_line.LastInterval);
        _line.Seal(Noon, Noon.AddHours(1));
        Assert.Equal(SetAside.Late, _line.CountUnseen(3, 1, Noon.AddMinutes(2), Noon.AddMinutes(3), Square.Zurich, default, Noon));
    }

    [Fact]
    public void Readings_of_ever_other_days_open_no_more_tallies_than_the_most()
    {
        for (var day = 0; day < 2 * LineState.DaysMax; day++)
            _line.SetAsideAt(SetAside.Late, Noon.AddDays(day * (day % 2 == 0 ? 1 : -1)), Square.Zurich);
        Assert.Equal(LineState.DaysMax, _line.Days.Count);
    }

    [Fact]
    public void What_was_counted_too_late_for_the_live_picture_is_told_apart()
    {
        _line.Count(1, 0, Noon, Noon.AddMinutes(1), Square.Zurich);
        _line.Count(1, 0, Noon.AddMinutes(1), Noon.AddMinutes(2), Square.Zurich, live: false);
        _line.Forget(Noon.AddHours(5), Square.Zurich);
        _line.Count(1, 0, Noon.AddHours(-2), Noon.AddHours(5), Square.Zurich, live: true);
        _line.Count(1, 0, Noon.AddHours(-2), Noon.AddHours(-1.9), Square.Zurich, live: false);
        var day = _line.Day(LineState.LocalDay(Noon, Square.Zurich));
        Assert.Equal((3, 1, 1, 1, 1, 4), (day.Counted, day.CountedInBoth, day.CountedOpenOnly, day.CountedLiveOnly, day.SetAside[SetAside.Duplicate], day.Accepted));
        Assert.Equal(2, _line.OpenCells.Values.Sum(quarter => quarter.In));
    }

    [Theory]
    [InlineData("2024-03-31", 92)]
    [InlineData("2024-10-27", 100)]
    public void The_cells_of_a_local_day_give_its_total_in_both_nights_of_the_clocks(string date, int quarters)
    {
        var day = DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture);
        var start = new DateTimeOffset(day.AddDays(-1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        for (var minute = 0; minute < 72 * 60; minute += 5)
            _line.Count(1, 2, start.AddMinutes(minute), start.AddMinutes(minute + 5), Square.Zurich);
        var own = _line.OpenCells.Where(quarter => LineState.LocalDay(quarter.Key, Square.Zurich) == day).ToList();
        Assert.Equal(quarters, own.Count);
        Assert.Equal((_line.Day(day).In, _line.Day(day).Out), (own.Sum(quarter => quarter.Value.In), own.Sum(quarter => quarter.Value.Out)));
        Assert.All(own, quarter => Assert.Equal((3, 6), (quarter.Value.In, quarter.Value.Out)));
    }

    [Fact]
    public void A_late_long_interval_does_not_end_the_flow_of_events_and_a_late_event_not_that_of_intervals()
    {
        for (var second = 0; second < 60; second += 10)
            _line.Count(1, 1, null, Noon.AddSeconds(second), Square.Zurich);
        _line.Count(500, 0, Noon.AddMinutes(-10), Noon.AddMinutes(-5), Square.Zurich);
        Assert.Equal(12, _line.FlowPerMinute(Noon.AddSeconds(60)));
        var other = new LineState();
        other.Count(30, 0, Noon.AddMinutes(-1), Noon, Square.Zurich);
        other.Count(500, 0, null, Noon.AddMinutes(-5), Square.Zurich);
        Assert.Equal(30, other.FlowPerMinute(Noon));
    }

    [Fact]
    public void A_row_of_before_there_were_cells_still_loads()
    {
        _line.Count(3, 1, Noon, Noon.AddMinutes(1), Square.Zurich);
        var row = JsonSerializer.SerializeToNode(_line)!;
        row.AsObject().Remove(nameof(LineState.OpenCells));
        foreach (var day in row[nameof(LineState.Days)]!.AsObject())
        {
            day.Value!.AsObject().Remove(nameof(DayTally.CountedOpenOnly));
            day.Value.AsObject().Remove(nameof(DayTally.CountedLiveOnly));
        }

        var read = row.Deserialize<LineState>()!;
        Assert.Empty(read.OpenCells);
        Assert.Equal(1, read.Days.Values.Single().CountedInBoth);
        Assert.Equal(SetAside.Duplicate, read.Count(3, 1, Noon, Noon.AddMinutes(1), Square.Zurich));
        Assert.Equal(SetAside.None, read.Count(3, 1, Noon.AddMinutes(1), Noon.AddMinutes(2), Square.Zurich));
        Assert.Equal(3, read.OpenCells[Noon].In);
    }
}

using Monitoring.Domain.Crowd;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Tests.Crowd;

/// <summary>One sample for each minute of a zone, added up in cells.</summary>
public sealed class PresenceCellsTests
{
    private static readonly DateTimeOffset Noon = Square.At("2024-03-01T12:00:00Z");

    private readonly PresenceCells _cells = new();

    [Fact]
    public void A_cell_with_a_sample_in_each_minute_is_whole_and_holds_their_sum()
    {
        for (var minute = 0; minute < 60; minute++)
        {
            Assert.False(_cells.IsWhole(Noon, Noon.AddHours(1)));
            Assert.Equal(SetAside.None, Sample(100 + minute, Noon.AddMinutes(minute).AddSeconds(minute)));
        }

        Assert.True(_cells.IsWhole(Noon, Noon.AddHours(1)));
        Assert.Equal((60 * 100) + (59 * 60 / 2), _cells.Seal(Noon, Noon.AddHours(1)));
        Assert.Empty(_cells.Open);
        Assert.Empty(_cells.Minutes);
    }

    [Fact]
    public void Of_several_in_a_minute_the_last_stands_for_it_in_whatever_order_they_come()
    {
        var (one, other) = (new PresenceCells(), new PresenceCells());
        (int People, int Second)[] samples = [(40, 5), (70, 55), (10, 30), (55, 45)];
        foreach (var (people, second) in samples)
            one.Sample(people, Noon.AddSeconds(second), Noon);
        foreach (var (people, second) in samples.Reverse())
            other.Sample(people, Noon.AddSeconds(second), Noon);
        Assert.Equal([70L, 70L], new[] { one, other }.Select(cells => cells.Open[Noon].PersonMinutes));
        Assert.Equal([1, 1], new[] { one, other }.Select(cells => cells.Open[Noon].Minutes));
    }

    [Fact]
    public void A_repeat_is_a_duplicate()
    {
        Assert.Equal(SetAside.None, Sample(12, Noon));
        Assert.Equal(SetAside.Duplicate, Sample(12, Noon));
        Assert.Equal(12, _cells.Open[Noon].PersonMinutes);
    }

    [Fact]
    public void A_minute_without_a_sample_takes_none_from_its_neighbour()
    {
        for (var minute = 0; minute < 60; minute++)
        {
            if (minute != 17)
                Sample(5, Noon.AddMinutes(minute));
        }

        Assert.False(_cells.IsWhole(Noon, Noon.AddHours(1)));
        Assert.Equal(59, _cells.Open[Noon].Minutes);
    }

    [Fact]
    public void A_sample_fills_a_gap_as_long_as_single_minutes_are_known()
    {
        Sample(5, Noon);
        Sample(5, Noon.AddMinutes(PresenceCells.MinutesMax + 1));
        Assert.Equal(SetAside.None, Sample(9, Noon.AddMinutes(2)));
        Assert.Equal(SetAside.Late, Sample(9, Noon.AddMinutes(1)));
        Assert.Equal(SetAside.Late, Sample(9, Noon.AddSeconds(1)));
        Assert.Equal(5 + 9, _cells.Open[Noon].PersonMinutes);
    }

    [Fact]
    public void A_minute_that_was_forgotten_is_not_counted_a_second_time()
    {
        Sample(5, Noon);
        _cells.Forget(Noon.AddMinutes(PresenceCells.MinutesMax));
        Assert.Empty(_cells.Minutes);
        Assert.Equal(SetAside.Late, Sample(50, Noon.AddSeconds(30)));
        Assert.Equal((5L, 1), (_cells.Open[Noon].PersonMinutes, _cells.Open[Noon].Minutes));
    }

    [Fact]
    public void No_single_minute_is_kept_for_longer_than_two_hours()
    {
        for (var minute = 0; minute < 600; minute++)
        {
            Sample(5, Noon.AddMinutes(minute));
            Assert.InRange(_cells.Minutes.Count, 1, PresenceCells.MinutesMax);
        }
    }

    [Fact]
    public void Nothing_is_added_to_a_sealed_cell()
    {
        Sample(5, Noon);
        _cells.SealUpTo(Noon.AddHours(1));
        Assert.Equal(SetAside.Late, Sample(5, Noon.AddMinutes(59)));
        Assert.Equal(SetAside.None, Sample(5, Noon.AddMinutes(60)));
        _cells.SealUpTo(Noon);
        Assert.Equal(Noon.AddHours(1), _cells.SealedTo);
    }

    [Fact]
    public void No_more_cells_are_open_at_once_than_the_most()
    {
        for (var cell = 0; cell < LineState.OpenCellsMax; cell++)
            Assert.Equal(SetAside.None, Sample(1, Noon.AddHours(cell)));
        Assert.Equal(SetAside.Late, Sample(1, Noon.AddHours(LineState.OpenCellsMax)));
        Assert.Equal(LineState.OpenCellsMax, _cells.Open.Count);
    }

    [Fact]
    public void A_clock_that_was_ahead_costs_the_open_cells_and_no_more()
    {
        Sample(5, Noon);
        Sample(7, Noon.AddHours(5));
        _cells.PutBack(Noon.AddMinutes(1));
        Assert.Empty(_cells.Open);
        for (var minute = 60; minute < 120; minute++)
            Assert.Equal(SetAside.None, Sample(3, Noon.AddMinutes(minute)));
        Assert.True(_cells.IsWhole(Noon.AddHours(1), Noon.AddHours(2)));
        _cells.PutBack(Noon.AddMinutes(119));
        Assert.Equal(180, _cells.Open[Noon.AddHours(1)].PersonMinutes);
    }

    private SetAside Sample(int people, DateTimeOffset at) => _cells.Sample(people, at, new DateTimeOffset(at.UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero));
}

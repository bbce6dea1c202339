using System.Text.Json;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Tests.Intake;

public sealed class IntervalSetTests
{
    private static readonly DateTimeOffset Noon = Square.At("2024-03-01T12:00:00Z");

    [Theory, MemberData(nameof(Seeds.Many), MemberType = typeof(Seeds))]
    public void Any_order_and_any_repeat_of_apart_intervals_counts_each_once(int seed)
    {
        var random = new Random(seed);
        var intervals = Apart(random, 200);
        var set = new IntervalSet();
        var counted = 0;
        foreach (var (from, to) in Shuffled(random, [.. intervals, .. intervals, .. intervals]))
            counted += set.Add(from, to) == SetAside.None ? 1 : 0;
        Assert.Equal(intervals.Count, counted);
        Assert.All(set.Ranges.Zip(set.Ranges.Skip(1)), pair => Assert.True(pair.First.To < pair.Second.From));
    }

    [Theory, MemberData(nameof(Seeds.Many), MemberType = typeof(Seeds))]
    public void It_agrees_with_a_list_of_seconds(int seed)
    {
        var random = new Random(seed);
        var set = new IntervalSet();
        var seconds = new bool[2_000];
        for (var i = 0; i < 300; i++)
        {
            var (from, length) = (random.Next(1_900), random.Next(1, 100));
            var covered = seconds.AsSpan(from, length).Count(true);
            var expected = covered * 2 > length ? SetAside.Duplicate : SetAside.None;
            Assert.Equal(expected, set.Add(Noon.AddSeconds(from), Noon.AddSeconds(from + length)));
            if (expected == SetAside.None)
                seconds.AsSpan(from, length).Fill(true);
        }
    }

    [Theory]
    [InlineData(0, 60, SetAside.Duplicate)]
    [InlineData(30, 90, SetAside.None)]
    [InlineData(29, 89, SetAside.Duplicate)]
    [InlineData(-30, 30, SetAside.None)]
    [InlineData(-29, 31, SetAside.Duplicate)]
    [InlineData(60, 120, SetAside.None)]
    [InlineData(-60, 0, SetAside.None)]
    [InlineData(10, 20, SetAside.Duplicate)]
    [InlineData(-60, 120, SetAside.None)]
    [InlineData(-30, 90, SetAside.None)]
    [InlineData(-29, 90, SetAside.Duplicate)]
    [InlineData(59, 59, SetAside.Duplicate)]
    [InlineData(60, 60, SetAside.None)]
    public void More_than_half_counted_before_is_a_repeat_and_exactly_half_is_not(int from, int to, SetAside expected)
    {
        var set = new IntervalSet();
        set.Add(Noon, Noon.AddSeconds(60));
        Assert.Equal(expected, set.Add(Noon.AddSeconds(from), Noon.AddSeconds(to)));
    }

    [Fact]
    public void An_event_is_counted_once()
    {
        var set = new IntervalSet();
        Assert.Equal(SetAside.None, set.Add(Noon, Noon));
        Assert.Equal(SetAside.Duplicate, set.Add(Noon, Noon));
        Assert.Equal(SetAside.None, set.Add(Noon.AddTicks(1), Noon.AddTicks(1)));
        Assert.Single(set.Ranges);
    }

    [Fact]
    public void What_ended_at_or_before_the_floor_is_late()
    {
        var set = new IntervalSet();
        set.Forget(Noon);
        var floor = Noon - IntervalSet.Memory;
        Assert.Equal(SetAside.Late, set.Add(floor.AddMinutes(-1), floor));
        Assert.Equal(SetAside.None, set.Add(floor.AddMinutes(-1), floor.AddTicks(1)));
        Assert.Equal(SetAside.Late, set.Add(floor.AddTicks(-1), floor.AddTicks(-1)));
        Assert.Equal(SetAside.None, set.Add(floor.AddMinutes(1), floor.AddMinutes(1)));
    }

    [Fact]
    public void A_repeat_from_within_the_memory_is_never_counted_again()
    {
        var set = new IntervalSet();
        set.Add(Noon.AddHours(-1), Noon);
        for (var hours = 0; hours <= 60; hours++)
        {
            set.Forget(Noon.AddHours(hours));
            Assert.NotEqual(SetAside.None, set.Add(Noon.AddHours(-1), Noon));
        }

        Assert.Empty(set.Ranges);
    }

    [Fact]
    public void The_floor_never_goes_down()
    {
        var set = new IntervalSet();
        set.Forget(Noon);
        var floor = set.Floor;
        set.Forget(Noon.AddDays(-1));
        Assert.Equal(floor, set.Floor);
    }

    [Fact]
    public void Beyond_the_most_ranges_the_oldest_is_forgotten_and_counted_as_late()
    {
        var set = new IntervalSet();
        for (var i = 0; i < IntervalSet.RangesMax; i++)
            Assert.Equal(SetAside.None, set.Add(Noon.AddSeconds(2 * i), Noon.AddSeconds(2 * i + 1)));
        Assert.Equal(IntervalSet.RangesMax, set.Ranges.Count);
        Assert.Equal(SetAside.Duplicate, set.Add(Noon, Noon.AddSeconds(1)));
        Assert.Equal(SetAside.None, set.Add(Noon.AddDays(1), Noon.AddDays(1).AddSeconds(1)));
        Assert.Equal(IntervalSet.RangesMax, set.Ranges.Count);
        Assert.Equal(Noon.AddSeconds(1).UtcTicks, set.Floor);
        Assert.Equal(SetAside.Late, set.Add(Noon, Noon.AddSeconds(1)));
    }

    [Fact]
    public void A_lower_limit_counts_what_it_forgets_before_its_time_also_of_a_row_saved_under_a_higher_one()
    {
        var set = new IntervalSet();
        for (var i = 0; i < 64; i++)
            Assert.Equal(SetAside.None, set.Add(Noon.AddSeconds(2 * i), Noon.AddSeconds(2 * i + 1), rangesMax: 64));
        Assert.Equal((64, 0), (set.Ranges.Count, set.Forgotten));
        set.Add(Noon.AddHours(1), Noon.AddHours(1), rangesMax: 64);
        Assert.Equal((64, 1), (set.Ranges.Count, set.Forgotten));
        Assert.Equal(SetAside.Late, set.Add(Noon, Noon.AddSeconds(1), rangesMax: 64));
        var read = System.Text.Json.JsonSerializer.Deserialize<IntervalSet>(System.Text.Json.JsonSerializer.Serialize(set))!;
        read.Add(Noon.AddHours(2), Noon.AddHours(2), rangesMax: 10);
        Assert.Equal((10, 56), (read.Ranges.Count, read.Forgotten));
        Assert.Equal(SetAside.Duplicate, read.Add(Noon.AddHours(1), Noon.AddHours(1), rangesMax: 10));
    }

    [Fact]
    public void Intervals_that_follow_each_other_take_one_range()
    {
        var set = new IntervalSet();
        foreach (var minute in Shuffled(new Random(3), Enumerable.Range(0, 2_880)))
            Assert.Equal(SetAside.None, set.Add(Noon.AddMinutes(minute), Noon.AddMinutes(minute + 1)));
        Assert.Equal([new TickRange(Noon.UtcTicks, Noon.AddDays(2).UtcTicks)], set.Ranges);
    }

    [Fact]
    public void An_interval_that_ends_before_it_starts_is_our_own_error() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new IntervalSet().Add(Noon, Noon.AddTicks(-1)));

    [Fact]
    public void It_is_the_same_after_it_was_saved_and_read()
    {
        var set = new IntervalSet();
        set.Add(Noon, Noon.AddMinutes(1));
        set.Forget(Noon);
        var read = JsonSerializer.Deserialize<IntervalSet>(JsonSerializer.Serialize(set))!;
        Assert.Equal(set.Ranges, read.Ranges);
        Assert.Equal(set.Floor, read.Floor);
    }

    private static List<(DateTimeOffset From, DateTimeOffset To)> Apart(Random random, int count)
    {
        var intervals = new List<(DateTimeOffset, DateTimeOffset)>();
        var at = Noon;
        for (var i = 0; i < count; i++)
        {
            var from = at.AddSeconds(random.Next(2) * random.Next(1, 100));
            at = from.AddSeconds(random.Next(1, 300));
            intervals.Add((from, at));
        }

        return intervals;
    }

    private static T[] Shuffled<T>(Random random, IEnumerable<T> items)
    {
        var all = items.ToArray();
        random.Shuffle(all);
        return all;
    }
}

using Monitoring.Domain.Crowd;

namespace Monitoring.Privacy.Tests;

/// <summary>How readings arrive says nothing: true numbers are the same for any order, any repeats and any batches.</summary>
public sealed class InvarianceTests
{
    private static readonly ReleaseDay Day = Pipeline.Terms.On(Pipeline.FirstDay);

    [Fact]
    public void T16_Order_repeats_batches_and_lateness_change_no_number() => Parallel.For(0, 10_000, _ =>
    {
        var sent = Readings();
        var expected = Tally(sent);
        Assert.Equal(sent.Sum(reading => reading.In), Day.CellsOf(ReleaseKind.Flow).Sum(cell => expected.Of("in", cell)));

        var arrived = Chances.Shuffled(sent.SelectMany(reading => Enumerable.Repeat(reading, 1 + Chances.Below(3))));
        var cut = Chances.Below(arrived.Length + 1);
        var shuffled = Tally([.. arrived[..cut]], [.. arrived[cut..]]);
        Assert.Equal(expected.Sums.OrderBy(sum => sum.Key), shuffled.Sums.OrderBy(sum => sum.Key));
    });

    [Fact]
    public void T16_Of_several_counts_of_a_zone_in_one_minute_the_last_stands_whatever_their_order()
    {
        var zone = new StreamId("zone");
        var group = new ReleaseGroup(ReleaseKind.Presence, new Epsilon(500_000), Sensitivity.PresenceDefault, ReleasePlan.P15, new SeriesMap(new Series("inside", zone)), 5_000);
        var day = new ReleaseTerms("square", 1, Pipeline.Brussels, Epsilon.DayDefault, [group]).On(Pipeline.FirstDay);
        (int Second, int People)[] samples = [(0, 5), (30, 7), (59, 4), (59, 6), (60, 1), (61, 2)];
        for (var i = 0; i < 200; i++)
        {
            var tally = new CellTally(day);
            foreach (var (second, people) in Chances.Shuffled(samples))
                Assert.True(tally.Sample(zone, day.Day.From.AddSeconds(second), people));
            Assert.Equal(6 + 2, tally.Of("inside", day.CellsOf(ReleaseKind.Presence)[0]));
        }
    }

    [Fact]
    public void What_belongs_to_another_day_or_to_no_series_is_not_counted()
    {
        var tally = new CellTally(Day);
        Assert.False(tally.Count(new StreamId("a/in"), Day.Day.To, 3));
        Assert.False(tally.Count(new StreamId("a/in"), Day.Day.From.AddTicks(-1), 3));
        Assert.False(tally.Count(new StreamId("b/in"), Day.Day.From, 3));
        Assert.False(tally.Sample(new StreamId("a/in"), Day.Day.From, 3));
        Assert.Empty(tally.Sums);
        Assert.Throws<ArgumentOutOfRangeException>(() => tally.Count(new StreamId("a/in"), Day.Day.From, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => tally.Sample(new StreamId("a/in"), Day.Day.From, -1));
    }

    // The way of the hub: repeats are recognised in Domain, which keeps quarter-hours, and these become cells.
    private static CellTally Tally(params Reading[][] batches)
    {
        var (line, seen) = (new LineState(), new HashSet<long>());
        foreach (var reading in batches.SelectMany(batch => batch).Where(reading => seen.Add(reading.Sequence)))
            line.Count(reading.In, reading.Out, reading.From, reading.To, Pipeline.Brussels);
        var tally = new CellTally(Day);
        foreach (var (start, passages) in line.OpenCells)
        {
            Assert.True(tally.Count(new StreamId("a/in"), start, passages.In));
            Assert.True(tally.Count(new StreamId("a/out"), start, passages.Out));
        }

        return tally;
    }

    private static Reading[] Readings()
    {
        var minutes = Enumerable.Range(0, 1 + Chances.Below(30)).Select(_ => Chances.Below(1440)).Distinct();
        return [.. minutes.Select((minute, i) => new Reading(i, Day.Day.From.AddMinutes(minute), Day.Day.From.AddMinutes(minute + 1), Chances.Below(9), Chances.Below(9)))];
    }

    private sealed record Reading(long Sequence, DateTimeOffset From, DateTimeOffset To, int In, int Out);
}

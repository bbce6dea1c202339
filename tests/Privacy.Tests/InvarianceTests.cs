using Monitoring.Domain.Crowd;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;

namespace Monitoring.Privacy.Tests;

/// <summary>How readings arrive says nothing: true numbers are the same for any order, any repeats and any batches.</summary>
public sealed class InvarianceTests
{
    private static readonly ReleaseDay Day = new ReleaseTerms("square", 1, Pipeline.Brussels, Epsilon.DayDefault,
    [
        new ReleaseGroup(ReleaseKind.Flow, new Epsilon(500_000), Sensitivity.FlowDefault, ReleasePlan.P15, new SeriesMap(new Series("in", new StreamId("gate/in")), new Series("out", new StreamId("gate/out"))), 5_000),
        new ReleaseGroup(ReleaseKind.Presence, new Epsilon(500_000), Sensitivity.PresenceDefault, ReleasePlan.P15, new SeriesMap(new Series("inside", new StreamId("zone"))), 5_000),
    ]).On(Pipeline.FirstDay);

    [Fact]
    public void T16_Order_repeats_batches_and_lateness_change_no_number() => Parallel.For(0, 10_000, i =>
    {
        var purpose = i % 2 == 0 ? DevicePurpose.Live : DevicePurpose.Statistics;
        Reading[] sent = [.. Passages(), .. Heads()];
        var expected = Sums(purpose, sent.Index().Select(one => CountedDay.Message(one.Index, one.Item)));
        Assert.Equal(sent.OfType<CountReading>().Sum(reading => reading.In), expected.Where(cell => cell.Key.Series == "in").Sum(cell => cell.Value));
        Assert.Contains(expected, cell => cell.Key.Series == "inside");

        var arrived = Chances.Shuffled(Batches(sent).SelectMany(message => Enumerable.Repeat(message, 1 + Chances.Below(3))));
        Assert.Equal(expected, Sums(purpose, arrived.Index().Select(one => one.Item with { ArrivedAt = Day.Day.To.AddSeconds(one.Index) })));
    });

    [Fact]
    public void T16_Of_several_counts_of_a_zone_in_one_minute_the_last_stands_whatever_their_order()
    {
        (int Second, int People)[] samples = [(0, 5), (30, 7), (59, 4), (59, 6), (60, 1), (61, 2)];
        for (var i = 0; i < 200; i++)
        {
            var sums = Sums(DevicePurpose.Live, Chances.Shuffled(samples).Index().Select(one => CountedDay.Message(one.Index, new OccupancyReading("zone", Day.Day.From.AddSeconds(one.Item.Second), one.Item.People))));
            Assert.Equal(6 + 2, Assert.Single(sums).Value);
        }
    }

    private static SortedDictionary<(string Series, DateTimeOffset From), long> Sums(DevicePurpose purpose, IEnumerable<AcceptedMessage> messages)
    {
        var counted = new CountedDay(Day, CountedDay.Space(["gate"], ["zone"], purpose));
        foreach (var message in messages)
            counted.Take(message);
        return new(counted.Sums.ToDictionary());
    }

    // Messages of several readings of one device, which it numbers.
    private static List<AcceptedMessage> Batches(Reading[] readings)
    {
        var batches = new List<AcceptedMessage>();
        foreach (var device in readings.GroupBy(reading => reading.Channel))
        {
            for (var left = device.ToArray(); left.Length > 0;)
            {
                var length = Math.Min(left.Length, 1 + Chances.Below(4));
                batches.Add(CountedDay.Message(batches.Count, left[..length]));
                left = left[length..];
            }
        }

        return batches;
    }

    private static IEnumerable<Reading> Passages()
    {
        foreach (var minute in Enumerable.Range(0, 1 + Chances.Below(30)).Select(_ => Chances.Below(1440)).Distinct().Order().ToList())
            yield return new CountReading("gate", Day.Day.From.AddMinutes(minute + 1), Chances.Below(9), Chances.Below(9), Day.Day.From.AddMinutes(minute));
    }

    // Within the minutes of which single samples are known: what comes later than that is late.
    private static IEnumerable<Reading> Heads()
    {
        var begins = Day.Day.From.AddMinutes(Chances.Below(1440 - PresenceCells.MinutesMax));
        return from second in Enumerable.Range(0, 1 + Chances.Below(30)).Select(_ => Chances.Below((PresenceCells.MinutesMax - 1) * 60)).Order().ToList()
               select new OccupancyReading("zone", begins.AddSeconds(second), Chances.Below(9));
    }
}

using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;

namespace Monitoring.Privacy.Tests;

/// <summary>One person moves the true numbers of a group by its sensitivity at most, whatever the plan, the lines and everybody else.</summary>
public sealed class SensitivityTests
{
    private const int Crossings = 4;
    private const int Minutes = 240;

    // Each nineteenth case goes the whole way of a message: 19 has no divisor in common with the 240 windows, so that it meets each.
    [Fact]
    public void T14_A_person_moves_the_numbers_of_a_day_by_the_sensitivity_at_most()
    {
        var worst = new long[2];
        Parallel.For(0, 100_000, i =>
        {
            var window = 1 + i % 240;
            var square = new RandomSquare(Chances.Plan(window), Chances.Days[i / 240 % 3], window);
            var whole = i % 19 == 0;
            var (without, with) = (square.Count(person: false, whole), square.Count(person: true, whole));
            foreach (var group in square.Day.Terms.Groups)
            {
                var moved = square.Day.CellsOf(group.Kind).Count == 0 ? 0 : Distance(group, without, with);
                Assert.InRange(moved, 0, group.Sensitivity.Bound);
                lock (worst)
                    worst[(int)group.Kind] = Math.Max(worst[(int)group.Kind], moved);
            }
        });
        // A bound that nobody comes near would be no test.
        Assert.Equal([Crossings, Minutes], worst);
    }

    [Fact]
    public void T14_That_test_sees_a_passage_that_is_told_in_two_series()
    {
        var day = RandomSquare.TermsWith(ReleasePlan.P60, new SeriesMap(new Series("in", new StreamId("a/in"), new StreamId("a/out"))), 100).On(Chances.Days[1]);
        var space = CountedDay.Space(["a"], ["z"], DevicePurpose.Live);
        var (once, twice) = (new CountedDay(day, space), new CountedDay(day, space));
        once.Take(new CountReading("a", day.Day.From, 4, 0, null));
        twice.Take(new CountReading("a", day.Day.From, 4, 0, null));
        twice.Take(new CountReading("a", day.Day.From.AddHours(1), 5, 0, null));
        Assert.Equal(5, Distance(day.GroupOf("in"), once.Sums, twice.Sums));
    }

    private static long Distance(ReleaseGroup group, IReadOnlyDictionary<(string Series, DateTimeOffset From), long> one, IReadOnlyDictionary<(string Series, DateTimeOffset From), long> other) => one.Keys.Union(other.Keys)
        .Where(key => group.Series.Series.Any(series => series.Name == key.Series))
        .Sum(key => Math.Abs(group.Clamp(one.GetValueOrDefault(key)) - group.Clamp(other.GetValueOrDefault(key))));

    /// <summary>A square with random lines, zones and people, and one person who comes and goes.</summary>
    private sealed class RandomSquare
    {
        private readonly string[] _lines;
        private readonly string[] _zones;
        private readonly PublicSpace _space;
        private readonly List<Passages> _others = [];
        private readonly List<Passages> _crossings = [];
        private readonly List<(string Zone, DateTimeOffset At, int People, bool Person)> _samples = [];
        private readonly List<DateTimeOffset> _totalsAt;
        private readonly bool _totals = Chances.Below(3) == 0;
        private readonly long _start = Chances.Below(65_536);

        public RandomSquare(ReleasePlan plan, DateOnly date, int stay)
        {
            _lines = [.. Enumerable.Range(0, 1 + Chances.Below(6)).Select(i => $"line{i}")];
            _zones = [.. Enumerable.Range(0, 1 + Chances.Below(3)).Select(i => $"zone{i}")];
            _space = CountedDay.Space(_lines, _zones, Chances.Below(2) == 0 ? DevicePurpose.Live : DevicePurpose.Statistics);
            Day = Terms(plan).On(date);
            for (var i = Chances.Below(20); i > 0; i--)
                _others.Add(AnyPassages(1 + Chances.Below(8)));
            for (var i = 0; i < Crossings; i++)
                _crossings.Add(AnyPassages(1));
            _totalsAt = [Day.Day.From, .. Enumerable.Range(0, 12).Select(_ => Chances.Instant(Day.Day)).Distinct().Order(), Day.Day.To.AddTicks(-1)];
            Walk(stay);
        }

        public ReleaseDay Day { get; }

        public static ReleaseTerms TermsWith(ReleasePlan plan, SeriesMap lines, long cellMax, params ReleaseGroup[] more) => new("square", 1, Pipeline.Brussels, Epsilon.DayDefault,
            [new ReleaseGroup(ReleaseKind.Flow, new Epsilon(500_000), Sensitivity.FlowDefault, plan, lines, cellMax), .. more]);

        public IReadOnlyDictionary<(string Series, DateTimeOffset From), long> Count(bool person, bool whole)
        {
            var counted = new CountedDay(Day, _space);
            Passages[] passages = person ? [.. _others, .. _crossings] : [.. _others];
            var events = passages.Select(one => (Reading)new CountReading(one.Line, one.At, one.In, one.Out, null));
            var samples = _samples.Select(sample => (Reading)new OccupancyReading(sample.Zone, sample.At, sample.People + (person && sample.Person ? 1 : 0)));
            foreach (var reading in (_totals ? _lines.SelectMany(line => Totals(line, passages)) : events).Concat(samples).OrderBy(reading => reading.Time))
            {
                if (whole)
                    counted.Take(reading);
                else
                    counted.Add(reading);
            }

            return counted.Sums;
        }

        // A counter that only grows, read now and then, over the end of its range. Not reset: see docs/reference/release.md for what that would do.
        private IEnumerable<Reading> Totals(string line, Passages[] passages) =>
            from at in _totalsAt
            let before = passages.Where(one => one.Line == line && one.At < at).ToList()
            select new TotalReading(line, at, (_start + before.Sum(one => one.In)) % 65_536, (_start + before.Sum(one => one.Out)) % 65_536, 65_536);

        private Passages AnyPassages(int count)
        {
            var inward = Chances.Below(2) * count;
            return new Passages(Chances.Pick(_lines), Chances.Instant(Day.Day), inward, count - inward);
        }

        // The person stays for some minutes, at times again for what is left, and is seen once a minute wherever they are; sensors speak several times a minute.
        private void Walk(int stay)
        {
            var (left, busy) = (Minutes, Chances.Below(2) == 0);
            foreach (var length in Chances.Below(4) == 0 ? (int[])[stay, Minutes - stay] : [stay])
            {
                var zone = Chances.Pick(_zones);
                var from = Day.Day.From.AddMinutes(Chances.Below((int)(Day.Day.To - Day.Day.From).TotalMinutes - length - 1));
                for (var minute = 0; minute < length && left > 0; minute++, left--)
                {
                    _samples.Add((zone, from.AddMinutes(minute).AddSeconds(Chances.Below(59)), Chances.Below(6), true));
                    if (busy && Chances.Below(8) == 0)
                        _samples.Add((Chances.Pick(_zones), from.AddMinutes(minute).AddSeconds(59), Chances.Below(6), false));
                }
            }
        }

        private ReleaseTerms Terms(ReleasePlan plan) => TermsWith(plan, Map([.. _lines.SelectMany(line => (string[])[$"{line}/in", $"{line}/out"])], "line-series"), 1 + Chances.Below(30),
            new ReleaseGroup(ReleaseKind.Presence, new Epsilon(500_000), Sensitivity.PresenceDefault, plan, Map(_zones, "zone-series"), 1 + Chances.Below(2_000)));

        private static SeriesMap Map(string[] streams, string name)
        {
            var series = 1 + Chances.Below(streams.Length);
            return new SeriesMap([.. streams.Index().GroupBy(stream => stream.Index % series, stream => new StreamId(stream.Item)).Select(some => new Series($"{name}-{some.Key}", [.. some]))]);
        }

        private sealed record Passages(string Line, DateTimeOffset At, int In, int Out);
    }
}

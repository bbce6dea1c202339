using Monitoring.Domain.Crowd;
using Monitoring.Domain.Intake;

namespace Monitoring.Privacy.Tests;

/// <summary>One person moves the true numbers of a group by its sensitivity at most, whatever the plan, the lines and everybody else.</summary>
public sealed class SensitivityTests
{
    private const int Crossings = 4;
    private const int Minutes = 240;

    [Fact]
    public void T14_A_person_moves_the_numbers_of_a_day_by_the_sensitivity_at_most()
    {
        var worst = new long[2];
        Parallel.For(0, 100_000, i =>
        {
            var window = 1 + i % 240;
            var square = new RandomSquare(Chances.Plan(window), Chances.Days[i / 240 % 3], window);
            var (without, with) = (square.Tally(person: false), square.Tally(person: true));
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
        var day = RandomSquare.TermsWith(ReleasePlan.P60, new SeriesMap(new Series("in", new StreamId("a"))), 100).On(Chances.Days[1]);
        var (once, twice) = (new CellTally(day), new CellTally(day));
        once.Count(new StreamId("a"), day.Day.From, 4);
        twice.Count(new StreamId("a"), day.Day.From, 4);
        twice.Count(new StreamId("a"), day.Day.From.AddHours(1), 5);
        Assert.Equal(5, Distance(day.GroupOf("in"), once, twice));
    }

    private static long Distance(ReleaseGroup group, CellTally one, CellTally other) => one.Sums.Keys.Union(other.Sums.Keys)
        .Where(key => group.Series.Series.Any(series => series.Name == key.Series))
        .Sum(key => Math.Abs(group.Clamp(one.Sums.GetValueOrDefault(key)) - group.Clamp(other.Sums.GetValueOrDefault(key))));

    /// <summary>A square with random lines, zones and people, and one person who comes and goes.</summary>
    private sealed class RandomSquare
    {
        private readonly StreamId[] _lines;
        private readonly StreamId[] _zones;
        private readonly List<(StreamId Line, DateTimeOffset At, int Count)> _others = [];
        private readonly List<(StreamId Line, DateTimeOffset At)> _crossings = [];
        private readonly List<(StreamId Zone, DateTimeOffset At, int People, bool Person)> _samples = [];
        private readonly List<DateTimeOffset> _totalsAt;
        private readonly bool _totals = Chances.Below(3) == 0;
        private readonly long _start = Chances.Below(65_536);

        public RandomSquare(ReleasePlan plan, DateOnly date, int stay)
        {
            _lines = [.. Enumerable.Range(0, 1 + Chances.Below(6)).Select(i => new StreamId($"line{i}"))];
            _zones = [.. Enumerable.Range(0, 1 + Chances.Below(3)).Select(i => new StreamId($"zone{i}"))];
            Day = Terms(plan).On(date);
            for (var i = Chances.Below(20); i > 0; i--)
                _others.Add((Chances.Pick(_lines), Chances.Instant(Day.Day), 1 + Chances.Below(8)));
            for (var i = 0; i < Crossings; i++)
                _crossings.Add((Chances.Pick(_lines), Chances.Instant(Day.Day)));
            _totalsAt = [Day.Day.From, .. Enumerable.Range(0, 12).Select(_ => Chances.Instant(Day.Day)).Order(), Day.Day.To.AddTicks(-1)];
            Walk(stay);
        }

        public ReleaseDay Day { get; }

        public static ReleaseTerms TermsWith(ReleasePlan plan, SeriesMap lines, long cellMax, params ReleaseGroup[] more) => new("square", 1, Pipeline.Brussels, Epsilon.DayDefault,
            [new ReleaseGroup(ReleaseKind.Flow, new Epsilon(500_000), Sensitivity.FlowDefault, plan, lines, cellMax), .. more]);

        public CellTally Tally(bool person)
        {
            var tally = new CellTally(Day);
            var events = person ? [.. _others, .. _crossings.Select(crossing => (crossing.Line, crossing.At, 1))] : _others;
            foreach (var (line, at, count) in events.Where(_ => !_totals))
                tally.Count(line, at, count);
            foreach (var line in _lines.Where(_ => _totals))
                CountTotals(tally, line, [.. events.Where(one => one.Line == line)]);
            foreach (var (zone, at, people, counted) in _samples)
                tally.Sample(zone, at, people + (person && counted ? 1 : 0));
            return tally;
        }

        // A counter that only grows, read now and then, over the end of its range. Not reset: see docs/reference/release.md for what that would do.
        private void CountTotals(CellTally tally, StreamId line, List<(StreamId Line, DateTimeOffset At, int Count)> events)
        {
            var counter = new CumulativeCounter();
            foreach (var at in _totalsAt)
            {
                var total = (_start + events.Where(one => one.At < at).Sum(one => one.Count)) % 65_536;
                var step = counter.Advance(total, 0, 65_536, at);
                if (step.Fate == SetAside.None)
                    tally.Count(line, step.From, step.In);
            }
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

        private ReleaseTerms Terms(ReleasePlan plan) => TermsWith(plan, Map(_lines, "line-series"), 1 + Chances.Below(30),
            new ReleaseGroup(ReleaseKind.Presence, new Epsilon(500_000), Sensitivity.PresenceDefault, plan, Map(_zones, "zone-series"), 1 + Chances.Below(2_000)));

        private static SeriesMap Map(StreamId[] streams, string name)
        {
            var series = 1 + Chances.Below(streams.Length);
            return new SeriesMap([.. streams.Index().GroupBy(stream => stream.Index % series, stream => stream.Item).Select(some => new Series($"{name}-{some.Key}", [.. some]))]);
        }
    }
}

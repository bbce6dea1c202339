using System.Text.Json;
using Monitoring.Domain.Alarms;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;

namespace Monitoring.Domain.Tests.Spaces;

/// <summary>What comes too late for the live picture corrects totals and open quarter-hours, and nothing that an operator acts on.</summary>
public sealed class LateReadingsTests
{
    private static readonly DateTimeOffset Noon = Square.At("2024-03-01T12:00:00Z");

    private static readonly PublicSpace Space = Square.Space() with
    {
        Thresholds =
        [
            new(AlarmRule.Density, null, 2, 1.7, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), 1),
            new(AlarmRule.Flow, null, 30, 24, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60), 2),
        ],
    };

    private readonly SpaceState _state = new();
    private readonly SpaceModel _model;

    public LateReadingsTests() => _model = new SpaceModel(Space, _state);

    public static TheoryData<int, string> SeedsOfNights =>
        [.. Enumerable.Range(1, 20).SelectMany(seed => ((string[])["2024-03-31T01:00:00Z", "2024-10-27T01:00:00Z", "2024-06-01T12:00:00Z"]).Select(night => (seed, night)))];

    [Theory]
    [InlineData(120, 1, 0)]
    [InlineData(121, 0, 1)]
    public void A_reading_older_than_twice_the_interval_at_its_arrival_counts_in_the_open_cell_only(int seconds, int both, int openOnly)
    {
        Assert.Empty(_model.Apply(Counts(0, 30, arrivesAfter: seconds)));
        var day = _state.Lines["north"].Days.Values.Single();
        Assert.Equal((1, both, openOnly), (day.Counted, day.CountedInBoth, day.CountedOpenOnly));
        Assert.Equal(30, _state.Lines["north"].OpenCells.Values.Single().In);
        Assert.Equal(both == 1, _state.Lines["north"].LastInterval is not null);
    }

    [Theory, MemberData(nameof(SeedsOfNights))]
    public void Shuffled_arrival_gives_the_same_day_totals_and_quarter_hours(int seed, string middle)
    {
        var random = new Random(seed);
        var start = Square.At(middle).AddHours(-20);
        var messages = Enumerable.Range(0, 400).Select(i => Arriving(
            random,
            start.AddMinutes(6 * i),
            random.Next(3) == 0 ? 0 : random.Next(1, 6) * 60)).ToArray();
        var expected = Totals(Applied(messages));
        random.Shuffle(messages);
        var shuffled = Applied(messages);
        Assert.Equal(expected, Totals(shuffled));
        var line = shuffled.Lines["north"];
        Assert.Equal(messages.Length, line.Days.Values.Sum(day => day.Accepted));
        foreach (var (day, tally) in line.Days)
            Assert.Equal(tally.In, line.OpenCells.Where(quarter => LineState.LocalDay(quarter.Key, Square.Zurich) == day).Sum(quarter => quarter.Value.In));
    }

    [Theory, MemberData(nameof(Seeds.Many), MemberType = typeof(Seeds))]
    public void A_late_message_moves_no_alarm_no_timer_and_no_flow(int seed)
    {
        var random = new Random(seed);
        for (var minute = 0; minute < 60; minute++)
        {
            var now = Noon.AddMinutes(minute);
            _model.Apply(Square.Message("counter-1", now, Square.Count("north", now, random.Next(200), random.Next(50), random.Next(2) * 60)));
            _model.Apply(Square.Message("camera", now, new OccupancyReading("stage", now, random.Next(200))));
            if (random.Next(3) > 0)
                _model.Apply(Square.Message("counter-1", now));
            var before = Live();
            for (var i = random.Next(4); i > 0; i--)
            {
                var time = now.AddSeconds(-120.001 - random.NextDouble() * 7_200);
                _model.Apply(Late(random, time) with { ArrivedAt = now });
                Assert.Empty(_model.Moved);
            }

            Assert.Equal(before, Live());
        }
    }

    [Fact]
    public void A_late_count_into_a_zone_that_was_anchored_since_changes_nobodys_occupancy()
    {
        _model.Apply(Square.Message("camera", Noon, new OccupancyReading("stage", Noon, 40)));
        _model.Apply(Square.Message("counter-2", Noon.AddMinutes(-10), Square.Count("steps", Noon.AddMinutes(-10), 30, 0)) with { ArrivedAt = Noon.AddSeconds(1) });
        Assert.Equal(40, _state.Zones["stage"].Estimate);
        Assert.Equal(30, _state.Lines["steps"].Days.Values.Single().In);

        // The zone on the other side is known by its lines only: there the count is missing until it comes.
        Assert.Equal(-30, _state.Zones["plaza"].Estimate);
    }

    [Fact]
    public void A_late_head_count_does_not_take_back_who_has_passed_since()
    {
        _model.Apply(Square.Message("camera", Noon, new OccupancyReading("stage", Noon, 40)));
        _model.Apply(Square.Message("counter-2", Noon.AddMinutes(10), Square.Count("steps", Noon.AddMinutes(10), 25, 0)));
        var fates = _model.Apply(Square.Message("camera", Noon.AddMinutes(5), new OccupancyReading("stage", Noon.AddMinutes(5), 41)) with { ArrivedAt = Noon.AddMinutes(11) });
        Assert.Equal(1, fates[SetAside.Late]);
        Assert.Equal((65, Noon), (_state.Zones["stage"].Estimate, _state.Zones["stage"].AnchoredAt));
    }

    [Fact]
    public void A_late_heartbeat_vouches_for_nothing_newer()
    {
        _model.Apply(Counts(0, 300, arrivesAfter: 0));
        _model.Apply(Square.Message("counter-1", Noon));
        Assert.Equal(AlarmState.Unacknowledged, _state.Alarms.Open.Single().State);
        for (var minute = 1; minute < 30; minute++)
            _model.Apply(Square.Message("counter-1", Noon.AddMinutes(minute)) with { ArrivedAt = Noon.AddMinutes(minute + 3) });
        Assert.Equal(AlarmState.Unacknowledged, _state.Alarms.Open.Single().State);
    }

    [Fact]
    public void A_reading_of_before_48_hours_is_late_also_on_a_line_that_was_never_tidied()
    {
        var old = Noon - IntervalSet.Memory;
        var fates = _model.Apply(Square.Message("counter-1", Noon, Square.Count("north", old, 5, 0), Square.Count("north", old.AddSeconds(90), 5, 0)));
        Assert.Equal(1, fates[SetAside.Late]);
        Assert.Equal(5, _state.Lines["north"].OpenCells.Values.Sum(quarter => quarter.In));
    }

    [Fact]
    public void A_counter_that_comes_back_after_days_counts_for_now_and_in_no_cell_that_is_over()
    {
        _model.Apply(Square.Message("counter-1", Noon, new TotalReading("north", Noon, 500, 400, null)));
        var back = Noon.AddDays(3);
        _model.Forget(back);
        Assert.Empty(_model.Apply(Square.Message("counter-1", back, new TotalReading("north", back, 540, 410, null))));
        Assert.Empty(_state.Lines["north"].OpenCells);
        Assert.Equal(30, _state.Zones["plaza"].Estimate);
        Assert.Equal(1, _state.Lines["north"].Day(LineState.LocalDay(Noon, Square.Zurich)).CountedLiveOnly);
    }

    [Fact]
    public void A_device_for_statistics_opens_no_cell_yet()
    {
        var model = new SpaceModel(Space with { Devices = [.. Space.Devices.Select(device => device with { Purpose = DevicePurpose.Statistics })] }, _state);
        Assert.Equal(1, model.Apply(Counts(0, 30, arrivesAfter: 0))[SetAside.Purpose]);
        Assert.Empty(_state.Lines["north"].OpenCells);
        Assert.Equal((1, 0), (_state.Lines["north"].Days.Values.Single().Accepted, _state.Lines["north"].Days.Values.Single().In));
    }

    [Fact]
    public void A_copy_without_counts_has_no_cells()
    {
        _model.Apply(Counts(0, 30, arrivesAfter: 0));
        Assert.Contains("\"OpenCells\":{\"2024", JsonSerializer.Serialize(_state), StringComparison.Ordinal);
        Assert.Empty(_state.WithoutCounts().Lines);
        Assert.DoesNotContain("OpenCells", JsonSerializer.Serialize(_state.WithoutCounts()), StringComparison.Ordinal);
    }

    private static AcceptedMessage Counts(int second, int passagesIn, int arrivesAfter) =>
        Square.Message("counter-1", Noon.AddSeconds(second), Square.Count("north", Noon.AddSeconds(second), passagesIn, 0)) with { ArrivedAt = Noon.AddSeconds(second + arrivesAfter) };

    private static AcceptedMessage Arriving(Random random, DateTimeOffset time, int seconds) =>
        Square.Message("counter-1", time, Square.Count("north", time, random.Next(20), random.Next(20), seconds)) with { ArrivedAt = time.AddSeconds(random.Next(4) == 0 ? random.Next(7_200) : random.Next(60)) };

    private static AcceptedMessage Late(Random random, DateTimeOffset time) => random.Next(4) switch
    {
        0 => Square.Message("counter-1", time, Square.Count("north", time, random.Next(2_000), random.Next(50), random.Next(3) * 60)),
        1 => Square.Message("camera", time, new OccupancyReading("stage", time, random.Next(2_000))),
        2 => Square.Message("counter-2", time, Square.Count("steps", time, random.Next(2_000), random.Next(50), random.Next(20) * 60)),
        _ => Square.Message("counter-1", time),
    };

    private static SpaceState Applied(IEnumerable<AcceptedMessage> messages)
    {
        var state = new SpaceState();
        var model = new SpaceModel(Space, state);
        foreach (var message in messages)
            model.Apply(message);
        return state;
    }

    private string Live() => JsonSerializer.Serialize((object[])[_state.Alarms, _state.Zones["stage"], _state.Lines["north"].Flow, _state.Lines["north"].LastInterval!, _state.Lines["north"].Minutes]);

    private static string Totals(SpaceState state)
    {
        var line = state.Lines["north"];
        var days = line.Days.OrderBy(day => day.Key).Select(day => $"{day.Key:O} {day.Value.In} {day.Value.Out} {day.Value.CountedInBoth} {day.Value.CountedOpenOnly}");
        return string.Join("; ", days.Concat(line.OpenCells.OrderBy(quarter => quarter.Key).Select(quarter => $"{quarter.Key:O} {quarter.Value.In} {quarter.Value.Out}")));
    }
}

using System.Text.Json;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;

namespace Monitoring.Domain.Tests.Spaces;

public sealed class SpaceModelTests
{
    private static readonly DateTimeOffset Noon = Square.At("2024-03-01T12:00:00Z");

    private readonly SpaceState _state = new();
    private readonly SpaceModel _model;

    public SpaceModelTests() => _model = new SpaceModel(Square.Space(), _state);

    [Fact]
    public void Passages_move_people_from_zone_to_zone()
    {
        _model.Apply(Square.Message("counter-1", Noon, Square.Count("north", Noon, 30, 5)));
        _model.Apply(Square.Message("counter-2", Noon, Square.Count("steps", Noon, 10, 2)));
        Assert.Equal((17, 8), (_state.Zones["plaza"].Estimate, _state.Zones["stage"].Estimate));
        Assert.Equal((30, 5), (Today("north").In, Today("north").Out));
    }

    [Theory, MemberData(nameof(Seeds.Many), MemberType = typeof(Seeds))]
    public void Any_order_and_any_repeat_of_a_set_of_messages_gives_the_same_totals(int seed)
    {
        var random = new Random(seed);
        var messages = Enumerable.Range(0, 300).Select(i => Square.Message("counter-1", Noon.AddMinutes(i), Square.Count("north", Noon.AddMinutes(i), random.Next(20), random.Next(20)))
            with
        { Sequence = seed % 2 == 0 ? i : null }).ToList();
        foreach (var message in messages)
            _model.Apply(message);
        var expected = Totals(_state);

        // Sent again later, in any order: within the 48 h that are remembered, a number seen before keeps its stamp.
        var again = messages.Concat(messages).Concat(messages).ToArray();
        random.Shuffle(again);
        var other = new SpaceState();
        var model = new SpaceModel(Square.Space(), other);
        foreach (var message in again)
        {
            model.Apply(message);
            if (random.Next(10) == 0)
                model.Forget(Noon.AddHours(6));
        }

        Assert.Equal(expected, Totals(other));
        Assert.Equal(_state.Zones["plaza"].Estimate, other.Zones["plaza"].Estimate);
        Assert.Equal(again.Length, other.Lines["north"].Days.Values.Sum(day => day.Counted + day.SetAside.Values.Sum()));
    }

    [Fact]
    public void An_expired_message_is_set_aside_by_line_and_day_and_says_nothing_about_its_device()
    {
        var expired = Square.Message("counter-1", Noon, Square.Count("north", Noon, 30, 5), Square.Count("north", Noon.AddMinutes(1), 3, 0)).Expire(Square.Space().TimeZone);
        Assert.DoesNotContain("30", System.Text.Encoding.UTF8.GetString(expired.ToBytes()).Replace("2024-03-01", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var fates = _model.Apply(AcceptedMessage.FromBytes(expired.ToBytes()));
        Assert.Equal(2, fates[SetAside.Expired]);
        Assert.Equal((0, 0, 0, 2), (Today("north").In, Today("north").Out, Today("north").Counted, Today("north").SetAside[SetAside.Expired]));
        Assert.Empty(_state.Devices);
        Assert.Empty(_state.Alarms.Conditions);
    }

    [Fact]
    public void A_space_keeps_to_the_limits_of_the_memory_of_repeats()
    {
        var model = new SpaceModel(Square.Space(), _state, repeats: new RepeatLimits(IntervalsMax: 64, NumbersMax: 16));
        for (var i = 0; i < 65; i++)
            model.Apply(Square.Message("counter-1", Noon.AddMinutes(5 * i), Square.Count("north", Noon.AddMinutes(5 * i), 1, 0)) with { Sequence = 2 * i });
        Assert.Equal((64, 1), (_state.Lines["north"].Counted.Ranges.Count, _state.Lines["north"].Counted.Forgotten));
        Assert.Equal((16, 49), (_state.Devices["counter-1"].Sequences.Ranges.Count, _state.Devices["counter-1"].Sequences.Forgotten));
        Assert.Equal(65, _state.Lines["north"].Days.Values.Sum(day => day.In));
    }

    [Fact]
    public void A_retained_reading_is_set_aside_and_does_not_live()
    {
        var fates = _model.Apply(Square.Message("counter-1", Noon, Square.Count("north", Noon, 3, 1)) with { Retained = true });
        Assert.Equal(1, fates[SetAside.Retained]);
        Assert.Equal((0, 1), (Today("north").In, Today("north").SetAside[SetAside.Retained]));
        _model.Apply(Square.Message("counter-1", Noon) with { Retained = true });
        Assert.Null(_state.Devices["counter-1"].HeartbeatAt);
    }

    [Fact]
    public void A_number_seen_before_is_a_repeat_even_when_values_and_interval_differ()
    {
        _model.Apply(Square.Message("counter-1", Noon, Square.Count("north", Noon, 3, 1)) with { Sequence = 9 });
        var fates = _model.Apply(Square.Message("counter-1", Noon.AddMinutes(-5), Square.Count("north", Noon.AddMinutes(-5), 4, 1)) with { Sequence = 9 });
        Assert.Equal(1, fates[SetAside.Duplicate]);
        Assert.Equal(3, Today("north").In);
    }

    [Fact]
    public void What_the_site_does_not_have_is_set_aside_by_reason()
    {
        Assert.Equal(1, _model.Apply(Square.Message("gone", Noon, Square.Count("north", Noon, 3, 1)))[SetAside.NotInSite]);
        Assert.Equal(1, _model.Apply(Square.Message("counter-1", Noon, Square.Count("south", Noon, 3, 1)))[SetAside.NotInSite]);
        Assert.Equal(1, _model.Apply(Square.Message("camera", Noon, Square.Count("stage", Noon, 3, 1)))[SetAside.NotInSite]);
        Assert.Equal(1, _model.Apply(Square.Message("counter-1", Noon, new OccupancyReading("north", Noon, 5)))[SetAside.NotInSite]);
        Assert.Equal(4, _state.SetAsideElsewhere[SetAside.NotInSite]);
        Assert.False(_state.Devices.ContainsKey("gone"));
    }

    [Fact]
    public void A_device_for_statistics_changes_nothing_that_the_control_room_sees()
    {
        var fates = _model.Apply(Square.Message("spare", Noon, new OccupancyReading("plaza", Noon, 150)));
        Assert.Equal(1, fates[SetAside.Purpose]);
        _model.Apply(Square.Message("spare", Noon));
        var snapshot = new SpaceView(_model.Space, _state).At(Noon, ClockKind.Wall);
        Assert.Null(snapshot.People);
        Assert.Equal(new Coverage(0, 3), snapshot.Coverage);
        Assert.Equal(new Coverage(0, 2), snapshot.Zones[0].Coverage);
    }

    [Fact]
    public void A_cumulative_counter_counts_from_its_second_reading()
    {
        Assert.Equal(1, _model.Apply(Square.Message("counter-1", Noon, new TotalReading("north", Noon, 500, 400, null)))[SetAside.Baseline]);
        Assert.Empty(_model.Apply(Square.Message("counter-1", Noon.AddMinutes(1), new TotalReading("north", Noon.AddMinutes(1), 507, 402, null))));
        Assert.Equal(1, _model.Apply(Square.Message("counter-1", Noon.AddMinutes(1), new TotalReading("north", Noon.AddMinutes(1), 507, 402, null)))[SetAside.Duplicate]);
        Assert.Equal((7, 2, 1), (Today("north").In, Today("north").Out, Today("north").Counted));
    }

    [Fact]
    public void A_density_anchors_a_zone_by_its_area()
    {
        _model.Apply(Square.Message("camera", Noon, new DensityReading("stage", Noon, 1.5)));
        Assert.Equal(75, _state.Zones["stage"].Estimate);
        Assert.Equal(1, _model.Apply(Square.Message("camera", Noon, new DensityReading("stage", Noon, 3)))[SetAside.Duplicate]);
        Assert.Equal(75, _state.Zones["stage"].Estimate);
    }

    [Theory, MemberData(nameof(Seeds.Many), MemberType = typeof(Seeds))]
    public void Each_accepted_reading_over_a_line_has_exactly_one_fate(int seed)
    {
        var random = new Random(seed);
        var (accepted, aside) = (0, 0);
        for (var i = 0; i < 400; i++)
        {
            var at = Noon.AddMinutes(random.Next(-4_000, 600));
            Reading[] readings = [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(3) == 0
                ? (Reading)new TotalReading("north", at, random.Next(5_000), random.Next(5_000), 65_536)
                : Square.Count("north", at, random.Next(9), random.Next(9), random.Next(3) * 30))];
            accepted += readings.Length;
            aside += _model.Apply(Square.Message("counter-1", at, readings) with { Retained = random.Next(10) == 0, Sequence = random.Next(2) == 0 ? random.Next(100) : null }).Values.Sum();
        }

        var days = _state.Lines["north"].Days.Values;
        Assert.Equal(accepted, days.Sum(day => day.Counted + day.SetAside.Values.Sum()));
        Assert.Equal(aside, days.Sum(day => day.SetAside.Values.Sum()));
        Assert.Empty(_state.SetAsideElsewhere);
    }

    [Fact]
    public void The_state_is_the_same_after_it_was_saved_and_read()
    {
        _model.Apply(Square.Message("counter-1", Noon, Square.Count("north", Noon, 3, 1)) with { Sequence = 5 });
        _model.Apply(Square.Message("counter-1", Noon.AddMinutes(1), new TotalReading("north", Noon.AddMinutes(1), 3, 1, null)));
        _model.Apply(Square.Message("camera", Noon, new OccupancyReading("stage", Noon, 5)));
        _model.Apply(Square.Message("bollard", Noon, new PositionReading("b1", Noon, ElementPosition.Raised), new HealthReading("", Noon, new Dictionary<string, double> { ["batteryPercent"] = 4 })));
        _model.Apply(Square.Message("gone", Noon, Square.Count("north", Noon, 3, 1)));
        _model.Apply(Square.Message("counter-1", Noon));
        _state.MoveCursor(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), 42);
        new SpaceView(_model.Space, _state).At(Noon, ClockKind.Wall);
        _model.Forget(Noon);
        var text = JsonSerializer.Serialize(_state);
        var read = JsonSerializer.Deserialize<SpaceState>(text)!;
        Assert.Equal(text, JsonSerializer.Serialize(read));
        Assert.Equal(1, new SpaceModel(_model.Space, read).Apply(Square.Message("counter-1", Noon, Square.Count("north", Noon, 3, 1)))[SetAside.Duplicate]);
    }

    [Fact]
    public void Cursors_move_per_journal_and_the_longest_unused_is_forgotten()
    {
        for (var i = 1; i <= SpaceState.JournalsMax; i++)
            _state.MoveCursor(Journal(i), i);
        _state.MoveCursor(Journal(1), 100);
        _state.MoveCursor(Journal(99), 1);
        Assert.Equal(SpaceState.JournalsMax, _state.Cursors.Count);
        Assert.Equal(100, _state.CursorOf(Journal(1)));
        Assert.False(_state.Knows(Journal(2)));
        Assert.Equal(0, _state.CursorOf(Journal(2)));
    }

    private static Guid Journal(int i) => new(i, 0, 0, new byte[8]);

    private DayTally Today(string line) => _state.Lines[line].Day(LineState.LocalDay(Noon, Square.Zurich));

    private static string Totals(SpaceState state) =>
        string.Join("; ", state.Lines["north"].Days.OrderBy(day => day.Key).Select(day => $"{day.Key:O} {day.Value.In} {day.Value.Out} {day.Value.Counted}"));
}

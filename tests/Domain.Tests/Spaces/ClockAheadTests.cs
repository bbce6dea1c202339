using Monitoring.Domain.Alarms;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;

namespace Monitoring.Domain.Tests.Spaces;

/// <summary>A device whose clock is ahead, but believed: its totals fall where it says, and nothing that is shown lies in the future or outlives it.</summary>
public sealed class ClockAheadTests
{
    private static readonly DateTimeOffset Noon = Square.At("2024-03-01T12:00:00Z");

    private readonly SpaceState _state = new();
    private readonly SpaceModel _model;
    private readonly SpaceView _view;

    public ClockAheadTests()
    {
        _model = new SpaceModel(
            Square.Space() with
            {
                Thresholds =
                [
                    new(AlarmRule.Density, "stage", 2, 1.7, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), 1),
                    new(AlarmRule.Flow, null, 30, 24, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60), 2),
                ],
            },
            _state);
        _view = new SpaceView(_model.Space, _state);
    }

    public static TheoryData<int> Leads => [0, 1, 10, 11, 300, 3_600];

    [Theory, MemberData(nameof(Leads))]
    public void It_is_alive_for_as_long_as_one_whose_clock_is_right_and_never_of_negative_age(int lead)
    {
        Apply("counter-1", Noon, lead);
        Apply("camera", Noon, lead, new OccupancyReading("stage", Noon, 5));
        foreach (var seconds in (int[])[0, 59, 60])
            Assert.Equal((2, seconds), (_view.At(Noon.AddSeconds(seconds), ClockKind.Wall).Coverage.Alive, _view.At(Noon.AddSeconds(seconds), ClockKind.Wall).AgeSeconds!.Value));
        Assert.Equal(1, _view.At(Noon.AddSeconds(61), ClockKind.Wall).Coverage.Alive);
        Assert.Equal((1, 120d), (_view.At(Noon.AddSeconds(120), ClockKind.Wall).Coverage.Alive, _view.At(Noon.AddSeconds(120), ClockKind.Wall).AgeSeconds));
        Assert.Equal(0, _view.At(Noon.AddSeconds(121), ClockKind.Wall).Coverage.Alive);
        Assert.All(new EquipmentView(_model.Space, _state).At(Noon), device => Assert.True((device.HeartbeatAt ?? Noon) <= Noon && (device.MeasurementAt ?? Noon) <= Noon));
    }

    [Theory, MemberData(nameof(Leads))]
    public void A_position_reported_after_the_clock_was_put_right_is_the_one_shown(int lead)
    {
        Apply("bollard", Noon, lead, new PositionReading("b1", Noon, ElementPosition.Raised));
        Apply("bollard", Noon.AddSeconds(2), 0, new PositionReading("b1", Noon.AddSeconds(2), ElementPosition.Lowered));
        Assert.Equal(ElementPosition.Lowered, _view.At(Noon.AddSeconds(2), ClockKind.Wall).BarrierLines[0].Elements[0].Position);
    }

    [Theory, MemberData(nameof(Leads))]
    public void A_flow_does_not_stand_still_after_the_clock_was_put_right(int lead)
    {
        Apply("counter-1", Noon, lead, Square.Count("north", Noon, 50, 0));
        Apply("counter-1", Noon, lead);
        Assert.Equal(50, Flow(Noon));
        var next = Noon.AddSeconds(70);
        Apply("counter-1", next, 0, Square.Count("north", next, 20, 0));
        Apply("counter-1", next, 0);
        Assert.Equal(20, Flow(next));
        Apply("counter-1", next.AddSeconds(60), 0);
        Assert.Equal(0, Flow(next.AddSeconds(60)));
    }

    [Theory, MemberData(nameof(Leads))]
    public void A_head_count_after_the_clock_was_put_right_is_taken(int lead)
    {
        Apply("camera", Noon, lead, new OccupancyReading("stage", Noon, 90));
        Apply("camera", Noon.AddSeconds(30), 0, new OccupancyReading("stage", Noon.AddSeconds(30), 20));
        Assert.Equal(20, _state.Zones["stage"].Estimate);
    }

    [Theory, MemberData(nameof(Leads))]
    public void Its_alarms_move_as_those_of_a_clock_that_is_right_and_not_in_the_future(int lead)
    {
        for (var second = 0; second <= 300; second += 30)
        {
            var now = Noon.AddSeconds(second);
            Apply("camera", now, lead, new OccupancyReading("stage", now, second < 150 ? 200 : 0));
            if (second % 60 == 0)
                Apply("counter-1", now, lead, Square.Count("north", now, second < 150 ? 300 : 0, 0));
            Assert.All(_state.Alarms.Open.SelectMany(alarm => alarm.Transitions), step => Assert.True(step.At <= now));
        }

        Assert.Equal(2, _state.Alarms.Open.Count);
        Assert.All(_state.Alarms.Open, alarm => Assert.Equal(AlarmState.Returned, alarm.State));
        Assert.Equal([60, 210], _state.Alarms.Open.Single(alarm => alarm.Rule == AlarmRule.Density).Transitions.Select(step => (step.At - Noon).TotalSeconds));
    }

    [Fact]
    public void Its_totals_and_its_repeats_go_by_its_own_stamps()
    {
        var before = Square.At("2024-03-01T22:56:30Z");
        Apply("counter-1", before, 300, Square.Count("north", before, 7, 0));
        Apply("counter-1", before.AddSeconds(5), 295, Square.Count("north", before.AddSeconds(5), 7, 0));
        var line = _state.Lines["north"];
        Assert.Equal((7, 1), (line.Day(new DateOnly(2024, 3, 2)).In, line.Day(new DateOnly(2024, 3, 2)).SetAside[SetAside.Duplicate]));
        Assert.Equal([Square.At("2024-03-01T23:00:00Z")], line.OpenCells.Keys);
    }

    [Fact]
    public void On_a_replay_the_stamps_are_the_time_and_nothing_is_moved()
    {
        var model = new SpaceModel(_model.Space, _state, ClockKind.Replay);
        var time = Noon.AddHours(3);
        model.Apply(Square.Message("camera", time, new OccupancyReading("stage", time, 5)) with { ArrivedAt = Noon });
        Assert.True(_state.Devices["camera"].IsAlive("stage", TimeSpan.FromSeconds(30), time.AddSeconds(60)));
        Assert.Equal(time, _state.Zones["stage"].AnchoredAt);
    }

    [Fact]
    public void Stamps_at_the_beginning_of_time_beside_one_that_is_ahead_are_survived()
    {
        var fates = _model.Apply(Square.Message("counter-1", Noon.AddMinutes(5), new CountReading("north", DateTimeOffset.MinValue.AddHours(1), 1, 0, DateTimeOffset.MinValue)) with { ArrivedAt = Noon });
        Assert.Equal(1, fates[SetAside.Late]);
    }

    /// <summary>Through the form in which the journal keeps it: the event's time places the passages, the arrival says what is alive and how old the picture is.</summary>
    [Fact]
    public void Both_times_reach_the_space()
    {
        var time = Square.At("2024-03-01T22:58:00Z");
        var arrival = Square.At("2024-03-01T23:05:00Z");
        var message = Square.Message("counter-1", time, Square.Count("north", time, 7, 0)) with { ArrivedAt = arrival };
        _model.Apply(AcceptedMessage.FromBytes(message.ToBytes()));
        Assert.Equal(7, _state.Lines["north"].Day(new DateOnly(2024, 3, 1)).In);
        Assert.Equal([Square.At("2024-03-01T22:45:00Z")], _state.Lines["north"].OpenCells.Keys);
        Assert.Equal(1, _state.Lines["north"].Day(new DateOnly(2024, 3, 1)).CountedOpenOnly);
        Assert.Equal((arrival, arrival), (_state.ReceivedAt, _state.Devices["counter-1"].LinkAt));
        Assert.Equal(time, _state.Devices["counter-1"].MeasurementAt);
    }

    [Fact]
    public void A_row_of_before_arrivals_were_kept_lives_by_its_heartbeat()
    {
        var memory = new DeviceState { HeartbeatAt = Noon };
        Assert.True(memory.IsAlive("north", TimeSpan.FromSeconds(60), Noon.AddSeconds(120)));
    }

    private double? Flow(DateTimeOffset now) => _view.At(now, ClockKind.Wall).Lines[0].FlowPerMinute;

    private void Apply(string device, DateTimeOffset now, int lead, params Reading[] readings) =>
        _model.Apply(Square.Message(device, now.AddSeconds(lead), [.. readings.Select(reading => Ahead(reading, lead))]) with { ArrivedAt = now });

    private static Reading Ahead(Reading reading, int lead) => reading is CountReading count
        ? count with { Time = count.Time.AddSeconds(lead), From = count.From?.AddSeconds(lead) }
        : reading with { Time = reading.Time.AddSeconds(lead) };
}

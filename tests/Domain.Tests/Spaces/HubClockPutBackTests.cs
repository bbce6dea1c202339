using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;

namespace Monitoring.Domain.Tests.Spaces;

/// <summary>The hub's clock is 26 hours ahead for a time, while equipment without a clock of its own reports; then it is put right.</summary>
public sealed class HubClockPutBackTests
{
    private static readonly DateTimeOffset Noon = Square.At("2024-03-01T12:00:00Z");
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(26);

    private readonly SpaceState _state = new();
    private readonly SpaceModel _model;
    private readonly SpaceView _view;

    public HubClockPutBackTests()
    {
        _model = new SpaceModel(Square.Space(), _state);
        _view = new SpaceView(_model.Space, _state);
        foreach (var at in (DateTimeOffset[])[Noon, Noon + Ahead + TimeSpan.FromMinutes(1), Noon + Ahead + TimeSpan.FromMinutes(2)])
        {
            Hear("camera", at, new OccupancyReading("stage", at, 90));
            Hear("counter-1", at, Square.Count("north", at, 50, 0));
            Hear("counter-1", at);
            Hear("bollard", at, new PositionReading("b1", at, ElementPosition.Lowered));
            Assert.Equal(50, Look(at).Lines[0].FlowPerMinute);
        }
    }

    public static TheoryData<int> Later => [0, 1, 60, 121, 3_600, 26 * 3_600 - 180, 26 * 3_600, 27 * 3_600];

    [Theory, MemberData(nameof(Later))]
    public void What_is_silent_since_is_not_alive_then_or_when_the_time_comes_to_which_the_clock_had_been(int seconds)
    {
        Look(Right);
        var snapshot = Look(Right.AddSeconds(seconds));
        Assert.Equal((0, null, null), (snapshot.Coverage.Alive, snapshot.People, snapshot.Lines[0].FlowPerMinute));
        Assert.Equal([QualityReason.SourcesSilent], snapshot.Lines[0].Reasons);
        Assert.Equal(ElementPosition.Unknown, snapshot.BarrierLines[0].Elements[0].Position);
        foreach (var device in new EquipmentView(_model.Space, _state).At(Right.AddSeconds(seconds)).Where(device => device.Id is "camera" or "counter-1" or "bollard"))
            Assert.Equal((DeviceCondition.Silent, Right), (device.State, device.LinkAt));
    }

    [Fact]
    public void What_reports_again_and_falls_silent_is_alive_for_twice_its_interval()
    {
        Hear("camera", Right, new OccupancyReading("stage", Right, 20));
        Assert.Equal((1, 1), (Stage(Right).Alive, Stage(Right.AddSeconds(60)).Alive));
        Assert.Equal(0, Stage(Right.AddSeconds(61)).Alive);
    }

    [Fact]
    public void The_next_head_count_is_taken()
    {
        Hear("camera", Right, new OccupancyReading("stage", Right, 20));
        Assert.Equal((20, Right), (_state.Zones["stage"].Estimate, _state.Zones["stage"].AnchoredAt));
        Assert.DoesNotContain(SetAside.Duplicate, _state.SetAsideElsewhere.Keys);
    }

    [Fact]
    public void The_flow_is_that_of_the_newest_interval_then_and_when_the_time_comes_to_which_the_clock_had_been()
    {
        foreach (var at in (DateTimeOffset[])[Right.AddMinutes(1), Noon + Ahead + TimeSpan.FromMinutes(1), Noon + Ahead + TimeSpan.FromMinutes(2)])
        {
            Hear("counter-1", at, Square.Count("north", at, 20, 0));
            Hear("counter-1", at);
            Assert.Equal(20, Look(at).Lines[0].FlowPerMinute);
        }

        Assert.DoesNotContain(SetAside.Duplicate, _state.Lines["north"].Days.Values.SelectMany(day => day.SetAside.Keys));
    }

    [Fact]
    public void A_counter_that_only_grows_counts_what_came_since_its_last_reading()
    {
        var ahead = Noon + Ahead + TimeSpan.FromMinutes(2);
        Hear("counter-2", ahead, new TotalReading("steps", ahead, 100, 40, null));
        Look(Right);
        Hear("counter-2", Right.AddMinutes(1), new TotalReading("steps", Right.AddMinutes(1), 107, 40, null));
        Assert.Equal((7, 0), (Look(Right.AddMinutes(1)).Lines[1].Day.In, Look(Right.AddMinutes(1)).Lines[1].Day.Out));
    }

    [Fact]
    public void After_a_step_of_many_days_counts_are_not_late()
    {
        Hear("counter-1", Noon.AddDays(9), Square.Count("north", Noon.AddDays(9), 5, 0));
        Look(Right);
        Hear("counter-1", Right.AddMinutes(1), Square.Count("north", Right.AddMinutes(1), 6, 0));
        Assert.DoesNotContain(SetAside.Late, _state.Lines["north"].Days.Values.SelectMany(day => day.SetAside.Keys));
    }

    [Fact]
    public void Clocks_of_the_hubs_machines_that_differ_a_little_change_nothing()
    {
        var newest = _state.ReceivedAt!.Value;
        Assert.False(_model.NoteClock(newest - SpaceModel.PutBackMin));
        Assert.Equal(newest, _state.Devices["counter-1"].HeartbeatHeardAt);
        Assert.True(_model.NoteClock(newest - SpaceModel.PutBackMin - TimeSpan.FromTicks(1)));
        Assert.Null(_state.Devices["counter-1"].HeartbeatHeardAt);
    }

    [Fact]
    public void A_replays_clock_was_never_put_back() =>
        Assert.False(new SpaceModel(_model.Space, _state, ClockKind.Replay).NoteClock(Noon));

    private static DateTimeOffset Right => Noon.AddMinutes(3);

    private Coverage Stage(DateTimeOffset now) => new(_state.Devices["camera"].IsAlive("stage", TimeSpan.FromSeconds(30), now) ? 1 : 0, 1);

    private SpaceSnapshot Look(DateTimeOffset now)
    {
        _model.NoteClock(now);
        return _view.At(now, ClockKind.Wall);
    }

    private void Hear(string device, DateTimeOffset now, params Reading[] readings)
    {
        _model.NoteClock(now);
        _model.Apply(Square.Message(device, now, readings) with { TimeFromDevice = false });
    }
}

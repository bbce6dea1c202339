using System.Text;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;

namespace Monitoring.Domain.Tests.Spaces;

public sealed class EquipmentViewTests
{
    private static readonly DateTimeOffset Noon = Square.At("2024-03-01T12:00:00Z");

    private readonly SpaceState _state = new();
    private readonly SpaceModel _model;

    public EquipmentViewTests() => _model = new SpaceModel(Square.Space(), _state);

    [Fact]
    public void Every_device_of_the_site_is_listed_and_starts_as_never_heard()
    {
        var all = new EquipmentView(_model.Space, _state).At(Noon);
        Assert.Equal(["counter-1", "counter-2", "camera", "spare", "bollard"], all.Select(device => device.Id));
        Assert.All(all, device => Assert.Equal((DeviceCondition.NeverHeard, "never-heard"), (device.State, device.Reasons.Single())));
    }

    [Fact]
    public void Three_clocks_are_kept_apart()
    {
        _model.Apply(Square.Message("counter-1", Noon) with { ArrivedAt = Noon.AddSeconds(2) });
        var reading = Noon.AddSeconds(-20);
        _model.Apply(Square.Message("counter-1", reading, Square.Count("north", reading, 1, 0)) with { ArrivedAt = Noon.AddSeconds(3) });
        var status = Of("counter-1", Noon);
        // The count's arrival does not move the link clock: technicians see it, and it would tell when somebody passed.
        Assert.Equal((Noon.AddSeconds(2), Noon, reading), (status.LinkAt, status.HeartbeatAt, status.MeasurementAt));
        Assert.Equal(DeviceCondition.Ok, status.State);
    }

    [Fact]
    public void An_occupancy_moves_the_link_clock_to_the_beginning_of_its_interval_only()
    {
        _model.Apply(Square.Message("camera", Noon));
        foreach (var second in new[] { 31, 42, 59 })
        {
            var at = Noon.AddSeconds(second);
            _model.Apply(Square.Message("camera", at, new OccupancyReading("stage", at, second)));
            Assert.Equal(Noon.AddSeconds(30), Of("camera", at).LinkAt);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_head_count_that_comes_when_somebody_does_is_in_nothing_that_is_kept_nor_in_what_technicians_see_of_measuring(bool onChange)
    {
        var space = Square.Space();
        space = space with { Devices = [.. space.Devices.Select(device => device with { Channels = [.. device.Channels.Select(channel => channel with { OnChange = onChange && channel.Name == "stage" })] })] };
        var model = new SpaceModel(space, _state);
        model.Apply(Square.Message("camera", Noon.AddHours(-1)));
        // Somebody comes at noon.
        model.Apply(Square.Message("camera", Noon, new OccupancyReading("stage", Noon, 1)) with { Watermark = null });
        var status = new EquipmentView(space, _state).At(Noon.AddSeconds(5)).Single(device => device.Id == "camera");
        Assert.Equal(onChange ? (DeviceCondition.Silent, Noon.AddHours(-1), null) : (DeviceCondition.Ok, Noon, "fresh"), (status.Kept!.State, status.Kept.SignAt, status.Measurement));
    }

    [Fact]
    public void A_count_alone_does_not_move_what_is_told_of_a_clock()
    {
        _model.Apply(Square.Message("counter-1", Noon) with { TimeFromDevice = false });
        _model.Apply(Square.Message("counter-1", Noon.AddSeconds(1), Square.Count("north", Noon, 1, 0)) with { TimeFromDevice = false, ClockFaulty = true });
        Assert.Empty(Of("counter-1", Noon).Reasons);
        _model.Apply(Square.Message("counter-1", Noon.AddSeconds(2)) with { TimeFromDevice = false });
        Assert.Equal(["clock-faulty"], Of("counter-1", Noon).Reasons);
        // A heartbeat without a stamp says nothing about the clock; one with a good stamp does.
        _model.Apply(Square.Message("counter-1", Noon.AddSeconds(3)) with { TimeFromDevice = false });
        Assert.Equal(["clock-faulty"], Of("counter-1", Noon).Reasons);
        _model.Apply(Square.Message("counter-1", Noon.AddSeconds(4)) with { TimeFromDevice = true });
        Assert.Empty(Of("counter-1", Noon).Reasons);
    }

    [Fact]
    public void Silence_begins_after_twice_the_interval()
    {
        _model.Apply(Square.Message("counter-1", Noon));
        Assert.Equal(DeviceCondition.Ok, Of("counter-1", Noon.AddSeconds(120)).State);
        Assert.Equal((DeviceCondition.Silent, "silent"), (Of("counter-1", Noon.AddSeconds(121)).State, Of("counter-1", Noon.AddSeconds(121)).Reasons.Single()));
    }

    [Fact]
    public void A_health_value_that_rides_with_counts_is_shown_and_keeps_nothing_alive()
    {
        _model.Apply(Square.Message("counter-1", Noon));
        var at = Noon.AddSeconds(90);
        var battery = new HealthReading("", at, new Dictionary<string, double> { ["batteryPercent"] = 61 });
        _model.Apply(Square.Message("counter-1", at, Square.Count("north", at, 1, 0), battery));
        Assert.Equal((DeviceCondition.Silent, 61.0), (Of("counter-1", Noon.AddSeconds(121)).State, Of("counter-1", Noon.AddSeconds(121)).BatteryPercent));
        // The same message on a timer vouches, and one of its own is a sign of life.
        _model.Apply(Square.Message("counter-2", at, Square.Count("steps", at, 1, 0), battery) with { Watermark = at });
        _model.Apply(Square.Message("counter-1", at, battery));
        Assert.All(["counter-1", "counter-2"], id => Assert.NotEqual(DeviceCondition.Silent, Of(id, Noon.AddSeconds(121)).State));
    }

    [Fact]
    public void When_a_counter_last_counted_is_not_told_but_a_camera_can_be_overdue()
    {
        _model.Apply(Square.Message("counter-1", Noon, Square.Count("north", Noon, 1, 0)));
        Assert.Null(Of("counter-1", Noon).Measurement);
        Assert.Equal("overdue", Of("camera", Noon).Measurement);
        _model.Apply(Square.Message("camera", Noon, new OccupancyReading("stage", Noon, 1)));
        Assert.Equal("fresh", Of("camera", Noon.AddSeconds(60)).Measurement);
        Assert.Equal("overdue", Of("camera", Noon.AddSeconds(61)).Measurement);
    }

    [Theory]
    [InlineData(15, DeviceCondition.Degraded)]
    [InlineData(15.1, DeviceCondition.Ok)]
    public void A_low_battery_needs_a_person(double percent, DeviceCondition expected)
    {
        _model.Apply(Square.Message("counter-1", Noon));
        _model.Apply(Square.Message("counter-1", Noon, new HealthReading("", Noon, new Dictionary<string, double> { ["batteryPercent"] = percent })));
        Assert.Equal((expected, percent), (Of("counter-1", Noon).State, Of("counter-1", Noon).BatteryPercent));
    }

    [Fact]
    public void One_silent_channel_a_fault_and_a_wrong_clock_are_reasons()
    {
        _model.Apply(Square.Message("bollard", Noon, new PositionReading("b1", Noon, ElementPosition.Fault)) with { ClockFaulty = true });
        Assert.Equal(["channel-silent", "clock-faulty", "fault"], Of("bollard", Noon).Reasons);
        Assert.Equal(DeviceCondition.Degraded, Of("bollard", Noon).State);
    }

    [Fact]
    public void The_list_reads_back_and_uses_the_names_of_site_and_messages()
    {
        _model.Apply(Square.Message("bollard", Noon, new PositionReading("b1", Noon, ElementPosition.Raised)));
        var bytes = DeviceStatus.ToBytes(new EquipmentView(_model.Space, _state).At(Noon));
        Assert.Equal(bytes, DeviceStatus.ToBytes(DeviceStatus.FromBytes(bytes)));
        var json = Encoding.UTF8.GetString(bytes);
        foreach (var part in (string[])["\"kind\":\"counting-camera\"", "\"purpose\":\"statistics\"", "\"b1\":\"raised\"", "\"state\":\"never-heard\"", "\"linkAt\":null"])
            Assert.Contains(part, json, StringComparison.Ordinal);
    }

    private DeviceStatus Of(string id, DateTimeOffset now) => new EquipmentView(_model.Space, _state).At(now).Single(device => device.Id == id);
}

using System.Text.Json;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Privacy;
using Monitoring.Domain.Spaces;

namespace Monitoring.Domain.Tests.Privacy;

/// <summary>A device of purpose statistics feeds releases and is not there for the control room.</summary>
public sealed class StatisticsDeviceTests
{
    private static readonly DateTimeOffset Noon = Square.At("2024-03-01T12:00:00Z");

    private static readonly PublicSpace Space = Square.Space() with
    {
        Devices = [.. Square.Space().Devices.Select(device => device.Id == "counter-1" ? device with { Purpose = DevicePurpose.Statistics } : device)],
        Thresholds = [new("flow", null, 30, 24, TimeSpan.FromSeconds(0), TimeSpan.FromSeconds(0), 2)],
    };

    private readonly SpaceState _state = new();

    [Fact]
    public void It_counts_in_the_cell_of_its_line_and_nowhere_else()
    {
        var model = new SpaceModel(Space, _state, cells: new Hours());
        var before = Snapshot();
        for (var minute = 0; minute < 30; minute++)
        {
            var time = Noon.AddMinutes(minute);
            Assert.Empty(model.Apply(Square.Message("counter-1", time, Square.Count("north", time, 4_861, 17, 60))));
            Assert.Empty(model.Moved);
        }

        Assert.Equal(before, Snapshot());
        Assert.Equal((30 * 4_861, 30 * 17), (_state.Lines["north"].OpenCells.Values.Sum(cell => cell.In), _state.Lines["north"].OpenCells.Values.Sum(cell => cell.Out)));
        var day = _state.Lines["north"].Days.Values.Single();
        Assert.Equal((0, 0, 30, 30), (day.In, day.Out, day.Accepted, day.CountedOpenOnly));
        Assert.DoesNotContain(_state.Zones, zone => zone.Value.Estimate != 0);
        Assert.Null(_state.Devices["counter-1"].MeasurementAt);
    }

    [Fact]
    public void A_counter_that_only_grows_does_the_same()
    {
        var model = new SpaceModel(Space, _state, cells: new Hours());
        Assert.Equal(1, model.Apply(Square.Message("counter-1", Noon, new TotalReading("north", Noon, 100, 50, null)))[SetAside.Baseline]);
        Assert.Empty(model.Apply(Square.Message("counter-1", Noon.AddMinutes(5), new TotalReading("north", Noon.AddMinutes(5), 130, 51, null))));
        Assert.Equal((30, 1), (_state.Lines["north"].OpenCells[Noon].In, _state.Lines["north"].OpenCells[Noon].Out));
        Assert.Equal(0, _state.Lines["north"].Day(new DateOnly(2024, 3, 1)).In);
    }

    [Fact]
    public void A_head_count_of_its_zone_is_sampled_in_its_cell_and_anchors_nothing()
    {
        var model = new SpaceModel(Space, _state, cells: new Hours());
        for (var minute = 0; minute < 3; minute++)
            Assert.Empty(model.Apply(Square.Message("spare", Noon.AddMinutes(minute), new OccupancyReading("plaza", Noon.AddMinutes(minute), 40))));
        Assert.Equal((120L, 3), (_state.Zones["plaza"].Presence.Open[Noon].PersonMinutes, _state.Zones["plaza"].Presence.Open[Noon].Minutes));
        Assert.Equal((0d, null), (_state.Zones["plaza"].Estimate, _state.Zones["plaza"].AnchoredAt));
        Assert.Equal(1, new SpaceModel(Space, _state).Apply(Square.Message("spare", Noon, new OccupancyReading("plaza", Noon, 40)))[SetAside.Purpose]);
    }

    [Fact]
    public void A_head_count_that_is_too_late_for_the_screen_is_sampled_all_the_same()
    {
        var model = new SpaceModel(Space, _state, cells: new Hours());
        var late = Square.Message("camera", Noon, new OccupancyReading("stage", Noon, 8)) with { ArrivedAt = Noon.AddHours(1) };
        Assert.Empty(model.Apply(late));
        Assert.Equal(8, _state.Zones["stage"].Presence.Open[Noon].PersonMinutes);
        Assert.Null(_state.Zones["stage"].AnchoredAt);
        Assert.Equal(1, model.Apply(late)[SetAside.Late]);
    }

    [Fact]
    public void Where_nothing_is_released_its_readings_are_set_aside()
    {
        var model = new SpaceModel(Space, _state);
        Assert.Equal(1, model.Apply(Square.Message("counter-1", Noon, Square.Count("north", Noon, 30, 0, 60)))[SetAside.Purpose]);
        Assert.Empty(_state.Lines["north"].OpenCells);
        Assert.Equal((1, 0), (_state.Lines["north"].Days.Values.Single().Accepted, _state.Lines["north"].Days.Values.Single().In));
    }

    [Fact]
    public void Its_line_is_not_on_the_screen_and_the_others_are()
    {
        var shown = new SpaceView(Space, _state).At(Noon, ClockKind.Wall);
        Assert.Equal(["steps"], shown.Lines.Select(line => line.Id));
        Assert.DoesNotContain(shown.Thresholds, threshold => threshold.Subject == "north");
        Assert.Contains("north", new SpaceView(Square.Space(), _state).At(Noon, ClockKind.Wall).Lines.Select(line => line.Id));
    }

    [Fact]
    public void Its_heartbeats_are_coverage_and_a_sign_of_life()
    {
        var model = new SpaceModel(Space, _state, cells: new Hours());
        for (var minute = 0; minute <= 60; minute++)
            model.Apply(Square.Message("counter-1", Noon.AddMinutes(minute)));
        Assert.True(_state.Devices["counter-1"].Heard.Covers(Noon, Noon.AddHours(1)));
        Assert.Equal(DeviceCondition.Ok, new EquipmentView(Space, _state).At(Noon.AddHours(1)).Single(device => device.Id == "counter-1").State);
    }

    private string Snapshot() => JsonSerializer.Serialize(new SpaceView(Space, _state).At(Noon, ClockKind.Replay) with { ReceivedAt = null });

}

/// <summary>Every hour of every line and zone is released.</summary>
internal sealed class Hours : ICellPlan
{
    public DateTimeOffset? CellOf(string line, DateTimeOffset instant) => new DateTimeOffset(instant.UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero);

    public DateTimeOffset? PresenceCellOf(string zone, string device, DateTimeOffset instant) => CellOf(zone, instant);
}

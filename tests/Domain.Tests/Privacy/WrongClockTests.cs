using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;

namespace Monitoring.Domain.Tests.Privacy;

/// <summary>A message whose stamp is not believed counts at its arrival on the screen. In a cell of the releases it could be people of another day, sent a week late: it is in none.</summary>
public sealed class WrongClockTests
{
    private static readonly DateTimeOffset Noon = Square.At("2024-03-01T12:00:00Z");

    private readonly SpaceState _state = new();

    [Fact]
    public void Its_passages_count_in_the_total_of_the_day_and_in_no_cell()
    {
        var model = new SpaceModel(Square.Space(), _state, cells: new Hours());
        Assert.Empty(model.Apply(Wrong(Square.Message("counter-1", Noon, Square.Count("north", Noon, 40, 2)))));
        Assert.Empty(_state.Lines["north"].OpenCells);
        var day = _state.Lines["north"].Days.Values.Single();
        Assert.Equal((40, 2, 1, 1), (day.In, day.Out, day.Counted, day.CountedLiveOnly));

        Assert.Empty(model.Apply(Square.Message("counter-1", Noon.AddMinutes(2), Square.Count("north", Noon.AddMinutes(2), 3, 0))));
        Assert.Equal(3, _state.Lines["north"].OpenCells[Noon].In);
    }

    [Fact]
    public void Nor_do_its_head_counts_nor_what_serves_statistics_alone()
    {
        var model = new SpaceModel(Square.Space() with { Devices = [.. Square.Space().Devices.Select(device => device with { Purpose = DevicePurpose.Statistics })] }, _state, cells: new Hours());
        Assert.Equal(1, model.Apply(Wrong(Square.Message("counter-1", Noon, Square.Count("north", Noon, 40, 2))))[SetAside.Purpose]);
        Assert.Equal(1, model.Apply(Wrong(Square.Message("spare", Noon, new OccupancyReading("plaza", Noon, 40))))[SetAside.Purpose]);
        Assert.Empty(_state.Lines["north"].OpenCells);
        Assert.DoesNotContain(_state.Zones.Values, zone => zone.Presence.Open.Count > 0);
    }

    [Fact]
    public void Its_heartbeats_keep_the_device_alive_and_vouch_for_no_cell()
    {
        var model = new SpaceModel(Square.Space(), _state, cells: new Hours());
        model.Apply(Wrong(Square.Message("counter-1", Noon)));
        Assert.Equal(Noon, _state.Devices["counter-1"].HeartbeatAt);
        Assert.Null(_state.Devices["counter-1"].Heard.UpTo);
        model.Apply(Square.Message("counter-1", Noon.AddMinutes(1)));
        Assert.Equal(Noon.AddMinutes(1), _state.Devices["counter-1"].Heard.UpTo);
    }

    private static AcceptedMessage Wrong(AcceptedMessage message) => message with { ClockFaulty = true, TimeFromDevice = false, StampShift = TimeSpan.FromDays(7) };
}

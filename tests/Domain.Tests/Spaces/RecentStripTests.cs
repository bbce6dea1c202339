using System.Text.Json;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;

namespace Monitoring.Domain.Tests.Spaces;

/// <summary>The last two hours of a space outlast changes of the site that leave its zones and lines as they are.</summary>
public sealed class RecentStripTests
{
    private static readonly DateTimeOffset Noon = Square.At("2024-03-01T12:00:00Z");

    private readonly RecentStrip _strip = new();
    private readonly SpaceState _state = new();

    public RecentStripTests()
    {
        new SpaceModel(Square.Space(), _state).Apply(Square.Message("camera", Noon, new OccupancyReading("stage", Noon, 25)));
        Note(Square.Space(), 0);
        Assert.Equal((1, 0.5), (Steps, Density(0)));
    }

    [Fact]
    public void A_device_more_keeps_it()
    {
        var space = Square.Space();
        Note(space with { Devices = [.. space.Devices, space.Devices[2] with { Id = "camera-2" }] }, 10);
        Assert.Equal((2, 0.5), (Steps, Density(0)));
    }

    [Fact]
    public void Other_names_and_thresholds_keep_it()
    {
        var space = Square.Space();
        Note(space with { Name = "Other", Thresholds = [], Zones = [.. space.Zones.Select(zone => zone with { Name = "Other" })] }, 10);
        Assert.Equal((2, 0.5), (Steps, Density(0)));
    }

    [Fact]
    public void Other_zones_or_lines_begin_it_anew()
    {
        var space = Square.Space();
        Note(space with { Zones = [space.Zones[1], space.Zones[0]] }, 10);
        Assert.Equal(1, Steps);
        Note(space, 20);
        Assert.Equal(1, Steps);
        Note(space with { Lines = [.. space.Lines, space.Lines[0] with { Id = "south" }] }, 30);
        Assert.Equal(1, Steps);
    }

    private int Steps => Json.GetProperty("people").GetArrayLength();

    private JsonElement Json => JsonDocument.Parse(_strip.ToBytes()).RootElement;

    private double? Density(int step) =>
        Json.GetProperty("zones").EnumerateArray().Single(zone => zone.GetProperty("id").GetString() == "stage").GetProperty("density")[step].GetDouble();

    private void Note(PublicSpace space, int seconds) => _strip.Note(new SpaceView(space, _state).At(Noon.AddSeconds(seconds), ClockKind.Wall));
}

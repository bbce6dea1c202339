using System.Text.Json;
using Monitoring.Dashboard.Spaces;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;

namespace Monitoring.Host.Tests.Spaces;

/// <summary>What the plan is drawn from: places of the site only, and marks of devices at what they observe.</summary>
public sealed class PlanGeometryTests
{
    private static readonly GeoPoint[] Block = [new(5, 50), new(5.004, 50), new(5.004, 50.002), new(5, 50.002)];

    [Fact]
    public void A_counter_stands_in_the_middle_of_its_line_and_a_camera_at_the_centroid_of_its_zone()
    {
        var place = Place(Block, [new(4.999, 50), new(5.001, 50)], [Counter("gate-counter", "gate"), Camera("camera", "main")]);
        var marks = DeviceMark.Of(place);
        Assert.Equal(["gate-counter/line/gate", "camera/zone/main"], marks.Select(mark => mark.Id));
        AssertAt(5, 50, marks[0].At);
        AssertAt(5.002, 50.001, marks[1].At);
        Assert.Equal(["The gate", "The main zone"], marks.Select(mark => mark.Observes));
    }

    [Fact]
    public void The_centroid_leans_to_where_the_area_is_not_to_where_the_corners_are()
    {
        // One edge with many corners: their mean lies near it, the centroid does not.
        AssertAt(5.002, 50.001, PlanGeometry.Centroid([.. Block, new(5, 50.0015), new(5, 50.001), new(5, 50.0005)]));
        AssertAt(5.001, 50, PlanGeometry.Centroid([new(5, 50), new(5.001, 50), new(5.002, 50)]));
    }

    [Fact]
    public void Bollards_of_one_line_have_one_mark_between_them_and_a_device_that_observes_two_things_has_two()
    {
        var bollards = new Device("bollards", "Bollards", DeviceKind.Bollard, "native", DevicePurpose.Live, TimeSpan.FromMinutes(1), [new("b1", ChannelSubject.Itself, ""), new("b2", ChannelSubject.Itself, "")]);
        var both = new Device("both", "Both", DeviceKind.CountingCamera, "native", DevicePurpose.Live, TimeSpan.FromMinutes(1), [new("line", ChannelSubject.Passages, "gate"), new("zone", ChannelSubject.People, "main")]);
        var place = Place(Block, [new(5, 50), new(5.002, 50)], [bollards, both], [new("b1", "One", "bollards", "b1", [new(5, 50)]), new("b2", "Two", "bollards", "b2", [new(5.002, 50.002)]), new("stone", "Stone", null, null, [new(5.01, 50)])]);
        var marks = DeviceMark.Of(place);
        Assert.Equal(["bollards/barrier/edge", "both/line/gate", "both/zone/main"], marks.Select(mark => mark.Id));
        AssertAt(5.001, 50.001, marks[0].At);
        Assert.Equal("2 elements of Edge", marks[0].Observes);
    }

    [Fact]
    public void What_observes_nothing_with_a_place_has_no_mark_and_is_named()
    {
        var meter = new Device("meter", "Noise meter", DeviceKind.NoiseMeter, "native", DevicePurpose.Live, TimeSpan.FromMinutes(1), [new("level", ChannelSubject.Itself, "")]);
        var statistics = Camera("spare", "main") with { Purpose = DevicePurpose.Statistics };
        var place = Place(Block, [], [Counter("gate-counter", "gate"), meter, statistics]);
        Assert.Empty(DeviceMark.Of(place));
        Assert.Equal(["gate-counter", "meter"], DeviceMark.Unplaced(place).Select(device => device.Id));
        Assert.Equal("counter, observes The gate, not on the plan", DeviceMark.Words(place, "gate-counter"));
        Assert.Equal("noise meter, not on the plan", DeviceMark.Words(place, "meter"));
    }

    [Fact]
    public void Without_coordinates_there_is_no_plan_and_nothing_is_placed()
    {
        var place = Place([], [], [Counter("gate-counter", "gate"), Camera("camera", "main")]);
        Assert.False(PlanGeometry.IsThere(place));
        Assert.Empty(Features(place));
    }

    [Fact]
    public void Each_mark_is_a_point_with_a_link_to_its_device()
    {
        var device = Assert.Single(Features(Place(Block, [], [Camera("camera", "main")])), feature => Kind(feature) == "device");
        Assert.Equal("/equipment/camera", device.GetProperty("properties").GetProperty("link").GetString());
        Assert.NotEmpty(device.GetProperty("properties").GetProperty("sign").GetString()!);
        Assert.Equal("Point", device.GetProperty("geometry").GetProperty("type").GetString());
        Assert.Equal([5.002, 50.001], device.GetProperty("geometry").GetProperty("coordinates").EnumerateArray().Select(number => Math.Round(number.GetDouble(), 6)));
    }

    [Fact]
    public void Passages_enter_toward_the_zone_and_areas_are_closed()
    {
        var features = Features(Place(Block, [new(4.999, 50), new(5.001, 50)], []));
        Assert.Equal(["zone", "line"], features.Select(Kind));
        var ring = features[0].GetProperty("geometry").GetProperty("coordinates")[0].EnumerateArray().Select(pair => pair.ToString()).ToList();
        Assert.Equal(5, ring.Count);
        Assert.Equal(ring[0], ring[^1]);
        Assert.Equal([5.002, 50.001], features[1].GetProperty("properties").GetProperty("toward").EnumerateArray().Select(number => Math.Round(number.GetDouble(), 6)));
    }

    [Theory]
    [InlineData(DeviceCondition.Ok, "ok", "Camera: counting camera, in order; observes The main zone")]
    [InlineData(DeviceCondition.Degraded, "degraded", "Camera: counting camera, degraded; observes The main zone")]
    [InlineData(DeviceCondition.Silent, "silent", "Camera: counting camera, silent; observes The main zone")]
    [InlineData(DeviceCondition.NeverHeard, "never-heard", "Camera: counting camera, never heard; observes The main zone")]
    public void A_mark_says_the_state_in_a_sign_and_in_words(DeviceCondition state, string name, string words)
    {
        var item = Assert.Single(DeviceMark.Now(DeviceMark.Of(Place(Block, [], [Camera("camera", "main")])), [Status("camera", state)]));
        Assert.Equal(new PlanItem("device", "camera/zone/main", name, state == DeviceCondition.Ok ? "" : DeviceMark.Sign(state), words), item);
    }

    [Fact]
    public void A_device_that_the_space_does_not_know_is_unknown_never_in_order()
    {
        var item = Assert.Single(DeviceMark.Now(DeviceMark.Of(Place(Block, [], [Camera("camera", "main")])), []));
        Assert.Equal("unknown", item.State);
        Assert.Contains("state not known", item.Second, StringComparison.Ordinal);
    }

    private static PublicSpace Place(IReadOnlyList<GeoPoint> zone, IReadOnlyList<GeoPoint> line, IReadOnlyList<Device> devices, IReadOnlyList<BarrierElement>? elements = null) => new(
        "square",
        "Square",
        "Testville",
        TimeZoneInfo.Utc,
        [],
        [new("main", "The main zone", 100, 100, zone)],
        [new("gate", "The gate", 3, CountingLine.Outside, "main", line)],
        elements is null ? [] : [new("edge", "Edge", elements)],
        devices,
        []);

    private static Device Counter(string id, string line) => new(id, "Counter", DeviceKind.Counter, "native", DevicePurpose.Live, TimeSpan.FromMinutes(1), [new("c", ChannelSubject.Passages, line)]);

    private static Device Camera(string id, string zone) => new(id, "Camera", DeviceKind.CountingCamera, "native", DevicePurpose.Live, TimeSpan.FromMinutes(1), [new("c", ChannelSubject.People, zone)]);

    private static DeviceStatus Status(string id, DeviceCondition state) => new()
    {
        Id = id,
        Name = "Camera",
        Space = "square",
        Kind = DeviceKind.CountingCamera,
        Profile = "native",
        Purpose = DevicePurpose.Live,
        IntervalSeconds = 60,
        LinkAt = null,
        HeartbeatAt = null,
        MeasurementAt = null,
        Measurement = null,
        State = state,
        Reasons = [],
        BatteryPercent = null,
        Positions = new Dictionary<string, ElementPosition>(),
    };

    private static List<JsonElement> Features(PublicSpace place) =>
        [.. JsonSerializer.SerializeToElement(PlanGeometry.Of(place)).GetProperty("features").EnumerateArray().Where(feature => feature.ValueKind == JsonValueKind.Object)];

    private static string Kind(JsonElement feature) => feature.GetProperty("properties").GetProperty("kind").GetString()!;

    private static void AssertAt(double longitude, double latitude, GeoPoint at)
    {
        Assert.Equal(longitude, at.Longitude, 6);
        Assert.Equal(latitude, at.Latitude, 6);
    }
}

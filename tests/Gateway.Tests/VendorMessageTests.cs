using Monitoring.Domain.Intake;
using MQTTnet;

namespace Monitoring.Gateway.Tests;

/// <summary>Vendors' messages over real MQTT: who speaks, what is kept, what is forgotten.</summary>
public sealed class VendorMessageTests
{
    private const string Yaml = """
        site: test
        name: Test
        spaces:
          - id: square
            name: Square
            city: Nowhere
            timeZone: UTC
            zones: [{ id: z, name: Zone, areaM2: 100, capacity: 100 }]
            lines: [{ id: l, name: Line, widthM: 2, from: outside, to: z }]
            devices:
              - { id: b1, kind: bollard, profile: bollard-neuron, address: bollard-1, intervalSeconds: 60, parameters: { topic: plc/north }, channels: [{ name: position }] }
              - { id: gate, kind: counter, profile: axis-3d-people-counter, address: b8a4, intervalSeconds: 60, parameters: { topic: axis/gate }, channels: [{ name: main, line: l }] }
              - { id: city, kind: counting-camera, profile: amsterdam-cmsa-v2, address: CAM-1, intervalSeconds: 60, parameters: { topic: city/cameras }, channels: [{ name: zone-0, zone: z }] }
          - id: park
            name: Park
            city: Nowhere
            timeZone: UTC
            zones: [{ id: z, name: Zone, areaM2: 100, capacity: 100 }]
            devices:
              - { id: b2, kind: bollard, profile: bollard-neuron, address: bollard-2, intervalSeconds: 60, parameters: { topic: plc/north }, channels: [{ name: position }] }
        connections:
          - { name: one, topics: [plc/north, axis/gate, city/cameras] }
        """;

    private static string Now => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task One_topic_of_a_gateway_speaks_for_devices_of_two_spaces()
    {
        await using var gateway = await RunningGateway.StartAsync(silo: new FakeSilo { Site = RunningGateway.Site(1, Yaml) });
        using var client = await gateway.ConnectAsync("one");

        foreach (var group in (string[])["bollard-1", "bollard-2"])
            Assert.True((await RunningGateway.PublishAsync(client, "plc/north", $$"""{"timestamp":0,"group":"{{group}}","values":{"bollard_status":1} }""")).IsSuccess);
        var stranger = await RunningGateway.PublishAsync(client, "plc/north", """{"timestamp":0,"group":"bollard-3","values":{"bollard_status":1}}""");

        await RunningGateway.Until(() => gateway.Silo.Spaces.Count == 2, "both spaces to hear of their bollard");
        Assert.Equal("b1", (await Applied(gateway, "square")).DeviceId);
        Assert.Equal("b2", (await Applied(gateway, "park")).DeviceId);
        Assert.Equal(MqttClientPublishReasonCode.PayloadFormatInvalid, stranger.ReasonCode);
        Assert.Equal(1, gateway.Counters.Reasons["unknown-device"]);
    }

    [Fact]
    public async Task An_interval_without_passages_arrives_with_its_watermark()
    {
        await using var gateway = await RunningGateway.StartAsync(silo: new FakeSilo { Site = RunningGateway.Site(1, Yaml) });
        using var client = await gateway.ConnectAsync("one");
        var now = Now;

        await RunningGateway.PublishAsync(client, "axis/gate", $$"""{"apiName":"Axis Retail Data","data":{"utcTo":"{{now}}","measurements":[{"kind":"people-counts","utcFrom":"{{now}}","utcTo":"{{now}}","items":[{"direction":"in","count":0},{"direction":"out","count":0}]}]},"sensor":{"serial":"b8a4"} }""");

        var message = await Applied(gateway, "square");
        Assert.Equal(("gate", "axis-3d-people-counter/1", message.Time), (message.DeviceId, message.Profile, message.Watermark!.Value));
        Assert.Equal(0, Assert.IsType<CountReading>(Assert.Single(message.Readings)).In);
    }

    [Fact]
    public async Task A_message_about_single_people_is_acknowledged_and_kept_nowhere()
    {
        await using var gateway = await RunningGateway.StartAsync(silo: new FakeSilo { Site = RunningGateway.Site(1, Yaml) });
        using var client = await gateway.ConnectAsync("one");

        var person = await RunningGateway.PublishAsync(client, "city/cameras", """{"data":[{"sensor":"CAM-1","message_type":"person","aggregate":[{"personId":"3560f51a"}]}]}""");
        await RunningGateway.PublishAsync(client, "city/cameras", $$"""{"data":[{"sensor":"CAM-1","interval":60,"timestamp_start":"{{Now}}","message_type":"count","aggregate":[{"type":"zone","id":"Zone 0","count":4}]}]}""");

        Assert.True(person.IsSuccess);
        Assert.Equal(4, Assert.IsType<OccupancyReading>(Assert.Single((await Applied(gateway, "square")).Readings)).People);
        Assert.Single(gateway.Silo.Space("square").Applied);
        Assert.Empty(gateway.Rejected);
    }

    private static async Task<AcceptedMessage> Applied(RunningGateway gateway, string space)
    {
        await RunningGateway.Until(() => gateway.Silo.Space(space).Applied.Count > 0, $"{space} to hear of it");
        return AcceptedMessage.FromBytes(gateway.Silo.Space(space).Applied[0].Body);
    }
}

using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Monitoring.Contracts.Intake;
using Monitoring.Domain.Intake;
using Monitoring.Gateway.Intake;
using MQTTnet;
using MQTTnet.Formatter;

namespace Monitoring.Gateway.Tests;

/// <summary>Devices that the site does not know wait with the shape of a message; nothing else comes of them.</summary>
public sealed class PendingDeviceTests
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
              - { id: c1, kind: counter, intervalSeconds: 60, channels: [{ name: gate, line: l }] }
              - { id: c3, kind: counter, intervalSeconds: 60, channels: [{ name: gate }] }
              - { id: b1, kind: bollard, profile: bollard-neuron, address: bollard-1, intervalSeconds: 60, parameters: { topic: plc/north }, channels: [{ name: position }] }
              - { id: b3, kind: bollard, profile: bollard-neuron, address: bollard-3, intervalSeconds: 60, parameters: { topic: plc/east }, channels: [{ name: position }] }
          - id: park
            name: Park
            city: Nowhere
            timeZone: UTC
            zones: [{ id: z, name: Zone, areaM2: 100, capacity: 100 }]
            devices:
              - { id: c2, kind: counter, intervalSeconds: 60, channels: [{ name: gate }] }
              - { id: b2, kind: bollard, profile: bollard-neuron, address: bollard-2, intervalSeconds: 60, parameters: { topic: plc/south }, channels: [{ name: position }] }
        connections:
          - { name: one, topics: [equipment/c1/readings, plc/north] }
          - { name: two, topics: [equipment/c2/readings, plc/south] }
        """;

    /// <summary>The same with two devices more.</summary>
    private static readonly string Grown = Yaml
        .Replace("      - { id: c3,", """
              - { id: c9, kind: counter, intervalSeconds: 60, channels: [{ name: gate }] }
              - { id: b9, kind: bollard, profile: bollard-neuron, address: bollard-9, intervalSeconds: 60, parameters: { topic: plc/north }, channels: [{ name: position }] }
              - { id: c3,
        """.TrimEnd(), StringComparison.Ordinal)
        .Replace("[equipment/c1/readings, plc/north]", "[equipment/c1/readings, plc/north, equipment/c9/readings]", StringComparison.Ordinal);

    private readonly SteppedTime _time = new();

    [Fact]
    public async Task A_device_on_a_topic_that_nobody_has_waits_with_what_its_profile_would_read()
    {
        await using var gateway = await StartAsync();
        using var client = await gateway.ConnectAsync("one");

        await RunningGateway.PublishAsync(client, "equipment/c9/readings", """{"readings":[]}""");
        await RunningGateway.PublishAsync(client, "equipment/c9/readings", """{"readings":[{"channel":"gate-north","count":{"in":48151,"out":2}},{"channel":"power","health":{"batteryPercent":62.342}}]}""");

        var device = Assert.Single(gateway.Pending);
        Assert.Equal(("one", "equipment/c9/readings", "c9", 2, "json", false), (device.Connection, device.Topic, device.Device, device.Messages, device.Form, device.IsCut));
        Assert.True(device.FirstSeen <= device.LastSeen);
        var sight = Assert.Single(device.Sights);
        Assert.Equal(("native", "c9"), (sight.Profile, sight.Address));
        Assert.Equal([new("gate-north", "count"), new("power", "health")], sight.Channels);
        Assert.Contains(new PendingField("readings[].count.in", "number"), device.Fields);
        Assert.DoesNotMatch("48151|62.342", JsonSerializer.Serialize(device));
        AssertTouchesNothing(gateway, 2);
        Assert.Equal(2, gateway.Counters.Reasons["not-authorized"]);
    }

    [Fact]
    public async Task A_device_that_only_the_body_names_waits_under_that_name()
    {
        await using var gateway = await StartAsync();
        using var client = await gateway.ConnectAsync("one");

        await RunningGateway.PublishAsync(client, "plc/north", Bollard("bollard-9"));
        await RunningGateway.PublishAsync(client, "plc/new", Bollard("bollard-1"));

        Assert.Equal([("plc/new", "bollard-1"), ("plc/north", "bollard-9")], gateway.Pending.Select(device => (device.Topic, device.Device)).Order());
        Assert.All(gateway.Pending, device => Assert.Equal(("bollard-neuron", "position"), (device.Sights[0].Profile, device.Sights[0].Channels[0].Kind)));
        AssertTouchesNothing(gateway, 2);
    }

    [Theory]
    [InlineData("equipment/c2/readings", "{\"readings\":[]}")]
    [InlineData("equipment/c3/readings", "{\"readings\":[]}")]
    [InlineData("plc/south", """{"timestamp":0,"group":"bollard-2","values":{"bollard_status":1}}""")]
    [InlineData("plc/south", """{"timestamp":0,"group":"bollard-9","values":{"bollard_status":1}}""")]
    [InlineData("plc/east", """{"timestamp":0,"group":"bollard-9","values":{"bollard_status":1}}""")]
    [InlineData("plc/north", """{"timestamp":0,"group":"bollard-2","values":{"bollard_status":1}}""")]
    [InlineData("equipment/c1/readings", """{"readings":[{"channel":"other","count":{"in":1,"out":0}}]}""")]
    [InlineData("equipment/c1/readings", """{"readings":""")]
    public async Task What_is_another_device_of_the_site_or_an_error_of_a_known_one_stays_a_refusal(string topic, string body)
    {
        await using var gateway = await StartAsync();
        using var client = await gateway.ConnectAsync("one");

        Assert.False((await RunningGateway.PublishAsync(client, topic, body)).IsSuccess);

        Assert.Empty(gateway.Pending);
        AssertTouchesNothing(gateway, 1);
    }

    [Fact]
    public async Task Nobody_waits_who_has_not_signed_in_or_has_no_well_formed_topic()
    {
        await using var gateway = await StartAsync();
        using var stranger = new MqttClientFactory().CreateMqttClient();
        using var raw = await RawClient.ConnectAsync(gateway, "one");

        Assert.NotEqual(MqttClientConnectResultCode.Success, (await stranger.ConnectAsync(gateway.Options("nobody", MqttProtocolVersion.V500, "x"), TestContext.Current.CancellationToken)).ResultCode);
        await raw.PublishAsync("equipment/+/readings", RunningGateway.Count(1), quality: 1, packet: 7);
        await raw.ReadPubAckAsync();
        await raw.PublishAsync("equipment/c9\n/readings", RunningGateway.Count(1), quality: 1, packet: 8);
        await raw.ReadPubAckAsync();

        Assert.Empty(gateway.Pending);
    }

    [Fact]
    public async Task Names_that_hide_or_turn_are_shown_for_what_they_are()
    {
        await using var gateway = await StartAsync();
        using var client = await gateway.ConnectAsync("one");

        await RunningGateway.PublishAsync(client, "equipment/\u202Ec9\u200B/readings", "{\"readings\":[{\"channel\":\"ga\u2066te\",\"count\":{\"in\":1,\"out\":0}}],\"a\u001B[31m\":1,\"\u202Ex\":2}".Replace("\u001B", "\\u001b", StringComparison.Ordinal));

        var device = Assert.Single(gateway.Pending);
        Assert.Equal("equipment/\uFFFDc9\uFFFD/readings", device.Topic);
        Assert.Equal("\uFFFDc9\uFFFD", device.Device);
        Assert.DoesNotMatch("[\u0000-\u001F\u200B-\u200F\u202A-\u202E\u2060-\u206F]", string.Concat(device.Fields.Select(field => field.Path)) + string.Concat(device.Sights.SelectMany(sight => sight.Channels).Select(channel => channel.Name)));
    }

    [Fact]
    public async Task A_connection_at_its_limit_forgets_its_own_silent_one_and_no_other()
    {
        using var meter = new MeterListener();
        var forgotten = 0L;
        meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "monitoring.intake.pending_forgotten")
                listener.EnableMeasurementEvents(instrument);
        };
        meter.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref forgotten, count));
        meter.Start();
        await using var gateway = await StartAsync(("Gateway:Intake:PendingDevicesPerConnectionMax", "3"));
        using var one = await gateway.ConnectAsync("one");
        using var two = await gateway.ConnectAsync("two");

        await SpeakAsync(two, "other");
        await SpeakAsync(one, "d1", "d2", "d3", "d1");
        Assert.Equal(["d1", "d2", "d3", "other"], Names(gateway));
        await SpeakAsync(one, "d4");

        Assert.Equal(["d1", "d3", "d4", "other"], Names(gateway));
        Assert.Equal("d1", Assert.Single(gateway.Pending, device => device.Messages == PendingDevice.FewMessages).Device);
        Assert.Equal(1, Interlocked.Read(ref forgotten));
    }

    [Fact]
    public async Task A_full_list_takes_from_the_connection_that_has_most()
    {
        await using var gateway = await StartAsync(("Gateway:Intake:PendingDevicesMax", "3"));
        using var one = await gateway.ConnectAsync("one");
        using var two = await gateway.ConnectAsync("two");

        await SpeakAsync(one, "d1", "d2", "d3");
        await SpeakAsync(two, "other");
        Assert.Equal(["d2", "d3", "other"], Names(gateway));
        await SpeakAsync(one, "d4");
        Assert.Equal(["d3", "d4", "other"], Names(gateway));
    }

    [Fact]
    public async Task A_connection_is_looked_at_so_often_and_refused_all_the_same()
    {
        await using var gateway = await StartAsync();
        using var client = await gateway.ConnectAsync("one");

        for (var i = 0; i < PendingDevices.LooksPerSecondMax; i++)
            await SpeakAsync(client, $"d{i}");
        await SpeakAsync(client, "late");
        Assert.DoesNotContain("late", Names(gateway));
        Assert.Equal((PendingDevices.LooksPerSecondMax, PendingDevices.LooksPerSecondMax + 1), (gateway.Pending.Count, gateway.Counters.Rejected));
        _time.Step(TimeSpan.FromSeconds(1));
        await SpeakAsync(client, "late");
        Assert.Contains("late", Names(gateway));
    }

    [Fact]
    public async Task Who_of_them_spoke_last_is_not_told_by_their_order()
    {
        await using var gateway = await StartAsync();
        using var client = await gateway.ConnectAsync("one");
        await SpeakAsync(client, "d2", "d1", "d1", "d2");
        var before = gateway.Pending.Where(device => device.LastSeen == gateway.Pending.Max(other => other.LastSeen)).Select(device => device.Device);
        Assert.Equal(before.Order(StringComparer.Ordinal), before);
    }

    [Fact]
    public void Messages_within_a_quarter_of_an_hour_change_nothing_that_is_told()
    {
        var quarter = new DateTimeOffset(2026, 11, 23, 3, 15, 0, TimeSpan.Zero);
        var stranger = new Stranger("one", "equipment/c9/readings", "c9", quarter.AddSeconds(7));
        SpeakAt(7, 9, """{"readings":[{"count":{"in":1} }]}""");
        Assert.Equal(PendingDevice.FewMessages, stranger.Tell().Messages);
        SpeakAt(20, 1, """{"readings":[]}""");
        var before = stranger.Tell();

        SpeakAt(600, 30, """{"readings":[{"count":{"in":2} }]}""");
        SpeakAt(899, 1, """{"readings":[]}""");

        Assert.Equal(JsonSerializer.Serialize(before), JsonSerializer.Serialize(stranger.Tell()));
        Assert.Equal((quarter, quarter, PendingDevice.ManyMessages), (before.FirstSeen, before.LastSeen, before.Messages));
        SpeakAt(900, 1, """{"readings":[]}""");
        Assert.Equal((quarter, quarter.AddMinutes(15)), (stranger.Tell().FirstSeen, stranger.Tell().LastSeen));
        Assert.Equal([new PendingField("readings", "list")], stranger.Tell().Fields);

        void SpeakAt(int second, int times, string body)
        {
            for (var i = 0; i < times; i++)
                stranger.Spoke(quarter.AddSeconds(second), i, MessageShape.Of(Encoding.UTF8.GetBytes(body)), []);
        }
    }

    [Fact]
    public async Task What_the_site_comes_to_know_leaves_the_list()
    {
        await using var gateway = await StartAsync();
        using var client = await gateway.ConnectAsync("one");
        await SpeakAsync(client, "c9", "c8");
        await RunningGateway.PublishAsync(client, "plc/north", Bollard("bollard-9"));
        Assert.Equal(3, gateway.Pending.Count);

        gateway.Silo.Site = RunningGateway.Site(2, Grown);
        await RunningGateway.Until(() => gateway.Pending.Count == 1, "the gateway to follow the site");

        Assert.Equal("c8", gateway.Pending[0].Device);
        Assert.True((await RunningGateway.PublishAsync(client, "equipment/c9/readings", RunningGateway.Count(3))).IsSuccess);
    }

    private static IEnumerable<string> Names(RunningGateway gateway) => gateway.Pending.Select(device => device.Device).Order(StringComparer.Ordinal);

    private static string Bollard(string group) => $$"""{"timestamp":0,"group":"{{group}}","values":{"bollard_status":1} }""";

    private static async Task SpeakAsync(IMqttClient client, params string[] devices)
    {
        foreach (var device in devices)
            await RunningGateway.PublishAsync(client, $"equipment/{device}/readings", RunningGateway.Count(1));
    }

    private static void AssertTouchesNothing(RunningGateway gateway, int refused)
    {
        Assert.Equal((0, refused), (gateway.Counters.Accepted, gateway.Counters.Rejected));
        Assert.Equal(refused, gateway.Rejected.Count);
        Assert.Empty(gateway.Silo.Spaces);
    }

    private Task<RunningGateway> StartAsync(params (string, string)[] settings) => RunningGateway.StartAsync(_time, silo: new FakeSilo { Site = RunningGateway.Site(1, Yaml) }, settings: settings);
}

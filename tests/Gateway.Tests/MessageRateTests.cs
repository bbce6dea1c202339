using Monitoring.Domain;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Monitoring.Gateway.Tests;

public sealed class MessageRateTests
{
    private const string Gateway = """
        site: test
        name: Test
        spaces:
          - id: square
            name: Square
            city: Nowhere
            timeZone: UTC
            zones: [{ id: z, name: Zone, areaM2: 100, capacity: 100 }]
            devices:
              - { id: b1, kind: bollard, profile: bollard-neuron, address: bollard-1, intervalSeconds: 60, parameters: { topic: plc/north }, channels: [{ name: position }] }
              - { id: b2, kind: bollard, profile: bollard-neuron, address: bollard-2, intervalSeconds: 60, parameters: { topic: plc/north }, channels: [{ name: position }] }
        connections:
          - { name: one, topics: [plc/north] }
          - { name: two, topics: [plc/north] }
        """;

    private static readonly (string, string)[] Slow = [("Gateway:Intake:DeviceMessagesPerSecondMax", "2"), ("Gateway:Intake:DeviceMessagesAtOnceMax", "4"), ("Gateway:Intake:RefusedPerConnectionMax", "3")];

    private readonly SteppedTime _time = new();

    [Fact]
    public async Task A_device_over_its_rate_is_told_0x97_and_is_taken_again_when_its_time_has_come()
    {
        await using var gateway = await RunningGateway.StartAsync(_time, settings: Slow);
        using var client = await gateway.ConnectAsync("one");

        Assert.Equal(4, await TakenAsync(client, 10));
        _time.Step(TimeSpan.FromSeconds(0.49));
        Assert.Equal(0, await TakenAsync(client, 10));
        _time.Step(TimeSpan.FromSeconds(0.02));
        Assert.Equal(1, await TakenAsync(client, 10));
        _time.Step(TimeSpan.FromHours(1));
        Assert.Equal(4, await TakenAsync(client, 10));

        Assert.True(client.IsConnected);
        Assert.Equal((9, 31), (gateway.Counters.Accepted, gateway.Counters.Reasons["rate-exceeded"]));
        Assert.Equal(("one", RunningGateway.Own, "rate-exceeded"), (gateway.Rejected[0].Connection, gateway.Rejected[0].Topic, gateway.Rejected[0].Reason));
    }

    [Fact]
    public async Task A_babbling_device_takes_nothing_from_others()
    {
        await using var gateway = await RunningGateway.StartAsync(_time, settings: Slow);
        using var babbling = await gateway.ConnectAsync("one");
        using var quiet = await gateway.ConnectAsync("two");
        Assert.Equal(4, await TakenAsync(babbling, 50));

        Assert.Equal(4, await TakenAsync(quiet, 4, topic: "equipment/c2/readings"));
    }

    [Fact]
    public async Task A_3_1_1_sender_over_its_rate_gets_no_PUBACK_and_is_closed()
    {
        await using var gateway = await RunningGateway.StartAsync(_time, settings: Slow);
        using var client = await gateway.ConnectAsync("one", MqttProtocolVersion.V311);
        Assert.Equal(4, await TakenAsync(client, 4));

        await Assert.ThrowsAnyAsync<Exception>(() => RunningGateway.PublishAsync(client, RunningGateway.Own, RunningGateway.Count(1)));

        await RunningGateway.Until(() => gateway.Health.Connections == 0, "the connection to end");
        Assert.Equal((4, 1), (gateway.Counters.Accepted, gateway.Counters.Rejected));
        _time.Step(TimeSpan.FromSeconds(1));
        using var again = await gateway.ConnectAsync("one", MqttProtocolVersion.V311);
        Assert.True((await RunningGateway.PublishAsync(again, RunningGateway.Own, RunningGateway.Count(1))).IsSuccess);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V500)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task A_sender_that_does_not_ask_for_answers_is_closed_after_several(MqttProtocolVersion version)
    {
        await using var gateway = await RunningGateway.StartAsync(_time, settings: Slow);
        using var client = await gateway.ConnectAsync("one", version);
        for (var i = 0; i < 6; i++)
            await RunningGateway.PublishAsync(client, RunningGateway.Own, RunningGateway.Count(1), MqttQualityOfServiceLevel.AtMostOnce);
        await client.PingAsync(TestContext.Current.CancellationToken);

        await RunningGateway.PublishAsync(client, RunningGateway.Own, RunningGateway.Count(1), MqttQualityOfServiceLevel.AtMostOnce);

        await RunningGateway.Until(() => gateway.Health.Connections == 0, "the connection to end");
        Assert.Equal(3, gateway.Counters.Reasons["rate-exceeded"]);
    }

    [Fact]
    public async Task Of_several_devices_on_one_topic_each_has_its_own_rate_whoever_sends()
    {
        await using var gateway = await RunningGateway.StartAsync(_time, silo: new FakeSilo { Site = RunningGateway.Site(1, Gateway) }, settings: Slow);
        using var one = await gateway.ConnectAsync("one");
        using var two = await gateway.ConnectAsync("two");

        Assert.Equal(3, await TakenAsync(one, 3, "plc/north", Bollard(1)));
        Assert.Equal(1, await TakenAsync(two, 2, "plc/north", Bollard(1)));
        Assert.Equal(4, await TakenAsync(one, 5, "plc/north", Bollard(2)));
    }

    [Fact]
    public async Task What_cannot_be_read_counts_too()
    {
        await using var gateway = await RunningGateway.StartAsync(_time, settings: Slow);
        using var client = await gateway.ConnectAsync("one");

        Assert.Equal(0, await TakenAsync(client, 6, body: "no JSON"));

        Assert.Equal((4, 2), (gateway.Counters.Reasons["payload-format"], gateway.Counters.Reasons["rate-exceeded"]));
    }

    [Fact]
    public async Task A_replay_is_as_fast_as_the_disk()
    {
        await using var gateway = await RunningGateway.StartAsync(ClockKind.Replay, _time, settings: Slow);
        using var client = await gateway.ConnectAsync("one");

        Assert.Equal(50, await TakenAsync(client, 50));
    }

    private static string Bollard(int number) => $$"""{"timestamp":0,"group":"bollard-{{number}}","values":{"bollard_status":1} }""";

    /// <summary>Publishes; all that is not taken must be told 0x97, or why it cannot be read.</summary>
    private static async Task<int> TakenAsync(IMqttClient client, int messages, string topic = RunningGateway.Own, string? body = null)
    {
        var taken = 0;
        for (var i = 0; i < messages; i++)
        {
            var answer = await RunningGateway.PublishAsync(client, topic, body ?? RunningGateway.Count(1));
            if (answer.IsSuccess)
                taken++;
            else
                Assert.True(answer.ReasonCode is MqttClientPublishReasonCode.QuotaExceeded || body == "no JSON", answer.ReasonString);
        }

        return taken;
    }
}

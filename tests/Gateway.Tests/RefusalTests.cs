using MQTTnet;
using MQTTnet.Formatter;

namespace Monitoring.Gateway.Tests;

public sealed class RefusalTests
{
    [Theory]
    [InlineData("equipment/c2/readings", "{\"readings\":[]}", MqttClientPublishReasonCode.NotAuthorized, "not-authorized")]
    [InlineData("equipment/c1/readings", "{\"readings\":", MqttClientPublishReasonCode.PayloadFormatInvalid, "payload-format")]
    [InlineData("equipment/c1/readings", "{\"readings\":[{\"channel\":\"gate\",\"count\":{\"in\":-1,\"out\":0}}]}", MqttClientPublishReasonCode.PayloadFormatInvalid, "value-out-of-range")]
    [InlineData("equipment/c1/readings", "{\"readings\":[{\"channel\":\"gate\",\"count\":{\"in\":1e400,\"out\":0}}]}", MqttClientPublishReasonCode.PayloadFormatInvalid, "value-out-of-range")]
    [InlineData("equipment/c1/readings", "{\"readings\":[{\"channel\":\"other\",\"count\":{\"in\":1,\"out\":0}}]}", MqttClientPublishReasonCode.PayloadFormatInvalid, "unknown-device")]
    public async Task An_MQTT_5_sender_is_told_why_its_message_is_refused(string topic, string body, MqttClientPublishReasonCode code, string reason)
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var client = await gateway.ConnectAsync("one");

        var answer = await RunningGateway.PublishAsync(client, topic, body);

        Assert.Equal(code, answer.ReasonCode);
        Assert.NotEmpty(answer.ReasonString);
        Assert.Equal(1, gateway.Counters.Reasons[reason]);
        Assert.Equal(0, gateway.Counters.Accepted);
        var listed = Assert.Single(gateway.Rejected);
        Assert.Equal(("one", topic, reason, 16), (listed.Connection, listed.Topic, listed.Reason, listed.Hash.Length));
        Assert.Empty(gateway.Silo.Spaces);
        Assert.True((await RunningGateway.PublishAsync(client, RunningGateway.Own, RunningGateway.Count(1))).IsSuccess);
    }

    [Fact]
    public async Task A_topic_with_a_wildcard_is_refused_as_a_topic()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var raw = await RawClient.ConnectAsync(gateway, "one");

        await raw.PublishAsync("equipment/#", RunningGateway.Count(1), quality: 1, packet: 7);

        Assert.Equal((7, 0x90), await raw.ReadPubAckAsync());
        Assert.Equal(1, gateway.Counters.Reasons["topic-invalid"]);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V500, MqttClientConnectResultCode.BadUserNameOrPassword)]
    [InlineData(MqttProtocolVersion.V311, MqttClientConnectResultCode.BadUserNameOrPassword)]
    public async Task A_wrong_secret_does_not_get_in_and_is_listed(MqttProtocolVersion version, MqttClientConnectResultCode code)
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var client = new MqttClientFactory().CreateMqttClient();

        var answer = await ConnectAsync(client, gateway.Options("one", version, "wrong"));
        await RunningGateway.Until(() => gateway.Health.Connections == 0, "the connection to end");

        Assert.Equal(code, answer);
        Assert.Equal(1, gateway.Counters.Reasons["bad-credentials"]);
        Assert.Equal("one", Assert.Single(gateway.Rejected).Connection);
    }

    [Fact]
    public async Task A_name_that_the_site_does_not_list_is_not_repeated()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var client = new MqttClientFactory().CreateMqttClient();

        await ConnectAsync(client, gateway.Options("my-password-by-mistake", MqttProtocolVersion.V500, "x"));

        Assert.Equal("", Assert.Single(gateway.Rejected).Connection);
    }

    [Fact]
    public async Task Quality_of_service_2_ends_the_connection()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var raw = await RawClient.ConnectAsync(gateway, "one");

        await raw.PublishAsync(RunningGateway.Own, RunningGateway.Count(1), quality: 2, packet: 7);

        Assert.Equal(0x9B, await raw.ReadDisconnectAsync());
        Assert.Equal(1, gateway.Counters.Reasons["qos-not-supported"]);
        Assert.Equal(0, gateway.Counters.Accepted);
    }

    [Fact]
    public async Task Nothing_follows_a_DISCONNECT_not_even_an_answer_that_was_on_its_way()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var raw = await RawClient.ConnectAsync(gateway, "one");
        gateway.File.Hold();
        await raw.PublishAsync(RunningGateway.Own, RunningGateway.Count(1), quality: 1, packet: 1);

        await raw.PublishAsync(RunningGateway.Own, RunningGateway.Count(1), quality: 2, packet: 2);
        Assert.Equal(0x9B, await raw.ReadDisconnectAsync());
        gateway.File.LetGo();

        await Assert.ThrowsAnyAsync<IOException>(raw.ReadPacketAsync);
        await RunningGateway.Until(() => gateway.Counters.Accepted == 1, "the first message to be kept all the same");
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V500, MqttClientSubscribeResultCode.NotAuthorized)]
    [InlineData(MqttProtocolVersion.V311, MqttClientSubscribeResultCode.UnspecifiedError)]
    public async Task Equipment_may_not_subscribe(MqttProtocolVersion version, MqttClientSubscribeResultCode code)
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var client = await gateway.ConnectAsync("one", version);

        var answer = await client.SubscribeAsync("#", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(code, Assert.Single(answer.Items).ResultCode);
        Assert.Equal(1, gateway.Counters.Reasons["subscribe"]);
        Assert.True((await RunningGateway.PublishAsync(client, RunningGateway.Own, RunningGateway.Count(1))).IsSuccess);
    }

    [Fact]
    public async Task Ten_megabytes_end_the_connection_before_they_are_read()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var raw = await RawClient.ConnectAsync(gateway, "one");

        // PUBLISH that announces 10,000,000 bytes; only its first bytes are ever sent.
        await raw.SendAsync([0x32, 0x80, 0xAD, 0xE2, 0x04, 0, 1]);

        Assert.Equal(0x95, await raw.ReadDisconnectAsync());
        var listed = Assert.Single(gateway.Rejected);
        Assert.Equal(("one", "too-large", 10_000_005), (listed.Connection, listed.Reason, listed.SizeBytes));
    }

    [Fact]
    public async Task A_3_1_1_sender_gets_its_PUBACK_but_is_closed_after_several_refusals()
    {
        await using var gateway = await RunningGateway.StartAsync(settings: ("Gateway:Intake:RefusedPerConnectionMax", "3"));
        using var client = await gateway.ConnectAsync("one", MqttProtocolVersion.V311);

        Assert.True((await RunningGateway.PublishAsync(client, "equipment/c2/readings", "{}")).IsSuccess);
        Assert.True((await RunningGateway.PublishAsync(client, "equipment/c2/readings", "{}")).IsSuccess);
        await Assert.ThrowsAnyAsync<Exception>(() => RunningGateway.PublishAsync(client, "equipment/c2/readings", "{}"));

        await RunningGateway.Until(() => gateway.Health.Connections == 0, "the connection to end");
        Assert.Equal((0, 3), (gateway.Counters.Accepted, gateway.Counters.Rejected));
    }

    [Fact]
    public async Task A_connection_that_the_site_drops_is_disconnected()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var client = await gateway.ConnectAsync("two");
        var site = RunningGateway.Site();

        gateway.Silo.Site = new(2, site.Document with { Yaml = site.Document.Yaml.Replace("  - { name: two, topics: [equipment/c2/readings] }", "", StringComparison.Ordinal) });

        await RunningGateway.Until(() => gateway.Health is { SiteVersion: 2, Connections: 0 }, "the connection to end");
    }

    private static async Task<MqttClientConnectResultCode> ConnectAsync(IMqttClient client, MqttClientOptions options) => (await client.ConnectAsync(options)).ResultCode;
}

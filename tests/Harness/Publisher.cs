using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Monitoring.Harness;

/// <summary>The hub did not let a connection sign in.</summary>
public sealed class SignInRefusedException(MqttClientConnectResultCode code) : Exception($"Sign-in was refused: {code}")
{
    /// <summary>What the hub answered.</summary>
    public MqttClientConnectResultCode Code { get; } = code;
}

/// <summary>Equipment as the hub sees it: an MQTT client that signs in and publishes.</summary>
public sealed class Publisher : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    private Publisher()
    {
    }

    /// <summary>Signs in.</summary>
    /// <param name="port">MQTT port on loopback.</param>
    /// <param name="user">Connection name.</param>
    /// <param name="secret">Its secret.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <param name="version">MQTT version.</param>
    public static async Task<Publisher> ConnectAsync(int port, string user, string secret, CancellationToken cancellation, MqttProtocolVersion version = MqttProtocolVersion.V500)
    {
        var publisher = new Publisher();
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithCredentials(user, secret).WithClientId($"test-{user}").WithProtocolVersion(version).WithTimeout(TimeSpan.FromSeconds(30)).Build();
        var answer = await publisher._client.ConnectAsync(options, cancellation);
        return answer.ResultCode == MqttClientConnectResultCode.Success ? publisher : throw new SignInRefusedException(answer.ResultCode);
    }

    /// <summary>Publishes with QoS 1 and waits for the answer.</summary>
    public Task<MqttClientPublishResult> PublishAsync(string topic, string payload, CancellationToken cancellation, bool retain = false) =>
        _client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(Encoding.UTF8.GetBytes(payload)).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).WithRetainFlag(retain).Build(), cancellation);

    /// <summary>Publishes readings of a device, natively, with QoS 1.</summary>
    /// <exception cref="InvalidOperationException">The hub did not accept them.</exception>
    public async Task SendAsync(string device, DateTimeOffset time, string readings, CancellationToken cancellation)
    {
        var result = await PublishAsync($"equipment/{device}/readings", $$"""{"time":"{{time:O}}","readings":[{{readings}}]}""", cancellation);
        if (!result.IsSuccess)
            throw new InvalidOperationException($"The hub refused a message of {device}: {result.ReasonCode} {result.ReasonString}");
    }

    /// <summary>Publishes a heartbeat of a device.</summary>
    public Task BeatAsync(string device, DateTimeOffset time, CancellationToken cancellation) => SendAsync(device, time, "", cancellation);

    /// <summary>Publishes a count of a fixture square's counter as one passage event of now.</summary>
    public Task CountAsync(int counter, int passagesIn, int passagesOut, CancellationToken cancellation) =>
        SendAsync($"counter-{counter}", TimeProvider.System.GetUtcNow(), "{" + $"\"channel\":\"gate\",\"count\":{{\"in\":{passagesIn},\"out\":{passagesOut}}}" + "}", cancellation);

    /// <summary>Leaves.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_client.IsConnected)
            await _client.DisconnectAsync();
        _client.Dispose();
    }
}

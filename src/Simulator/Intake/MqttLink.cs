using System.Net.Sockets;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Monitoring.Simulator.Intake;

/// <summary>One MQTT 5 connection that publishes with QoS 1 and says of each message what became of it.</summary>
/// <remarks>MQTTnet's client does not resend after a reconnect what was not acknowledged: whoever calls keeps the message and sends it again.</remarks>
internal sealed class MqttLink : IMessageLink, IAsyncDisposable
{
    /// <summary>Longest wait for an answer of the hub; after it the connection counts as lost.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);

    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly MqttClientOptions _options;
    private readonly TimeProvider _time;

    public MqttLink(MqttEndpoint endpoint, string user, string password, string clientId, TimeProvider time)
    {
        _time = time;
        _options = new MqttClientOptionsBuilder()
            .WithTcpServer(endpoint.Host, endpoint.Port)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId(clientId)
            .WithCredentials(user, password)
            .WithCleanStart()
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(30))
            .WithTimeout(AnswerWithin)
            .Build();
    }

    /// <inheritdoc/>
    /// <remarks>From its CONNACK; 65,535 where it names none.</remarks>
    public int ReceiveMaximum { get; private set; } = ushort.MaxValue;

    /// <summary>Connects unless connected.</summary>
    /// <exception cref="LinkLostException">The hub cannot be reached.</exception>
    /// <exception cref="LinkRefusedException">The hub does not let this user in.</exception>
    public async Task ConnectAsync(CancellationToken cancellation)
    {
        if (_client.IsConnected)
            return;
        var result = await Guard(stop => _client.ConnectAsync(_options, stop), cancellation);
        if (result.ResultCode is MqttClientConnectResultCode.BadUserNameOrPassword or MqttClientConnectResultCode.NotAuthorized or MqttClientConnectResultCode.Banned)
            throw new LinkRefusedException($"{result.ResultCode}{Because(result.ReasonString)}");
        if (result.ResultCode != MqttClientConnectResultCode.Success)
            throw new LinkLostException($"connect answered with {result.ResultCode}{Because(result.ReasonString)}");
        ReceiveMaximum = result.ReceiveMaximum is { } most and > 0 ? most : ushort.MaxValue;
    }

    /// <summary>Publishes one message and waits for its acknowledgement.</summary>
    /// <exception cref="LinkLostException">The connection ended before the answer came: send the message again.</exception>
    public async Task<PublishFate> PublishAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        var packet = new MqttApplicationMessage { Topic = message.Topic, PayloadSegment = message.Payload, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce };
        var result = await Guard(stop => _client.PublishAsync(packet, stop), cancellation);
        return result.ReasonCode switch
        {
            MqttClientPublishReasonCode.Success or MqttClientPublishReasonCode.NoMatchingSubscribers => PublishFate.Accepted,
            MqttClientPublishReasonCode.QuotaExceeded => new PublishFate(PublishAnswer.Later, Text(result)),
            _ => new PublishFate(PublishAnswer.Refused, Text(result)),
        };
    }

    /// <summary>Ends the connection without saying goodbye; the next <see cref="ConnectAsync"/> makes a new one.</summary>
    public async Task DropAsync()
    {
        try
        {
            await _client.DisconnectAsync(new MqttClientDisconnectOptions(), CancellationToken.None);
        }
        catch (Exception lost) when (IsLoss(lost))
        {
            // It was gone already, which is what is wanted.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client.IsConnected)
            await DropAsync();
        _client.Dispose();
    }

    private async Task<T> Guard<T>(Func<CancellationToken, Task<T>> act, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(AnswerWithin, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            return await act(both.Token);
        }
        catch (Exception lost) when (IsLoss(lost) && !cancellation.IsCancellationRequested)
        {
            throw new LinkLostException(lost.GetBaseException().Message, lost);
        }
    }

    private static bool IsLoss(Exception e) =>
        e is MqttCommunicationException or MqttClientNotConnectedException or IOException or SocketException or TimeoutException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;

    private static string Text(MqttClientPublishResult result) => $"{result.ReasonCode}{Because(result.ReasonString)}";

    private static string Because(string? reason) => string.IsNullOrEmpty(reason) ? "" : $" ({reason})";
}

/// <summary>What became of a published message.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Reason">The hub's words; empty where it was accepted.</param>
internal readonly record struct PublishFate(PublishAnswer Answer, string Reason)
{
    public static readonly PublishFate Accepted = new(PublishAnswer.Accepted, "");
}

/// <summary>Answers to a publish.</summary>
internal enum PublishAnswer
{
    /// <summary>The hub keeps it.</summary>
    Accepted,

    /// <summary>The hub cannot keep it now (0x97): send it again later.</summary>
    Later,

    /// <summary>The hub will never take it.</summary>
    Refused,
}

/// <summary>The connection ended or never was: try again.</summary>
internal sealed class LinkLostException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>The hub does not let this user in: trying again with the same secret helps only after someone sets it.</summary>
internal sealed class LinkRefusedException(string message) : Exception(message);

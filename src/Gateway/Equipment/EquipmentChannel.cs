using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Gateway.Intake;
using MQTTnet.Adapter;
using MQTTnet.AspNetCore;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Monitoring.Gateway.Equipment;

/// <summary>One connection: takes its messages over before MQTTnet's session sees them, and answers them itself.</summary>
/// <remarks>
/// MQTTnet keeps the protocol: decoding, CONNACK, ping, take-over by the same client id. What it cannot bound or say stays outside of it:
/// no message, subscription, will or session of equipment ever reaches its stores.
/// </remarks>
internal sealed class EquipmentChannel : IMqttChannelAdapter
{
    /// <summary>Messages taken in one go before other connections get their turn.</summary>
    private const int TurnMax = 64;

    private static readonly TimeSpan FarewellMax = TimeSpan.FromSeconds(2);

    /// <summary>MQTT 5.0 §2.2.1: 0 is no packet identifier, so nothing can be answered to it.</summary>
    private static readonly Refusal NoIdentifier = new(RefusalReason.Protocol, "a packet that asks for an answer has the identifier 0");

    private readonly ConnectionContext _connection;
    private readonly PacketGuard _guard;
    private readonly MqttConnectionContext _inner;
    private readonly DoorServices _door;
    private readonly Replies _replies;
    private readonly Lock _order = new();
    private bool _saidFarewell;
    private long _heardAt;
    private int _refused;
    private int _closing;
    private volatile bool _stopping;
    private string? _assignedId;

    public EquipmentChannel(ConnectionContext connection, PacketGuard guard, DoorServices door)
    {
        (_connection, _guard, _door) = (connection, guard, door);
        _inner = new MqttConnectionContext(new MqttPacketFormatterAdapter(new MqttBufferWriter(256, 65_536)), connection);
        _replies = new Replies(this, door.Record, door.Options.UnsentRepliesMax);
        _heardAt = door.Wall.GetTimestamp();
        guard.OnRefused = RefusedByGuardAsync;
    }

    /// <summary>Connection name; empty before sign-in.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Hears of the sign-in once <see cref="Name"/> is known.</summary>
    public Action? OnSignedIn { get; set; }

    /// <summary>What the sign-in led to; null before it.</summary>
    public SignInVerdict? Verdict { get; private set; }

    /// <summary>Seconds of keep-alive; 0 for none.</summary>
    public int KeepAliveSeconds { get; private set; }

    public bool IsVersion5 => PacketFormatterAdapter.ProtocolVersion == MqttProtocolVersion.V500;

    /// <summary>Time since the last packet came.</summary>
    public TimeSpan Silence => _door.Wall.GetElapsedTime(Volatile.Read(ref _heardAt));

    public long BytesReceived => _inner.BytesReceived;

    public long BytesSent => _inner.BytesSent;

    public X509Certificate2 ClientCertificate => _inner.ClientCertificate;

    public EndPoint RemoteEndPoint => _inner.RemoteEndPoint;

    public EndPoint LocalEndPoint => _inner.LocalEndPoint;

    public bool IsSecureConnection => _inner.IsSecureConnection;

    public MqttPacketFormatterAdapter PacketFormatterAdapter => _inner.PacketFormatterAdapter;

    public Task ConnectAsync(CancellationToken cancellationToken) => _inner.ConnectAsync(cancellationToken);

    public Task DisconnectAsync(CancellationToken cancellationToken)
    {
        _replies.Complete();
        return _inner.DisconnectAsync(cancellationToken);
    }

    public void ResetStatistics() => _inner.ResetStatistics();

    public void Dispose()
    {
        _replies.Complete();
        _inner.Dispose();
    }

    public Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        if (packet is MqttConnAckPacket { ReasonCode: MqttConnectReasonCode.Success } ack && IsVersion5)
            SayLimits(ack);

        // MQTT 5.0 §3.14.4: nothing follows a DISCONNECT, neither an answer that was on its way nor another one. The inner channel sends in the order in which it is called.
        lock (_order)
        {
            if (_saidFarewell)
                return Task.CompletedTask;
            _saidFarewell = packet is MqttDisconnectPacket;
            return _inner.SendPacketAsync(packet, cancellationToken);
        }
    }

    /// <summary>Gives MQTTnet the next packet that is its own; takes messages and subscriptions itself.</summary>
    public async Task<MqttPacket?> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        for (var turn = 1; ; turn++)
        {
            if (turn % TurnMax == 0)
                await Task.Yield();
            var packet = await ReceiveAsync(cancellationToken);
            Volatile.Write(ref _heardAt, _door.Wall.GetTimestamp());
            switch (packet)
            {
                case MqttSubscribePacket { PacketIdentifier: 0 } or MqttUnsubscribePacket { PacketIdentifier: 0 }:
                    Refuse(NoIdentifier, "", 0, default);
                    await CloseAsync(MqttDisconnectReasonCode.ProtocolError, NoIdentifier.Text);
                    return null;
                case MqttPublishPacket message when Name.Length > 0:
                    if (Take(message) is { } end)
                    {
                        await CloseAsync(end.Code, end.Text);
                        return null;
                    }

                    break;
                case MqttConnectPacket connect when Verdict is null:
                    await AdmitAsync(connect, cancellationToken);
                    return connect;
                case MqttSubscribePacket subscribe:
                    await RefuseSubscriptionAsync(subscribe, cancellationToken);
                    break;
                case MqttUnsubscribePacket unsubscribe:
                    await SendPacketAsync(new MqttUnsubAckPacket { PacketIdentifier = unsubscribe.PacketIdentifier, ReasonCodes = [.. unsubscribe.TopicFilters.Select(_ => MqttUnsubscribeReasonCode.NoSubscriptionExisted)] }, cancellationToken);
                    break;
                case null or MqttPingReqPacket or MqttDisconnectPacket:
                    return packet;
                default:
                    Refuse(new Refusal(RefusalReason.Protocol, $"a {packet.GetType().Name.Replace("Mqtt", "", StringComparison.Ordinal)} has no place here"), "", 0, default);
                    await CloseAsync(MqttDisconnectReasonCode.ProtocolError, "a packet has no place here");
                    return null;
            }
        }
    }

    /// <summary>Ends the connection; an MQTT 5 client is told why.</summary>
    /// <param name="code">MQTT reason code.</param>
    /// <param name="text">Reason string.</param>
    /// <param name="counted">Reason in the metric; the code's name where there is none.</param>
    public async Task CloseAsync(MqttDisconnectReasonCode code, string text, string? counted = null)
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0)
            return;
        IntakeMetrics.Closed.Add(1, new KeyValuePair<string, object?>("reason", counted ?? code.ToString()));
        if (IsVersion5 && Name.Length > 0)
            await SayFarewellAsync(code, text);
        _guard.End();
    }

    /// <summary>Ends the connection without a word: it cannot be written to.</summary>
    public void Cut() => _guard.End();

    /// <summary>Answers what is durable or about to be, takes nothing more, then ends the connection.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        _stopping = true;
        _replies.Complete();
        await _replies.Done.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CloseAsync(MqttDisconnectReasonCode.ServerShuttingDown, "the hub stops; connect again later");
    }

    private async Task<MqttPacket?> ReceiveAsync(CancellationToken cancellation)
    {
        try
        {
            return await _inner.ReceivePacketAsync(cancellation);
        }
        catch (Exception broken) when (broken is MqttProtocolViolationException or ArgumentException or IndexOutOfRangeException)
        {
            Refuse(new Refusal(RefusalReason.Protocol, "a packet cannot be decoded"), "", 0, default);
            throw;
        }
    }

    private async Task AdmitAsync(MqttConnectPacket connect, CancellationToken cancellation)
    {
        // Also of a connection that is turned away: MQTTnet would blame a missing id before it looks at the verdict.
        if (string.IsNullOrEmpty(connect.ClientId))
            connect.ClientId = _assignedId = RandomNumberGenerator.GetHexString(16, lowercase: true);
        var verdict = await _door.SignIn.CheckAsync(connect, _connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate, PeerAddress.Of(_connection.RemoteEndPoint), cancellation);

        // MQTT 3.1.1 has no word for it: MQTTnet would close without an answer.
        Verdict = verdict.Code == MqttConnectReasonCode.QuotaExceeded && !IsVersion5 ? verdict with { Code = MqttConnectReasonCode.ServerUnavailable } : verdict;
        if (Verdict.Code != MqttConnectReasonCode.Success)
            return;
        Name = connect.Username;

        // MQTT 3.1.1 cannot be told; without the cap a peer that lost its power would hold its connection for ever.
        KeepAliveSeconds = connect.KeepAlivePeriod is 0 || connect.KeepAlivePeriod > _door.Options.KeepAliveSecondsMax ? _door.Options.KeepAliveSecondsMax : connect.KeepAlivePeriod;

        // A client id is its connection's own: nobody can push another connection out by taking its id.
        connect.ClientId = $"{Name}\n{connect.ClientId}";

        // No session outlives its connection, no will is kept; the silence of a connection is watched by the door itself.
        (connect.CleanSession, connect.WillFlag, connect.KeepAlivePeriod, connect.SessionExpiryInterval) = (true, false, 0, 0);
        OnSignedIn?.Invoke();
    }

    private void SayLimits(MqttConnAckPacket ack)
    {
        ack.ReceiveMaximum = (ushort)_door.Options.UnsentRepliesMax;
        ack.MaximumPacketSize = (uint)_door.Options.PacketBytesMax;
        ack.MaximumQoS = MqttQualityOfServiceLevel.AtLeastOnce;
        ack.RetainAvailable = true;
        ack.TopicAliasMaximum = 0;
        ack.ServerKeepAlive = (ushort)KeepAliveSeconds;
        ack.SessionExpiryInterval = 0;
        ack.IsSessionPresent = false;
        ack.AssignedClientIdentifier = _assignedId;
        (ack.WildcardSubscriptionAvailable, ack.SharedSubscriptionAvailable, ack.SubscriptionIdentifiersAvailable) = (false, false, false);
    }

    /// <summary>Takes a message.</summary>
    /// <returns>Why the connection has to end; null where it goes on.</returns>
    private (MqttDisconnectReasonCode Code, string Text)? Take(MqttPublishPacket message)
    {
        var payload = message.Payload.IsSingleSegment ? message.Payload.First : message.Payload.ToArray();
        if (Impossible(message) is { } impossible)
        {
            Refuse(impossible.Refusal, message.Topic ?? "", message.Payload.Length, payload);
            return (impossible.Code, impossible.Refusal.Text);
        }

        if (_stopping)
            return null;
        var (committed, refusal) = _door.Gate.Take(Name, message.Topic, payload, message.Retain, Volatile.Read(ref _heardAt));
        if (refusal is not null)
            Refuse(refusal, message.Topic, payload.Length, payload);
        var toldSo = IsVersion5 && message.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtLeastOnce;
        if (refusal is not null && !toldSo)
        {
            var later = refusal.Reason is RefusalReason.CannotKeep or RefusalReason.RateExceeded;

            // No PUBACK for what is not kept but could be later: the connection ends, and the sender sends it again.
            if (later && message.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtLeastOnce)
                return (MqttDisconnectReasonCode.QuotaExceeded, refusal.Text);
            if (refusal.Reason != RefusalReason.CannotKeep && ++_refused >= _door.Options.RefusedPerConnectionMax)
                return (later ? MqttDisconnectReasonCode.QuotaExceeded : MqttDisconnectReasonCode.PayloadFormatInvalid, refusal.Text);
        }

        if (committed is null && message.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce)
            return null;
        if (_replies.TryAdd(message, committed, refusal) || _stopping || message.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce)
            return null;
        return (MqttDisconnectReasonCode.ReceiveMaximumExceeded, "too many messages wait for their answer");
    }

    private static (Refusal Refusal, MqttDisconnectReasonCode Code)? Impossible(MqttPublishPacket message) => message switch
    {
        { QualityOfServiceLevel: > MqttQualityOfServiceLevel.AtLeastOnce } => (new Refusal(RefusalReason.QosNotSupported, "quality of service 0 or 1 is offered"), MqttDisconnectReasonCode.QoSNotSupported),
        { QualityOfServiceLevel: MqttQualityOfServiceLevel.AtLeastOnce, PacketIdentifier: 0 } => (NoIdentifier, MqttDisconnectReasonCode.ProtocolError),
        { TopicAlias: > 0 } => (new Refusal(RefusalReason.Protocol, "topic aliases are not offered"), MqttDisconnectReasonCode.TopicAliasInvalid),
        { Topic: null } => (new Refusal(RefusalReason.TopicInvalid, "the topic is empty"), MqttDisconnectReasonCode.TopicNameInvalid),
        _ => null,
    };

    private void Refuse(Refusal refusal, string topic, long sizeBytes, ReadOnlyMemory<byte> payload) => _door.Record.Refused(refusal, Name, topic, sizeBytes, payload.Span);

    private Task RefuseSubscriptionAsync(MqttSubscribePacket subscribe, CancellationToken cancellation)
    {
        Refuse(new Refusal(RefusalReason.Subscribe, "equipment may not subscribe"), subscribe.TopicFilters.FirstOrDefault()?.Topic ?? "", 0, default);
        var code = IsVersion5 ? MqttSubscribeReasonCode.NotAuthorized : MqttSubscribeReasonCode.UnspecifiedError;
        var ack = new MqttSubAckPacket { PacketIdentifier = subscribe.PacketIdentifier, ReasonCodes = [.. subscribe.TopicFilters.Select(_ => code)] };
        if (IsVersion5)
            ack.ReasonString = "equipment may not subscribe";
        return SendPacketAsync(ack, cancellation);
    }

    private async Task RefusedByGuardAsync(Refusal refusal, long bytes)
    {
        Refuse(refusal, "", bytes, default);
        await CloseAsync(refusal.Reason == RefusalReason.TooLarge ? MqttDisconnectReasonCode.PacketTooLarge : MqttDisconnectReasonCode.ProtocolError, refusal.Text);
    }

    private async Task SayFarewellAsync(MqttDisconnectReasonCode code, string text)
    {
        using var patience = new CancellationTokenSource(FarewellMax, _door.Wall);
        try
        {
            await SendPacketAsync(new MqttDisconnectPacket { ReasonCode = code, ReasonString = text }, patience.Token);
        }
#pragma warning disable CA1031 // The peer does not listen any more: the connection is cut without a word.
        catch (Exception)
#pragma warning restore CA1031
        {
            _connection.Abort();
        }
    }
}

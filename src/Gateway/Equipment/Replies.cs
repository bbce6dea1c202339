using System.Threading.Channels;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Gateway.Intake;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Monitoring.Gateway.Equipment;

/// <summary>Answers the messages of one connection in their order, each when it is durable.</summary>
internal sealed class Replies
{
    private static readonly Refusal NotCommitted = new(RefusalReason.CannotKeep, "the journal could not be written; send it again later");

    private readonly Channel<Reply> _queue;
    private readonly EquipmentChannel _channel;
    private readonly IntakeRecord _record;
    private readonly int _unsentMax;
    private int _unsent;

    public Replies(EquipmentChannel channel, IntakeRecord record, int unsentMax)
    {
        (_channel, _record) = (channel, record);
        _unsentMax = unsentMax;
        _queue = Channel.CreateUnbounded<Reply>(new UnboundedChannelOptions { SingleReader = true });
        Done = SendAsync();
    }

    /// <summary>Ends when everything is answered after <see cref="Complete"/>.</summary>
    public Task Done { get; }

    /// <summary>Adds an answer.</summary>
    /// <returns>False where too many wait, or none may follow.</returns>
    public bool TryAdd(MqttPublishPacket message, Task? committed, Refusal? refusal)
    {
        // Counted here and not by the queue: the answer that waits for its commit has left the queue and is still unsent.
        if (Interlocked.Increment(ref _unsent) <= _unsentMax && _queue.Writer.TryWrite(new Reply(message.PacketIdentifier, message.QualityOfServiceLevel, message.Topic, message.Payload.Length, committed, refusal)))
            return true;
        Interlocked.Decrement(ref _unsent);
        return false;
    }

    /// <summary>No further answer follows.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    private async Task SendAsync()
    {
        var mute = false;
        await foreach (var reply in _queue.Reader.ReadAllAsync())
        {
            var refusal = reply.Refusal;
            if (reply.Committed is { } committed && !await IsDurableAsync(committed))
            {
                refusal = NotCommitted;
                _record.Refused(refusal, _channel.Name, reply.Topic, reply.SizeBytes, default);

                // MQTT 3.1.1 cannot say so: no answer to this message or any later one, and the connection ends.
                if (!_channel.IsVersion5 && !mute)
                {
                    mute = true;
                    _ = _channel.CloseAsync(MqttDisconnectReasonCode.QuotaExceeded, refusal.Text);
                }
            }

            // Before it is sent: whoever has read it may send the next message at once.
            Interlocked.Decrement(ref _unsent);
            if (!mute && reply.QoS == MqttQualityOfServiceLevel.AtLeastOnce)
                mute = !await TrySendAsync(reply.Packet, refusal);
        }
    }

    private static async ValueTask<bool> IsDurableAsync(Task committed)
    {
        if (!committed.IsCompleted)
            await committed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return committed.IsCompletedSuccessfully;
    }

    private async Task<bool> TrySendAsync(ushort packet, Refusal? refusal)
    {
        var ack = new MqttPubAckPacket { PacketIdentifier = packet };
        if (refusal is not null && _channel.IsVersion5)
            (ack.ReasonCode, ack.ReasonString) = (ReasonCodes.Of(refusal.Reason), refusal.Text);
        try
        {
            await _channel.SendPacketAsync(ack, CancellationToken.None);
            return true;
        }
#pragma warning disable CA1031 // The connection is gone, whatever the cause: the sender sends the message again, and repeats are recognised.
        catch (Exception)
#pragma warning restore CA1031
        {
            // A connection that stayed open without its answers would keep its sender waiting for ever.
            _channel.Cut();
            return false;
        }
    }

    // Not the packet: a peer that does not read its answers would keep every payload in memory.
    private readonly record struct Reply(ushort Packet, MqttQualityOfServiceLevel QoS, string Topic, long SizeBytes, Task? Committed, Refusal? Refusal);
}

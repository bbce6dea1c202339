using System.Buffers.Binary;
using System.Net.Sockets;

namespace Monitoring.Simulator.Intake;

/// <summary>One connection of a load run: fills its window, reads acknowledgements, measures.</summary>
internal sealed class LoadLink : IDisposable
{
    private const int BufferBytes = 64 * 1024;
    private static readonly TimeSpan LastAnswersWithin = TimeSpan.FromSeconds(10);

    // The reader may free room between the look at the window and the wait for it; the wait ends soon in any case.
    private static readonly TimeSpan RoomWithin = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly TimeProvider _time;
    private readonly LoadMessage _message;
    private readonly LoadPrincipal _principal;
    private long[] _sentAt = [];
    private readonly SemaphoreSlim _room = new(0, 1);
    private readonly byte[] _received = new byte[BufferBytes];
    private int _receivedBytes;
    private long _measureFrom;
    private long _sendUntil;
    private ushort _id;
    private int _inFlight;

    public LoadLink(LoadPrincipal principal, TimeProvider time) => (_principal, _time, _message) = (principal, time, new LoadMessage(principal.Topics[0], time.GetUtcNow()));

    /// <summary>Latencies after the warm-up.</summary>
    public LatencyHistogram Latencies { get; } = new();

    /// <summary>Messages acknowledged between the warm-up and the end of sending.</summary>
    public long Acked { get; private set; }

    /// <summary>Messages answered with a failure after the warm-up.</summary>
    public long Refused { get; private set; }

    /// <summary>Messages that may be unacknowledged.</summary>
    public int Window { get; private set; }

    /// <summary>Connects and signs in.</summary>
    public async Task ConnectAsync(MqttEndpoint endpoint, int window, string clientId, CancellationToken cancellation)
    {
        await _socket.ConnectAsync(endpoint.Host, endpoint.Port, cancellation);
        await _socket.SendAsync(LoadPackets.Connect(clientId, _principal.Connection, _principal.Secret), cancellation);
        while (!TryConnAck(window))
        {
            if (!await ReceiveAsync(cancellation))
                throw new LoadInputException($"the hub closed the connection of '{_principal.Connection}' before it answered");
        }
    }

    /// <summary>Sends until told to stop, then waits for what is on its way.</summary>
    /// <param name="rate">Messages per second; 0 for no limit.</param>
    /// <param name="measureFrom">Time stamp at which measuring begins.</param>
    /// <param name="sendUntil">Time stamp at which sending ends.</param>
    /// <param name="cancellation">Ends it at once.</param>
    /// <returns>Whether the connection lasted.</returns>
    public async Task<bool> RunAsync(double rate, long measureFrom, long sendUntil, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        (_measureFrom, _sendUntil) = (measureFrom, sendUntil);
        try
        {
            var reading = ReadAsync(end.Token);
            await SendAsync(rate, reading, cancellation);
            var deadline = sendUntil + (long)(LastAnswersWithin.TotalSeconds * _time.TimestampFrequency);
            while (Volatile.Read(ref _inFlight) > 0 && !reading.IsCompleted && _time.GetTimestamp() < deadline)
                await _room.WaitAsync(RoomWithin, cancellation);
            await end.CancelAsync();
            return await reading && _inFlight == 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _room.Dispose();
    }

    private async Task SendAsync(double rate, Task reading, CancellationToken cancellation)
    {
        var buffer = new byte[Math.Max(BufferBytes, _message.Length)];
        var startedAt = _time.GetTimestamp();
        long sent = 0;
        while (_time.GetTimestamp() < _sendUntil && !reading.IsCompleted)
        {
            var due = rate > 0 ? (long)(rate * _time.GetElapsedTime(startedAt).TotalSeconds) - sent : long.MaxValue;
            var bytes = Fill(buffer, due);
            sent += bytes / _message.Length;
            for (var at = 0; at < bytes;)
                at += await _socket.SendAsync(buffer.AsMemory(at, bytes - at), cancellation);
            if (bytes == 0 && due <= 0)
                await Task.Delay(TimeSpan.FromMilliseconds(1), _time, cancellation);
            else if (bytes == 0)
                await _room.WaitAsync(RoomWithin, cancellation);
        }
    }

    private int Fill(Span<byte> buffer, long due)
    {
        var room = Math.Min(Math.Min(Window - Volatile.Read(ref _inFlight), due), buffer.Length / _message.Length);
        var now = _time.GetTimestamp();
        for (var i = 0; i < room; i++)
        {
            // A packet id is free again only once its acknowledgement has come.
            do
                _id = _id == _sentAt.Length - 1 ? (ushort)1 : (ushort)(_id + 1);
            while (Volatile.Read(ref _sentAt[_id]) != 0);
            Volatile.Write(ref _sentAt[_id], now);
            _message.WriteNext(buffer.Slice(i * _message.Length, _message.Length), _id);
        }

        if (room <= 0)
            return 0;
        Interlocked.Add(ref _inFlight, (int)room);
        return (int)room * _message.Length;
    }

    private async Task<bool> ReadAsync(CancellationToken end)
    {
        try
        {
            while (await ReceiveAsync(end))
            {
                Interlocked.Add(ref _inFlight, -Consume());
                if (_room.CurrentCount == 0)
                    _room.Release();
            }

            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private int Consume()
    {
        var (acked, at, now) = (0, 0, _time.GetTimestamp());
        while (LoadPackets.TryRead(_received.AsSpan(at, _receivedBytes - at), out var first, out var body) is var length and > 0)
        {
            at += length;
            if (first == LoadPackets.Disconnect)
                throw new SocketException((int)SocketError.Disconnecting);
            if (first != LoadPackets.PubAck)
                continue;
            acked++;
            Settle(BinaryPrimitives.ReadUInt16BigEndian(body), refused: body.Length > 2 && body[2] >= 0x80, now);
        }

        Keep(at);
        return acked;
    }

    private void Settle(ushort id, bool refused, long now)
    {
        var sentAt = Interlocked.Exchange(ref _sentAt[id], 0);
        if (now < _measureFrom)
            return;
        if (refused)
            Refused++;
        else
            Latencies.Note(_time.GetElapsedTime(sentAt, now));
        if (!refused && now <= _sendUntil)
            Acked++;
    }

    private bool TryConnAck(int window)
    {
        var length = LoadPackets.TryRead(_received.AsSpan(0, _receivedBytes), out var first, out var body);
        if (length == 0)
            return false;
        if (first != LoadPackets.ConnAck)
            throw new LoadInputException($"the answer to CONNECT is packet 0x{first:X2}; give the address of an MQTT 5 listener");
        var (code, receiveMaximum) = LoadPackets.ReadConnAck(body);
        if (code != 0)
            throw new LoadInputException($"the hub does not let '{_principal.Connection}' in (0x{code:X2}): check its secret");
        Window = Math.Min(window, receiveMaximum);
        _sentAt = new long[Math.Min(ushort.MaxValue, Math.Max(64, 4 * Window)) + 1];
        Keep(length);
        return true;
    }

    private void Keep(int from)
    {
        _received.AsSpan(from, _receivedBytes - from).CopyTo(_received);
        _receivedBytes -= from;
    }

    private async Task<bool> ReceiveAsync(CancellationToken cancellation)
    {
        var bytes = await _socket.ReceiveAsync(_received.AsMemory(_receivedBytes), cancellation);
        _receivedBytes += bytes;
        return bytes > 0;
    }
}

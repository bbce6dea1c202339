using System.Net;
using System.Net.Sockets;

namespace Monitoring.Faults.Intake;

/// <summary>A socket to the MQTT port that sends any bytes, and holds the hub to the order of its own packets.</summary>
internal sealed class RawConnection : IDisposable
{
    /// <summary>What takes longer is a hang: a hundred times what an answer takes on a busy machine.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private BufferedStream? _stream;
    private bool _signedIn;
    private bool _farewell;

    /// <summary>Connects.</summary>
    public static async Task<RawConnection> OpenAsync(int port)
    {
        var connection = new RawConnection();
        await Within(patience => connection._socket.ConnectAsync(IPAddress.Loopback, port, patience).AsTask(), "to be let in");
        connection._stream = new BufferedStream(new NetworkStream(connection._socket));
        return connection;
    }

    /// <summary>Sends.</summary>
    /// <returns>False where the hub has ended the connection.</returns>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
            {
                var sent = 0;
                await Within(async patience => sent = await _socket.SendAsync(bytes, patience), "to take what was sent");
                bytes = bytes[sent..];
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Sends no more; the hub sees the end after what was sent.</summary>
    public void EndSending()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The hub was first.
        }
    }

    /// <summary>Closes at once, so that the hub sees a reset.</summary>
    public void Reset() => _socket.Close(0);

    /// <summary>The next packet of the hub; null at the end of the connection.</summary>
    public async Task<(byte First, byte[] Body)?> ReadAsync()
    {
        (byte, byte[])? packet = null;
        try
        {
            await Within(async patience => packet = await ReadPacketAsync(patience), "to answer or end the connection");
        }
        catch (IOException)
        {
            // A reset, or the end within a packet, which is the end as well.
        }

        if (packet is { } answer)
            Check(answer.Item1, answer.Item2);
        return packet;
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _socket.Dispose();
    }

    private async Task<(byte, byte[])> ReadPacketAsync(CancellationToken patience)
    {
        var one = new byte[1];
        await _stream!.ReadExactlyAsync(one, patience);
        var first = one[0];
        int length = 0, shift = 0;
        do
        {
            await _stream.ReadExactlyAsync(one, patience);
            length |= (one[0] & 0x7F) << shift;
            shift += 7;
        }
        while ((one[0] & 0x80) != 0);
        var body = new byte[length];
        await _stream.ReadExactlyAsync(body, patience);
        return (first, body);
    }

    // MQTT 5.0 §3.2, §3.14.4 and §2.2.1: CONNACK first and once, nothing after DISCONNECT, no answer to packet 0.
    private void Check(byte first, byte[] body)
    {
        var isSignIn = first == PacketBytes.ConnAck;
        Assert.True(isSignIn != _signedIn, $"the hub sent a packet 0x{first:x2} {(_signedIn ? "after" : "before")} CONNACK");
        Assert.False(_farewell, $"the hub sent a packet 0x{first:x2} after its DISCONNECT");
        Assert.Contains(first, new[] { PacketBytes.ConnAck, PacketBytes.PubAck, PacketBytes.SubAck, PacketBytes.UnsubAck, PacketBytes.PingResp, PacketBytes.Disconnect });
        if (first is PacketBytes.PubAck or PacketBytes.SubAck or PacketBytes.UnsubAck)
            Assert.False(body is [0, 0, ..], $"the hub answered a packet 0x{first:x2} for packet id 0");
        (_signedIn, _farewell) = (true, first == PacketBytes.Disconnect);
    }

    private static async Task Within(Func<CancellationToken, Task> work, string what)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(AnswerWithin);
        try
        {
            await work(patience.Token);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited {AnswerWithin.TotalSeconds} s for the hub {what}.");
        }
    }
}

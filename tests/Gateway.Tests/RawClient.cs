using System.Net.Sockets;
using System.Text;

namespace Monitoring.Gateway.Tests;

/// <summary>MQTT byte by byte, for what a well-behaved client would not send.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;

    private RawClient(Socket socket) => (_socket, _stream) = (socket, new NetworkStream(socket, ownsSocket: true));

    /// <summary>Connects a socket and signs in with MQTT 5.</summary>
    public static async Task<RawClient> ConnectAsync(RunningGateway gateway, string user, byte keepAliveSeconds = 0, string clientId = "raw")
    {
        var client = await OpenAsync(gateway);
        await client.SendAsync(SignInPacket(user, gateway.Secrets[user], clientId, keepAliveSeconds: keepAliveSeconds));
        var answer = await client.ReadPacketAsync();
        Assert.Equal((0x20, 0), (answer.First, answer.Body[1]));
        return client;
    }

    /// <summary>Connects a socket and says nothing.</summary>
    public static async Task<RawClient> OpenAsync(RunningGateway gateway) => new(await gateway.ConnectRawAsync());

    /// <summary>A CONNECT. A will needs both topic and body.</summary>
    public static byte[] SignInPacket(string? user, string? secret, string clientId, byte version = 5, byte keepAliveSeconds = 0, bool cleanStart = true, string? willTopic = null, string willBody = "", bool willRetained = false)
    {
        var flags = (user is null ? 0 : 0x80) | (secret is null ? 0 : 0x40) | (cleanStart ? 0x02 : 0) | (willTopic is null ? 0 : 0x0C) | (willRetained ? 0x20 : 0);
        byte[] none = version == 5 ? [0] : [];
        byte[] will = willTopic is null ? [] : [.. none, .. Text(willTopic), .. Text(willBody)];
        return Packet(0x10, [.. Text("MQTT"), version, (byte)flags, 0, keepAliveSeconds, .. none, .. Text(clientId), .. will, .. user is null ? [] : Text(user), .. secret is null ? [] : Text(secret)]);
    }

    /// <summary>A packet with its length.</summary>
    public static byte[] Packet(byte first, params byte[] body) => [first, .. Length(body.Length), .. body];

    /// <summary>A text with its length in bytes.</summary>
    public static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    public async Task PublishAsync(string topic, string payload, int quality, ushort packet)
    {
        await PublishAsync(Text(topic), payload, quality, packet);
    }

    /// <summary>Publishes with MQTT 5 to a topic of any bytes, its length included.</summary>
    public async Task PublishAsync(byte[] topic, string payload, int quality, ushort packet, bool retained = false)
    {
        byte[] id = quality == 0 ? [] : [(byte)(packet >> 8), (byte)packet];
        await SendAsync(Packet((byte)(0x30 | (quality << 1) | (retained ? 1 : 0)), [.. topic, .. id, 0, .. Encoding.UTF8.GetBytes(payload)]));
    }

    public async Task<(int Packet, int Code)> ReadPubAckAsync()
    {
        var (first, body) = await ReadPacketAsync();
        Assert.Equal(0x40, first);
        return ((body[0] << 8) | body[1], body.Length > 2 ? body[2] : 0);
    }

    public async Task<int> ReadDisconnectAsync()
    {
        var (first, body) = await ReadPacketAsync();
        Assert.Equal(0xE0, first);
        return body[0];
    }

    public async Task<(byte First, byte[] Body)> ReadPacketAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var one = new byte[1];
        await _stream.ReadExactlyAsync(one, patience.Token);
        var first = one[0];
        int length = 0, shift = 0;
        do
        {
            await _stream.ReadExactlyAsync(one, patience.Token);
            length |= (one[0] & 0x7F) << shift;
            shift += 7;
        }
        while ((one[0] & 0x80) != 0);
        var body = new byte[length];
        await _stream.ReadExactlyAsync(body, patience.Token);
        return (first, body);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private static byte[] Length(int length)
    {
        var bytes = new List<byte>();
        do
        {
            bytes.Add((byte)((length & 0x7F) | (length > 0x7F ? 0x80 : 0)));
            length >>= 7;
        }
        while (length > 0);
        return [.. bytes];
    }
}

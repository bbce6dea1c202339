using System.Net.Sockets;
using System.Text;

namespace Monitoring.Gateway.Tests;

/// <summary>MQTT 5 byte by byte, for what a well-behaved client would not send.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;

    private RawClient(Socket socket) => (_socket, _stream) = (socket, new NetworkStream(socket, ownsSocket: true));

    public static async Task<RawClient> ConnectAsync(RunningGateway gateway, string user, byte keepAliveSeconds = 0)
    {
        byte[] body = [.. Text("MQTT"), 5, 0xC2, 0, keepAliveSeconds, 0, .. Text("raw"), .. Text(user), .. Text(gateway.Secrets[user])];
        var client = new RawClient(await gateway.ConnectRawAsync([0x10, .. Length(body.Length), .. body]));
        var answer = await client.ReadPacketAsync();
        Assert.Equal((0x20, 0), (answer.First, answer.Body[1]));
        return client;
    }

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    public async Task PublishAsync(string topic, string payload, int quality, ushort packet)
    {
        byte[] body = [.. Text(topic), (byte)(packet >> 8), (byte)packet, 0, .. Encoding.UTF8.GetBytes(payload)];
        await SendAsync([(byte)(0x30 | (quality << 1)), .. Length(body.Length), .. body]);
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

    private static byte[] Text(string text) => [(byte)(text.Length >> 8), (byte)text.Length, .. Encoding.UTF8.GetBytes(text)];

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

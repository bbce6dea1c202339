using System.Text;

namespace Monitoring.Faults.Intake;

/// <summary>MQTT on the wire.</summary>
internal static class PacketBytes
{
    public const byte ConnAck = 0x20, PubAck = 0x40, SubAck = 0x90, UnsubAck = 0xB0, PingResp = 0xD0, Disconnect = 0xE0;

    private const byte Connect = 0x10;

    /// <summary>Largest packet after sign-in; a larger one ends the connection.</summary>
    public const int PacketBytesMax = 262_144;

    private const int ConnectBytesMax = 4_096, LengthBytesMax = 4;

    public static readonly byte[] PingReq = [0xC0, 0];

    public static byte[] Packet(int first, ReadOnlySpan<byte> body) => [(byte)first, .. Length(body.Length), .. body];

    public static byte[] Length(int length)
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

    public static byte[] Number(int number) => [(byte)(number >> 8), (byte)number];

    public static byte[] Text(string text) => Binary(Encoding.UTF8.GetBytes(text));

    public static byte[] Binary(byte[] bytes) => [.. Number(bytes.Length), .. bytes];

    /// <summary>A sign-in as it should be.</summary>
    public static byte[] SignIn(int version, string client, string user, string secret) =>
        Packet(Connect, [.. Text("MQTT"), (byte)version, 0xC2, .. Number(60), .. version == 5 ? [(byte)0] : Array.Empty<byte>(), .. Text(client), .. Text(user), .. Text(secret)]);

    /// <summary>A message with quality of service 1.</summary>
    public static byte[] Message(int version, string topic, int packet, byte[] payload) =>
        Packet(0x32, [.. Text(topic), .. Number(packet), .. version == 5 ? [(byte)0] : Array.Empty<byte>(), .. payload]);

    /// <summary>Whether the hub owes something after these bytes: they end with a whole packet, or break a rule that ends the connection at once.</summary>
    public static bool AreComplete(ReadOnlySpan<byte> sent)
    {
        for (var isFirst = true; sent.Length > 0; isFirst = false)
        {
            if (ReadHeader(sent) is not { } header)
                return sent.Length > LengthBytesMax;
            if (header > (isFirst ? ConnectBytesMax : PacketBytesMax) || (isFirst && sent[0] != Connect))
                return true;
            if (header > sent.Length)
                return false;
            sent = sent[header..];
        }

        return true;
    }

    /// <summary>Bytes of the whole packet; null where its length is not there, or over four bytes.</summary>
    private static int? ReadHeader(ReadOnlySpan<byte> bytes)
    {
        var length = 0;
        for (var i = 1; i <= LengthBytesMax && i < bytes.Length; i++)
        {
            length |= (bytes[i] & 0x7F) << (7 * (i - 1));
            if ((bytes[i] & 0x80) == 0)
                return i + 1 + length;
        }

        return null;
    }
}

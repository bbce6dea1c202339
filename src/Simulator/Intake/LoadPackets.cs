using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Monitoring.Simulator.Intake;

/// <summary>The few MQTT 5 packets that the load generator writes and reads.</summary>
/// <remarks>
/// Written here and not with MQTTnet's client: that spends a task, an awaiter and several allocations on each publish and would measure
/// itself at the rates asked for (100,000 per second on one core).
/// </remarks>
internal static class LoadPackets
{
    public const byte ConnAck = 0x20;
    public const byte PubAck = 0x40;
    public const byte Disconnect = 0xE0;

    /// <summary>CONNECT with clean start and credentials, keep-alive off: the run is short and never silent.</summary>
    public static byte[] Connect(string clientId, string user, string password)
    {
        var body = new MemoryStream();
        body.Write([0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5, 0b1100_0010, 0, 60, 0]);
        foreach (var text in (string[])[clientId, user, password])
            WriteText(body, text);
        return Packet(0x10, body.ToArray());
    }

    /// <summary>PUBLISH with QoS 1; packet id and stamps are filled in for each message.</summary>
    /// <param name="topic">Topic.</param>
    /// <param name="payload">Body.</param>
    /// <param name="idAt">Offset of the two bytes of the packet id.</param>
    /// <param name="payloadAt">Offset of the body.</param>
    public static byte[] Publish(string topic, byte[] payload, out int idAt, out int payloadAt)
    {
        var body = new MemoryStream();
        WriteText(body, topic);
        var topicBytes = (int)body.Length;
        body.Write([0, 0, 0]);
        body.Write(payload);
        var packet = Packet(0x32, body.ToArray());
        payloadAt = packet.Length - payload.Length;
        idAt = packet.Length - (int)body.Length + topicBytes;
        return packet;
    }

    /// <summary>Reads one packet.</summary>
    /// <param name="data">What has arrived.</param>
    /// <param name="first">First byte of the packet.</param>
    /// <param name="body">Its body.</param>
    /// <returns>Length of the whole packet; 0 where it has not all arrived.</returns>
    public static int TryRead(ReadOnlySpan<byte> data, out byte first, out ReadOnlySpan<byte> body)
    {
        first = 0;
        body = default;
        int length = 0, at = 1;
        for (var shift = 0; ; shift += 7, at++)
        {
            if (at >= data.Length)
                return 0;
            if (shift > 21)
                throw new InvalidDataException("the hub sent a length of over four bytes");
            length |= (data[at] & 0x7F) << shift;
            if (data[at] < 0x80)
                break;
        }

        at++;
        if (data.Length < at + length)
            return 0;
        first = data[0];
        body = data.Slice(at, length);
        return at + length;
    }

    /// <summary>Reads a CONNACK.</summary>
    /// <param name="body">Its body.</param>
    /// <returns>Reason code, and Receive Maximum (65,535 where it is not named).</returns>
    public static (byte Code, int ReceiveMaximum) ReadConnAck(ReadOnlySpan<byte> body)
    {
        var receiveMaximum = (int)ushort.MaxValue;
        for (var at = 3; at < body.Length;)
        {
            var id = body[at++];
            if (id == 0x21)
                receiveMaximum = BinaryPrimitives.ReadUInt16BigEndian(body[at..]);
            at += PropertyLength(id, body[at..]);
        }

        return (body[1], receiveMaximum);
    }

    private static int PropertyLength(byte id, ReadOnlySpan<byte> value) => id switch
    {
        0x24 or 0x25 or 0x28 or 0x29 or 0x2A => 1,
        0x13 or 0x21 or 0x22 => 2,
        0x11 or 0x27 => 4,
        0x26 => Text(value) + Text(value[Text(value)..]),
        _ => Text(value),
    };

    private static int Text(ReadOnlySpan<byte> value) => 2 + BinaryPrimitives.ReadUInt16BigEndian(value);

    private static byte[] Packet(byte first, byte[] body)
    {
        var packet = new MemoryStream();
        packet.WriteByte(first);
        var length = body.Length;
        do
        {
            packet.WriteByte((byte)((length & 0x7F) | (length > 0x7F ? 0x80 : 0)));
            length >>= 7;
        }
        while (length > 0);
        packet.Write(body);
        return packet.ToArray();
    }

    private static void WriteText(MemoryStream to, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > ushort.MaxValue)
            throw new LoadInputException(string.Create(CultureInfo.InvariantCulture, $"a name or topic has {bytes.Length} bytes; MQTT allows {ushort.MaxValue}"));
        to.Write([(byte)(bytes.Length >> 8), (byte)bytes.Length]);
        to.Write(bytes);
    }
}

using System.Buffers;

namespace Monitoring.Gateway.Equipment;

/// <summary>The first bytes of an MQTT packet: its kind and the length it declares (MQTT 5.0 §2.1).</summary>
/// <param name="First">Packet type in the upper four bits, flags in the lower.</param>
/// <param name="Bytes">Length of the whole packet in bytes, header included.</param>
internal readonly record struct PacketHeader(byte First, long Bytes)
{
    /// <summary>First byte of a CONNECT; its flags are reserved as 0. A TLS hello differs in the flags only.</summary>
    public const byte Connect = 0x10;

    private const int LengthBytesMax = 4;

    /// <summary>Reads the header.</summary>
    /// <returns>The header; null where it is not complete yet.</returns>
    /// <exception cref="InvalidDataException">The length is not encoded as MQTT says.</exception>
    public static PacketHeader? Read(in ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryRead(out var first))
            return null;
        long body = 0;
        for (var i = 0; i < LengthBytesMax; i++)
        {
            if (!reader.TryRead(out var part))
                return null;
            body |= (long)(part & 0x7F) << (7 * i);
            if ((part & 0x80) == 0)
                return new PacketHeader(first, reader.Consumed + body);
        }

        throw new InvalidDataException("a packet length has over four bytes");
    }
}

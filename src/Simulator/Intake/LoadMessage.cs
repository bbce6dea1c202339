using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Monitoring.Simulator.Intake;

/// <summary>One PUBLISH of a count, written again and again with a new packet id and a new interval: none is a repeat of another.</summary>
/// <remarks>Intervals lie 24 h back (a hub believes stamps of the last 48 h) and are 10 µs long: at 100,000 per second the stamps run as fast as the clock, so a later run does not repeat them.</remarks>
internal sealed class LoadMessage
{
    private const string StampFormat = "yyyy-MM-ddTHH:mm:ss.fffffffZ";
    private const int StampBytes = 28;
    private static readonly TimeSpan Back = TimeSpan.FromHours(24);
    private static readonly TimeSpan Interval = TimeSpan.FromMicroseconds(10);

    private readonly byte[] _packet;
    private readonly int _idAt;
    private readonly int _timeAt;
    private readonly int _fromAt;
    private DateTime _from;

    /// <summary>Prepares the message.</summary>
    /// <param name="topic">Topic.</param>
    /// <param name="now">The current instant.</param>
    public LoadMessage(string topic, DateTimeOffset now)
    {
        var stamp = new string('-', StampBytes);
        var text = $"{{\"time\":\"{stamp}\",\"readings\":[{{\"channel\":\"load\",\"count\":{{\"in\":1,\"out\":0,\"from\":\"{stamp}\"}}}}]}}";
        _packet = LoadPackets.Publish(topic, Encoding.UTF8.GetBytes(text), out _idAt, out var payloadAt);
        _timeAt = payloadAt + text.IndexOf(stamp, StringComparison.Ordinal);
        _fromAt = payloadAt + text.LastIndexOf(stamp, StringComparison.Ordinal);
        _from = (now - Back).UtcDateTime;
    }

    /// <summary>Bytes of the packet.</summary>
    public int Length => _packet.Length;

    /// <summary>Writes the next message.</summary>
    /// <param name="to">At least <see cref="Length"/> bytes.</param>
    /// <param name="id">Packet id, 1 to 65,535.</param>
    public void WriteNext(Span<byte> to, ushort id)
    {
        _packet.CopyTo(to);
        BinaryPrimitives.WriteUInt16BigEndian(to[_idAt..], id);
        _from.TryFormat(to[_fromAt..], out _, StampFormat, CultureInfo.InvariantCulture);
        _from += Interval;
        _from.TryFormat(to[_timeAt..], out _, StampFormat, CultureInfo.InvariantCulture);
    }
}

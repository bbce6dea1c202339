using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Monitoring.Domain.Intake;
using Monitoring.Simulator.Intake;

namespace Monitoring.Simulator.Equipment;

/// <summary>A Milesight VS133 over LoRaWAN: bytes in base64 inside the envelope of a ChirpStack server. Totals of up to four lines, people in up to four regions.</summary>
/// <param name="device">Device id.</param>
/// <param name="devEui">LoRaWAN id of the device.</param>
/// <param name="topic">Topic of its uplinks: <c>application/{application}/device/{devEui}/event/up</c>.</param>
internal sealed class MilesightCounterSpeech(string device, string devEui, string topic) : DeviceSpeech
{
    private const int FieldBytes = 2;

    // Channel byte and type byte of the total in and out of lines 1 to 4; those of the regions.
    private static readonly (ushort In, ushort Out)[] Lines = [(0x03d2, 0x04d2), (0x06d2, 0x07d2), (0x09d2, 0x0ad2), (0x0cd2, 0x0dd2)];
    private const ushort Regions = 0x0fe3;
    private const int RegionsCount = 4;

    private int _frames;

    public override CountsAs Counts => CountsAs.Totals;

    /// <inheritdoc/>
    /// <remarks>One byte per region.</remarks>
    public override int PeopleMax => byte.MaxValue;

    public override IEnumerable<DeviceReport> Say(DateTimeOffset stamp, TimeSpan sentAfter, IReadOnlyList<Reading> readings, bool scheduled)
    {
        List<Reading> told = [.. readings.OfType<TotalReading>(), .. readings.OfType<OccupancyReading>()];
        yield return new DeviceReport(device, told, new OutgoingMessage(topic, Envelope(stamp, Payload(told))));
    }

    private static byte[] Payload(IReadOnlyList<Reading> readings)
    {
        var bytes = new List<byte>();
        foreach (var total in readings.OfType<TotalReading>())
        {
            var line = Lines[NumberOf(total.Channel) - 1];
            AddTotal(bytes, line.In, total.In);
            AddTotal(bytes, line.Out, total.Out);
        }

        var regions = new byte[RegionsCount];
        foreach (var region in readings.OfType<OccupancyReading>())
            regions[NumberOf(region.Channel) - 1] = (byte)region.People;
        AddField(bytes, Regions);
        bytes.AddRange(regions);
        return [.. bytes];
    }

    private byte[] Envelope(DateTimeOffset stamp, byte[] payload)
    {
        var frame = _frames++;
        var deviceInfo = new
        {
            tenantId = "5d2c1c7e-0d7b-4f0f-9a3e-6b8a4b1f7c01",
            tenantName = "Pilot city",
            applicationId = topic.Split('/')[1],
            applicationName = "People counters",
            deviceProfileId = "0b9f4c36-6f55-4d6f-8a0f-3a1f5f0a7e02",
            deviceProfileName = "VS133",
            deviceName = device,
            devEui,
        };
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            deduplicationId = DeduplicationId(stamp, frame),
            time = stamp.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture) + "00+00:00",
            deviceInfo,
            devAddr = devEui[^8..],
            dr = 5,
            fPort = 85,
            fCnt = frame,
            data = Convert.ToBase64String(payload),
        });
    }

    // Different for each uplink, the same for the same seed and time.
    private Guid DeduplicationId(DateTimeOffset stamp, int frame)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, stamp.UtcTicks);
        BinaryPrimitives.WriteInt32BigEndian(bytes[8..], frame);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], uint.Parse(devEui.AsSpan(devEui.Length - 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        return new Guid(bytes, bigEndian: true);
    }

    private static void AddTotal(List<byte> bytes, ushort field, long total)
    {
        AddField(bytes, field);
        Span<byte> value = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(value, (uint)total);
        bytes.AddRange(value);
    }

    private static void AddField(List<byte> bytes, ushort field)
    {
        Span<byte> name = stackalloc byte[FieldBytes];
        BinaryPrimitives.WriteUInt16BigEndian(name, field);
        bytes.AddRange(name);
    }

    private static int NumberOf(string channel) => int.Parse(channel.AsSpan(channel.LastIndexOf('-') + 1), CultureInfo.InvariantCulture);
}

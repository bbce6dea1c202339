using System.Globalization;
using System.Text.Json;
using Monitoring.Domain.Intake;
using Monitoring.Simulator.Intake;

namespace Monitoring.Simulator.Equipment;

/// <summary>An AXIS 3D People Counter: one message per interval with what passed in it, also where nobody did; times twice, in UTC and local without an offset.</summary>
/// <param name="device">Device id.</param>
/// <param name="serial">Serial number in lower case.</param>
/// <param name="topic">Topic that the installer chose.</param>
/// <param name="zone">Time zone of the device.</param>
internal sealed class AxisPeopleCounterSpeech(string device, string serial, string topic, TimeZoneInfo zone) : DeviceSpeech
{
    public override CountsAs Counts => CountsAs.Intervals;

    public override bool OnTheClock => true;

    public override IEnumerable<DeviceReport> Say(DateTimeOffset stamp, TimeSpan sentAfter, IReadOnlyList<Reading> readings, bool scheduled)
    {
        foreach (var count in readings.OfType<CountReading>())
            yield return new DeviceReport(device, [count], new OutgoingMessage(topic, Body(count, stamp + sentAfter)));
    }

    private byte[] Body(CountReading count, DateTimeOffset sent)
    {
        var (from, to) = (count.From!.Value, count.Time);
        object[] items = [new { direction = "in", count = count.In, adults = 0 }, new { direction = "out", count = count.Out, adults = 0 }];
        object[] measurements = [new { kind = "people-counts", utcFrom = Utc(from), utcTo = Utc(to), localFrom = Local(from), localTo = Local(to), items }];
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            apiName = "Axis Retail Data",
            apiVersion = "0.4",
            utcSent = Utc(sent),
            localSent = Local(sent),
            data = new { utcFrom = Utc(from), utcTo = Utc(to), localFrom = Local(from), localTo = Local(to), measurements },
            sensor = new { application = "AXIS 3D People Counter", applicationVersion = "11.11.148", timeZone = zone.Id, name = $"axis-{serial}", serial, ipAddress = "192.0.2.60" },
        });
    }

    private static string Utc(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private string Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, zone).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
}

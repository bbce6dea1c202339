using System.Text;
using System.Text.Json;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Tests.Intake;

public sealed class AcceptedMessageTests
{
    private static readonly DateTimeOffset Noon = Square.At("2024-03-01T12:00:00Z");

    private static readonly AcceptedMessage OfEveryKind = Square.Message(
        "d",
        Noon,
        new CountReading("a", Noon, 0, 2, Noon.AddMinutes(-1)),
        new CountReading("a", Noon, 1, 0, null),
        new TotalReading("a", Noon, 9_007_199_254_740_990, 0, 9_007_199_254_740_991),
        new OccupancyReading("z", Noon, 0),
        new DensityReading("z", Noon, 0.5),
        new PositionReading("b", Noon, ElementPosition.Unknown),
        new PositionReading("b", Noon, ElementPosition.Raised),
        new HealthReading("", Noon, new Dictionary<string, double> { ["batteryPercent"] = 0, ["temperatureC"] = -3.5 }),
        new NoiseReading("m", Noon, 0),
        new EventReading("e", Noon, "read-error", 0)) with
    { Sequence = 0 };

    // The journal keeps this form for hours and gateways of two versions may meet: fields are added, never renamed.
    private const string Golden =
        """{"deviceId":"d","profile":"native/1","arrivedAt":"2024-03-01T12:00:00+00:00","time":"2024-03-01T12:00:00+00:00","sequence":0,"timeFromDevice":true,"readings":[""" +
        """{"kind":"count","out":2,"from":"2024-03-01T11:59:00+00:00","channel":"a","time":"2024-03-01T12:00:00+00:00"},""" +
        """{"kind":"count","in":1,"channel":"a","time":"2024-03-01T12:00:00+00:00"},""" +
        """{"kind":"total","in":9007199254740990,"modulus":9007199254740991,"channel":"a","time":"2024-03-01T12:00:00+00:00"},""" +
        """{"kind":"occupancy","channel":"z","time":"2024-03-01T12:00:00+00:00"},""" +
        """{"kind":"density","perM2":0.5,"channel":"z","time":"2024-03-01T12:00:00+00:00"},""" +
        """{"kind":"position","channel":"b","time":"2024-03-01T12:00:00+00:00"},""" +
        """{"kind":"position","position":"raised","channel":"b","time":"2024-03-01T12:00:00+00:00"},""" +
        """{"kind":"health","values":{"batteryPercent":0,"temperatureC":-3.5},"channel":"","time":"2024-03-01T12:00:00+00:00"},""" +
        """{"kind":"noise","channel":"m","time":"2024-03-01T12:00:00+00:00"},""" +
        """{"kind":"event","type":"read-error","code":0,"channel":"e","time":"2024-03-01T12:00:00+00:00"}]}""";

    [Fact]
    public void Its_written_form_does_not_change() => Assert.Equal(Golden, Encoding.UTF8.GetString(OfEveryKind.ToBytes()));

    [Fact]
    public void What_was_written_reads_the_same()
    {
        var read = AcceptedMessage.FromBytes(OfEveryKind.ToBytes());
        Assert.Equal(Golden, Encoding.UTF8.GetString(read.ToBytes()));
        Assert.Equal(OfEveryKind.Readings.Where(reading => reading is not HealthReading), read.Readings.Where(reading => reading is not HealthReading));
        Assert.Equal(OfEveryKind with { Readings = read.Readings }, read);
    }

    [Fact]
    public void A_heartbeat_keeps_its_flags()
    {
        var heartbeat = Square.Message("d", Noon) with { ClockFaulty = true, Retained = true, TimeFromDevice = false };
        var read = AcceptedMessage.FromBytes(heartbeat.ToBytes());
        Assert.True(read is { IsHeartbeat: true, ClockFaulty: true, Retained: true, TimeFromDevice: false, Sequence: null });
    }

    [Fact]
    public void A_watermark_is_written_where_there_is_one_and_a_record_from_before_has_none()
    {
        var written = (OfEveryKind with { Watermark = Noon }).ToBytes();
        Assert.Equal(Noon, AcceptedMessage.FromBytes(written).KnownUpTo);
        Assert.Contains("\"watermark\":\"2024-03-01T12:00:00+00:00\"", Encoding.UTF8.GetString(written), StringComparison.Ordinal);
        Assert.Null(AcceptedMessage.FromBytes(Encoding.UTF8.GetBytes(Golden)).KnownUpTo);
        Assert.Equal(Noon, Square.Message("d", Noon).KnownUpTo);
    }

    [Fact]
    public void Fields_of_a_later_version_are_passed_over() =>
        Assert.Equal(10, AcceptedMessage.FromBytes(Encoding.UTF8.GetBytes(Golden.Replace("\"device\"", "\"later\":[1],\"device\"", StringComparison.Ordinal))).Readings.Count);

    [Theory]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"deviceId":"d"}""")]
    [InlineData("[]")]
    public void Anything_else_is_an_error_and_not_an_empty_message(string json) =>
        Assert.Throws<JsonException>(() => AcceptedMessage.FromBytes(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Refusal_reasons_have_names_that_do_not_change() => Assert.Equal(
        ["not-authorized", "topic-invalid", "too-large", "payload-format", "value-out-of-range", "unknown-device", "qos-not-supported", "cannot-keep", "protocol", "bad-credentials", "subscribe", "too-many-secrets", "rate-exceeded"],
        Enum.GetValues<RefusalReason>().Select(reason => reason.ToName()));
}

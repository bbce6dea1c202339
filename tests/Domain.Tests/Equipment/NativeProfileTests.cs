using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Tests.Equipment;

public sealed class NativeProfileTests
{
    private static readonly DateTimeOffset Noon = Square.At("2026-11-22T12:00:00Z");
    private static readonly EquipmentProfile Native = Square.Native();

    [Fact]
    public void The_message_of_the_reference_is_read_whole()
    {
        var message = Taken("""
            {"time":"2026-11-22T11:59:30Z","sequence":123,
             "readings":[
              {"channel":"gate-north","count":{"in":3,"out":1,"from":"2026-11-22T11:58:30Z"}},
              {"channel":"gate-south","total":{"in":48213,"out":47990,"modulus":4294967296}},
              {"channel":"zone-stage","occupancy":{"people":120}},
              {"channel":"zone-stage","density":{"perM2":1.5}},
              {"channel":"b1","position":"raised"},
              {"channel":"battery","health":{"batteryPercent":88,"temperatureC":21.5,"uptimeSeconds":86400}},
              {"channel":"mic","noise":{"laeqDb":71.2}},
              {"channel":"ups","event":{"type":"read-error","code":-4}}]}
            """);
        var time = Square.At("2026-11-22T11:59:30Z");
        Assert.Equal(("d", "native/1", 123L, time, true, false), (message.DeviceId, message.Profile, message.Sequence, message.Time, message.TimeFromDevice, message.ClockFaulty));
        Assert.Equal(
            [
                new CountReading("gate-north", time, 3, 1, Square.At("2026-11-22T11:58:30Z")),
                new TotalReading("gate-south", time, 48_213, 47_990, 4_294_967_296),
                new OccupancyReading("zone-stage", time, 120),
                new DensityReading("zone-stage", time, 1.5),
                new PositionReading("b1", time, ElementPosition.Raised),
                new NoiseReading("mic", time, 71.2),
                new EventReading("ups", time, "read-error", -4),
            ],
            message.Readings.Where(reading => reading is not HealthReading));
        Assert.Equal(88, message.Readings.OfType<HealthReading>().Single().Values["batteryPercent"]);
    }

    [Theory]
    [InlineData("""{"time":"2026-11-22T12:00:00Z","readings":[]}""", 0)]
    [InlineData("""{"readings":[]}""", 0)]
    [InlineData("""{"readings":[],"vendor":{"x":[1,2,3]}}""", 0)]
    [InlineData("""{"sequence":0,"readings":[{"channel":"a","count":{"in":0,"out":0}}]}""", 1)]
    [InlineData("""{"time":null,"readings":[{"channel":"a","count":{"in":1000000,"out":0,"from":null}}]}""", 1)]
    [InlineData("""{"readings":[{"channel":"a","count":{"in":1,"out":1},"occupancy":{"people":2}}]}""", 2)]
    [InlineData("""{"readings":[{"channel":"a","position":"unknown"},{"channel":"b","position":"fault"}]}""", 2)]
    [InlineData("""{"readings":[{"channel":"a","density":{"perM2":20}},{"channel":"m","noise":{"laeqDb":0}}]}""", 2)]
    [InlineData("""{"readings":[{"channel":"a","event":{"type":"x","code":null}}]}""", 1)]
    public void These_are_taken(string json, int readings) => Assert.Equal(readings, Taken(json).Readings.Count);

    [Theory]
    [InlineData("""{"readings":[{"channel":"a","count":{"in":-1,"out":0}}]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"readings":[{"channel":"a","count":{"in":1e400,"out":0}}]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"readings":[{"channel":"a","count":{"in":1.5,"out":0}}]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"readings":[{"channel":"a","count":{"in":1000001,"out":0}}]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"readings":[{"channel":"a","count":{"in":99999999999999999999,"out":0}}]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"readings":[{"channel":"a","count":{"in":"3","out":0}}]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":[{"channel":"a","count":{"in":true,"out":0}}]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":[{"channel":"a","count":{"in":3}}]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":[{"channel":"a","count":{"in":3,"out":null}}]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":[{"channel":"a","count":3}]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":[{"count":{"in":3,"out":1}}]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":[{"channel":"","count":{"in":3,"out":1}}]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":[{"channel":7,"count":{"in":3,"out":1}}]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":[{"channel":"a\u0000","position":"raised"}]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":[{"channel":"a\ud800","position":"raised"}]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":[{"channel":"a","position":"raised","\ud800":1}]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":[{"channel":"a"}]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":[{"channel":"a","warp":1}]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":[5]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":{}}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":null}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"time":"2026-11-22T12:00:00Z"}""", RefusalReason.PayloadFormat)]
    [InlineData("[]", RefusalReason.PayloadFormat)]
    [InlineData("3", RefusalReason.PayloadFormat)]
    [InlineData("null", RefusalReason.PayloadFormat)]
    [InlineData("", RefusalReason.PayloadFormat)]
    [InlineData("{", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":[]} {}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":[],}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":[],"readings":[]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":[],"\u0072eadings":[]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":[{"channel":"a","channel":"b","position":"raised"}]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":[],"x":[[[[[[[[1]]]]]]]]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"readings":[{"channel":"a","position":"up"}]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"readings":[{"channel":"a","position":"Raised"}]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"readings":[{"channel":"a","occupancy":{"people":-1}}]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"readings":[{"channel":"a","occupancy":{"people":1000001}}]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"readings":[{"channel":"a","density":{"perM2":20.01}}]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"readings":[{"channel":"a","density":{"perM2":1e400}}]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"readings":[{"channel":"a","noise":{"laeqDb":160.1}}]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"readings":[{"channel":"a","noise":{"laeqDb":-0.1}}]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"readings":[{"channel":"a","health":{"batteryPercent":101}}]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"readings":[{"channel":"a","total":{"in":5,"out":1,"modulus":5}}]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"readings":[{"channel":"a","total":{"in":0,"out":0,"modulus":1}}]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"readings":[{"channel":"a","total":{"in":9007199254740992,"out":0}}]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"sequence":-1,"readings":[]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"sequence":"5","readings":[]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"time":"2026-11-22T12:00:00","readings":[]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"time":"2026-11-22","readings":[]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"time":"11/10/2026 12:00:00Z","readings":[]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"time":"2026-02-30T12:00:00Z","readings":[]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"time":1763812800,"readings":[]}""", RefusalReason.PayloadFormat)]
    [InlineData("""{"time":"2026-11-22T12:00:00Z","readings":[{"channel":"a","count":{"in":1,"out":0,"from":"2026-11-22T12:00:01Z"}}]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"time":"2026-11-22T12:00:00Z","readings":[{"channel":"a","count":{"in":1,"out":0,"from":"2026-11-21T11:59:59Z"}}]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"time":"9999-12-31T23:59:59Z","readings":[{"channel":"a","count":{"in":1,"out":0,"from":"0001-01-01T00:00:00Z"}}]}""", RefusalReason.ValueOutOfRange)]
    [InlineData("""{"time":"0001-01-01T00:00:00Z","readings":[{"channel":"a","count":{"in":1,"out":0,"from":"9999-12-31T23:59:59Z"}}]}""", RefusalReason.ValueOutOfRange)]
    public void These_are_refused(string json, RefusalReason reason)
    {
        var refusal = Map(json).Refusal;
        Assert.NotNull(refusal);
        Assert.Equal(reason, refusal.Reason);
        Assert.NotEmpty(refusal.Text);
    }

    [Fact]
    public void One_wrong_reading_refuses_the_whole_message() =>
        Assert.Null(Map("""{"readings":[{"channel":"a","count":{"in":1,"out":0}},{"channel":"a","count":{"in":-1,"out":0}}]}""").Message);

    [Fact]
    public void A_refusal_never_repeats_what_the_message_said()
    {
        foreach (var json in (string[])["""{"time":"secret-7","readings":[]}""", """{"readings":[{"channel":"a","position":"secret-7"}]}""", """{"readings":[{"secret-7":1}]}""", """{"secret-7":1,"secret-7":2}""", "secret-7"])
            Assert.DoesNotContain("secret", Map(json).Refusal!.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void The_limit_is_200_readings(int count, bool taken) =>
        Assert.Equal(taken, Map(Many(count, """{"channel":"a","position":"raised"}""")).Refusal is null);

    [Fact]
    public void An_item_that_makes_two_readings_counts_twice_against_the_limit()
    {
        Assert.Equal(200, Taken(Many(100, """{"channel":"a","position":"raised","noise":{"laeqDb":1}}""")).Readings.Count);
        Assert.Equal(RefusalReason.TooLarge, Map(Many(101, """{"channel":"a","position":"raised","noise":{"laeqDb":1}}""")).Refusal!.Reason);
    }

    [Theory]
    [InlineData(16_384, true)]
    [InlineData(16_385, false)]
    public void The_limit_is_16_KiB(int bytes, bool taken)
    {
        var refusal = Map("""{"readings":[]}""".PadRight(bytes)).Refusal;
        Assert.Equal(taken ? null : RefusalReason.TooLarge, refusal?.Reason);
    }

    [Fact]
    public void Broken_utf8_is_refused()
    {
        byte[] payload = [.. "{\"readings\":[{\"channel\":\""u8, 0xC3, 0x28, .. "\",\"position\":\"raised\"}]}"u8];
        Assert.Equal(RefusalReason.PayloadFormat, Native.Map("d", payload, Noon, DeviceClockWindow.Wall, false).Refusal!.Reason);
    }

    [Theory, MemberData(nameof(Seeds.Many), MemberType = typeof(Seeds))]
    public void Whatever_bytes_come_it_answers(int seed)
    {
        var random = new Random(seed);
        var good = Square.Utf8("""{"time":"2026-11-22T11:59:30Z","sequence":1,"readings":[{"channel":"a","count":{"in":3,"out":1,"from":"2026-11-22T11:58:30Z"}},{"channel":"b","health":{"batteryPercent":8e1}}]}""").ToArray();
        for (var i = 0; i < 500; i++)
        {
            var bytes = good.ToArray();
            for (var k = random.Next(1, 5); k > 0; k--)
                bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : good[random.Next(good.Length)];
            var outcome = Native.Map("d", bytes.AsMemory(0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length), Noon, DeviceClockWindow.Wall, false);
            Assert.True(outcome.Message is null ^ outcome.Refusal is null);
        }
    }

    [Theory]
    [InlineData("2026-11-20T12:00:00Z", false)]
    [InlineData("2026-11-20T11:59:59.9999999Z", true)]
    [InlineData("2026-11-22T12:05:00Z", false)]
    [InlineData("2026-11-22T12:05:00.0000001Z", true)]
    [InlineData("2041-01-01T00:00:00Z", true)]
    [InlineData("1970-01-01T00:00:00Z", true)]
    [InlineData("2026-11-22T13:00:00+01:00", false)]
    public void A_stamp_is_believed_from_48_hours_back_to_5_minutes_ahead(string stamp, bool faulty)
    {
        var message = Taken($$"""{"time":"{{stamp}}","readings":[]}""");
        Assert.Equal((faulty, !faulty), (message.ClockFaulty, message.TimeFromDevice));
        Assert.Equal(faulty ? Noon : Square.At(stamp), message.Time);
    }

    [Fact]
    public void A_replay_takes_readings_of_the_day_ahead()
    {
        var ahead = Native.Map("d", Square.Utf8("""{"time":"2026-11-23T12:00:00Z","readings":[]}"""), Noon, DeviceClockWindow.Replay, false);
        Assert.False(ahead.Message!.ClockFaulty);
    }

    [Fact]
    public void A_clock_in_2041_is_marked_and_its_interval_keeps_its_length_and_ends_at_the_arrival()
    {
        var message = Taken("""{"time":"2041-05-05T05:05:00Z","readings":[{"channel":"a","count":{"in":4,"out":0,"from":"2041-05-05T05:00:00Z"}}]}""");
        Assert.True(message.ClockFaulty);
        Assert.Equal(new CountReading("a", Noon, 4, 0, Noon.AddMinutes(-5)), message.Readings.Single());
    }

    [Fact]
    public void Without_a_stamp_the_arrival_counts()
    {
        var message = Taken("""{"readings":[{"channel":"a","count":{"in":4,"out":0}}]}""");
        Assert.Equal((Noon, false, false), (message.Time, message.TimeFromDevice, message.ClockFaulty));
        Assert.Equal(new CountReading("a", Noon, 4, 0, null), message.Readings.Single());
    }

    [Theory, InlineData(true), InlineData(false)]
    public void The_retain_flag_is_kept(bool retained) =>
        Assert.Equal(retained, Native.Map("d", Square.Utf8("""{"readings":[]}"""), Noon, DeviceClockWindow.Wall, retained).Message!.Retained);

    private static MapOutcome Map(string json) => Native.Map("d", Square.Utf8(json), Noon, DeviceClockWindow.Wall, false);

    private static AcceptedMessage Taken(string json)
    {
        var outcome = Map(json);
        Assert.Null(outcome.Refusal);
        return outcome.Message!;
    }

    private static string Many(int count, string item) => $$"""{"readings":[{{string.Join(',', Enumerable.Repeat(item, count))}}]}""";
}

using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Tests.Equipment;

public sealed class MessageClockTests
{
    private static readonly EquipmentProfile Intervals = Profiles.Of("""
        heartbeat: [{ when: /l, upTo: /upTo | iso }]
        readings:
          - { each: /l/*, time: ./t | iso, channel: "'a'", count: { in: 1 | int, out: 0 | int, seconds: 60 | int } }
        """);

    private static readonly Device Minutely = new("d", "Counter", DeviceKind.Counter, "native/1", DevicePurpose.Live, TimeSpan.FromSeconds(60), [new DeviceChannel("a", ChannelSubject.Passages, "a")]);

    [Fact]
    public void Readings_of_one_message_have_their_own_times_and_the_newest_stands_for_the_message()
    {
        var message = Intervals.Taken("""{"l":[{"t":"2026-11-22T11:58:00Z"},{"t":"2026-11-22T11:59:00Z"}]}""");
        Assert.Equal([Square.At("2026-11-22T11:58:00Z"), Square.At("2026-11-22T11:59:00Z")], message.Readings.Select(reading => reading.Time));
        Assert.Equal((Square.At("2026-11-22T11:59:00Z"), true, false, (DateTimeOffset?)Square.At("2026-11-22T11:59:00Z")), (message.Time, message.TimeFromDevice, message.ClockFaulty, message.Watermark));
    }

    [Fact]
    public void A_wrong_clock_moves_them_all_by_the_same_amount()
    {
        var message = Intervals.Taken("""{"l":[{"t":"2000-01-01T00:01:00Z"},{"t":"2000-01-01T00:02:00Z"}],"upTo":"2000-01-01T00:02:00Z"}""");
        Assert.Equal([new CountReading("a", Profiles.Noon.AddMinutes(-1), 1, 0, Profiles.Noon.AddMinutes(-2)), new CountReading("a", Profiles.Noon, 1, 0, Profiles.Noon.AddMinutes(-1))], message.Readings);
        Assert.Equal((Profiles.Noon, true, Profiles.Noon - Square.At("2000-01-01T00:02:00Z"), (DateTimeOffset?)Profiles.Noon), (message.Time, message.ClockFaulty, message.StampShift, message.Watermark));
    }

    [Theory]
    [InlineData("2000-01-03T00:00:00Z", true)]
    [InlineData("2000-01-03T00:00:01Z", false)]
    public void Stamps_of_a_wrong_clock_lie_at_most_48_hours_apart(string newest, bool taken) =>
        Assert.Equal(taken, Intervals.Map($$"""{"l":[{"t":"2000-01-01T00:00:00Z"},{"t":"{{newest}}"}]}""").Message is not null);

    [Theory]
    [InlineData("", -172_800, 300)]
    [InlineData("limits: { behindSeconds: 600 }", -600, 300)]
    [InlineData("limits: { aheadSeconds: 0 }", -172_800, 0)]
    [InlineData("limits: { behindSeconds: 10, aheadSeconds: 3600 }", -10, 3_600)]
    [InlineData("limits: { behindSeconds: 172800, aheadSeconds: 20 }", -172_800, 20)]
    public void A_profile_says_how_far_its_stamps_are_believed(string limits, int behind, int ahead)
    {
        var profile = Profiles.Of($"time: /t | iso\n{limits}\nreadings:\n  - {{ occupancy: {{ people: 1 | int }} }}");
        foreach (var (seconds, faulty) in (ReadOnlySpan<(int, bool)>)[(behind, false), (behind - 1, true), (ahead, false), (ahead + 1, true)])
        {
            var stamp = Profiles.Noon.AddSeconds(seconds);
            var message = Map(profile, stamp, null);
            Assert.Equal((faulty, faulty ? Profiles.Noon : stamp), (message.ClockFaulty, message.Time));
        }

        // A replay's clock follows the data, whatever the profile says.
        Assert.False(Map(profile, Profiles.Noon.AddHours(24), DeviceClockWindow.Replay).ClockFaulty);
    }

    private static AcceptedMessage Map(EquipmentProfile profile, DateTimeOffset stamp, DeviceClockWindow? window) =>
        profile.Map(MessageOrigin.Anyone(new Dictionary<string, string> { ["device"] = "d", ["part"] = "p" }), Square.Utf8($$"""{"t":"{{stamp:O}}"}"""), Profiles.Noon, window, retained: false).Message!;

    [Fact]
    public void A_narrow_window_dates_a_backlog_at_its_arrival_and_keeps_its_lengths()
    {
        var profile = Profiles.Of("limits: { behindSeconds: 60 }\nreadings:\n  - { each: /l/*, time: ./t | iso, channel: \"'a'\", count: { in: 1 | int, out: 0 | int, seconds: 60 | int } }");
        var outcome = profile.Map(MessageOrigin.Anyone(new Dictionary<string, string> { ["device"] = "d", ["part"] = "p" }), Square.Utf8("""{"l":[{"t":"2026-11-22T07:00:00Z"},{"t":"2026-11-22T11:00:00Z"}]}"""), Profiles.Noon, null, retained: false);
        Assert.Equal([Profiles.Noon.AddHours(-4), Profiles.Noon], outcome.Message!.Readings.Select(reading => reading.Time));
        Assert.True(outcome.Message.ClockFaulty);
    }

    [Fact]
    public void A_good_clock_may_speak_of_long_ago() =>
        Assert.Equal(Square.At("2026-11-01T00:00:00Z"), Intervals.Taken("""{"l":[{"t":"2026-11-01T00:00:00Z"},{"t":"2026-11-22T12:00:00Z"}]}""").Readings[0].Time);

    [Theory]
    [InlineData("2026-11-22T12:05:00Z", true)]
    [InlineData("2026-11-22T12:05:01Z", false)]
    public void A_reading_is_not_stamped_after_its_message(string time, bool taken) => Assert.Equal(
        taken,
        Profiles.Of("time: /t | iso\nreadings:\n  - { time: /own | iso, event: { type: \"'x'\" } }").Map($$"""{"t":"2026-11-22T12:00:00Z","own":"{{time}}"}""").Message is not null);

    [Fact]
    public void Stamps_at_the_ends_of_time_are_answered()
    {
        foreach (var (a, b) in (ReadOnlySpan<(string, string)>)[("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"), ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"), ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")])
        {
            var outcome = Intervals.Map($$"""{"l":[{"t":"{{a}}"},{"t":"{{b}}"}],"upTo":"{{a}}"}""");
            Assert.True(outcome.Message is null ^ outcome.Refusal is null);
        }
    }

    [Theory]
    [InlineData("2026-11-22T11:50:00Z", "2026-11-22T11:50:00Z")]
    [InlineData("2026-11-22T13:00:00Z", "2026-11-22T11:59:00Z")]
    public void A_watermark_is_never_after_the_newest_stamp(string upTo, string watermark) =>
        Assert.Equal(Square.At(watermark), Intervals.Taken($$"""{"l":[{"t":"2026-11-22T11:59:00Z"}],"upTo":"{{upTo}}"}""").Watermark);

    [Fact]
    public void A_message_without_any_stamp_vouches_up_to_its_arrival() =>
        Assert.Equal(Profiles.Noon, Profiles.Of("heartbeat: [{ }]\nreadings:\n  - { when: /x, event: { type: \"'x'\" } }").Taken("{}").KnownUpTo);

    [Fact]
    public void An_interval_message_keeps_its_counter_alive_and_a_retained_one_does_not()
    {
        var state = new DeviceState();
        var message = Square.Message("d", Profiles.Noon, Square.Count("a", Profiles.Noon, 0, 0)) with { Watermark = Profiles.Noon };
        state.Note(message with { Retained = true }, Minutely, Profiles.Noon);
        Assert.Null(state.HeartbeatAt);
        state.Note(message, Minutely, Profiles.Noon);
        Assert.Equal(Profiles.Noon, state.HeartbeatAt);
        Assert.True(state.IsAlive("a", TimeSpan.FromSeconds(60), Profiles.Noon.AddSeconds(120)));
        Assert.False(state.IsAlive("a", TimeSpan.FromSeconds(60), Profiles.Noon.AddSeconds(121)));
        state.Note(message with { Watermark = Profiles.Noon.AddMinutes(-9) }, Minutely, Profiles.Noon);
        Assert.Equal(Profiles.Noon, state.HeartbeatAt);
    }

    [Fact]
    public void Counts_without_a_watermark_keep_nothing_alive()
    {
        var state = new DeviceState();
        state.Note(Square.Message("d", Profiles.Noon, Square.Count("a", Profiles.Noon, 1, 0)), Minutely, Profiles.Noon);
        Assert.Null(state.HeartbeatAt);
    }
}

using System.Text.Json;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Tests.Crowd;

public sealed class LineStateTests
{
    private static readonly DateTimeOffset Noon = Square.At("2024-03-01T12:00:00Z");

    [Theory]
    // An interval over midnight belongs to the day in which it starts (Zurich is UTC+1 in winter).
    [InlineData("2024-03-01T22:59:00Z", "2024-03-01T23:00:00Z", "2024-03-01")]
    [InlineData("2024-03-01T22:59:59Z", "2024-03-01T23:59:59Z", "2024-03-01")]
    [InlineData("2024-03-01T23:00:00Z", "2024-03-01T23:01:00Z", "2024-03-02")]
    // 31 March 2024 has 23 hours, 27 October 2024 has 25.
    [InlineData("2024-03-30T22:59:00Z", "2024-03-30T23:00:00Z", "2024-03-30")]
    [InlineData("2024-03-30T23:00:00Z", "2024-03-30T23:15:00Z", "2024-03-31")]
    [InlineData("2024-03-31T21:59:00Z", "2024-03-31T22:15:00Z", "2024-03-31")]
    [InlineData("2024-03-31T22:00:00Z", "2024-03-31T22:15:00Z", "2024-04-01")]
    [InlineData("2024-10-26T21:59:00Z", "2024-10-26T22:15:00Z", "2024-10-26")]
    [InlineData("2024-10-26T22:00:00Z", "2024-10-26T22:15:00Z", "2024-10-27")]
    [InlineData("2024-10-27T22:45:00Z", "2024-10-27T23:00:00Z", "2024-10-27")]
    [InlineData("2024-10-27T23:00:00Z", "2024-10-27T23:15:00Z", "2024-10-28")]
    public void An_interval_counts_in_the_local_day_in_which_it_starts(string from, string to, string day)
    {
        var line = new LineState();
        Assert.Equal(SetAside.None, line.Count(3, 1, Square.At(from), Square.At(to), Square.Zurich));
        Assert.Equal([DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)], line.Days.Keys);
        Assert.Equal((3, 1), (line.Days.Values.Single().In, line.Days.Values.Single().Out));
    }

    [Theory]
    [InlineData("2024-03-31", 92)]
    [InlineData("2024-10-27", 100)]
    [InlineData("2024-10-28", 96)]
    public void A_local_day_has_as_many_quarters_as_the_clocks_say(string date, int quarters)
    {
        var line = new LineState();
        var day = DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture);
        var start = new DateTimeOffset(day.AddDays(-1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        for (var i = 0; i < 3 * 96; i++)
            line.Count(1, 0, start.AddMinutes(15 * i), start.AddMinutes(15 * (i + 1)), Square.Zurich);
        Assert.Equal(quarters, line.Day(day).In);
    }

    [Theory, MemberData(nameof(Seeds.Many), MemberType = typeof(Seeds))]
    public void Accepted_is_counted_and_set_aside_on_each_day_whatever_comes(int seed)
    {
        var random = new Random(seed);
        var line = new LineState();
        var accepted = new Dictionary<DateOnly, long>();
        for (var i = 0; i < 500; i++)
        {
            var from = Noon.AddMinutes(random.Next(-3_000, 3_000));
            DateTimeOffset? start = random.Next(5) == 0 ? null : from;
            var time = start is null ? from : from.AddSeconds(random.Next(0, 1_000));
            line.Count(random.Next(10), random.Next(10), start, time, Square.Zurich);
            var day = LineState.LocalDay(from, Square.Zurich);
            accepted[day] = accepted.GetValueOrDefault(day) + 1;
        }

        foreach (var (day, count) in accepted)
            Assert.Equal(count, line.Day(day).Counted + line.Day(day).SetAside.Values.Sum());
    }

    [Fact]
    public void A_total_goes_with_the_end_of_the_next_local_day_and_the_fates_of_its_readings_with_their_repeats()
    {
        var line = new LineState();
        line.Count(5, 2, null, Noon, Square.Zurich);
        var day = LineState.LocalDay(Noon, Square.Zurich);
        var over = Square.At("2024-03-02T23:00:00Z");
        Assert.Equal(new DateOnly(2024, 3, 1), day);
        line.Forget(over.AddTicks(-1), Square.Zurich);
        Assert.Equal((5, 2), (line.Day(day).In, line.Day(day).Out));
        Assert.True(line.Forget(over, Square.Zurich));
        Assert.Equal((0, 0, 1), (line.Day(day).In, line.Day(day).Out, line.Day(day).Counted));
        Assert.False(line.Forget(over, Square.Zurich));

        // What comes late for such a day has its fate and brings no total back.
        Assert.Equal(SetAside.None, line.Count(3, 1, Noon.AddHours(8), Noon.AddHours(9), Square.Zurich, live: false));
        Assert.Equal((0, 0, 2), (line.Day(day).In, line.Day(day).Out, line.Day(day).Counted));
        line.Forget(Noon.AddDays(3), Square.Zurich);
        Assert.Empty(line.Days);
    }

    [Fact]
    public void A_hub_whose_clock_was_ahead_keeps_totals_once_it_is_right()
    {
        var line = new LineState();
        line.Forget(Noon.AddDays(7), Square.Zurich);
        line.PutBack(Noon);
        line.Forget(Noon, Square.Zurich);
        line.Count(5, 2, null, Noon, Square.Zurich);
        Assert.Equal(5, line.Day(LineState.LocalDay(Noon, Square.Zurich)).In);
    }

    [Theory]
    [InlineData(5, 120)]
    [InlineData(60, 120)]
    [InlineData(90, 180)]
    public void The_last_interval_of_a_device_that_ended_goes_after_two_hours_or_twice_its_length(int minutes, int after)
    {
        var line = new LineState();
        line.Count(5, 2, Noon.AddMinutes(-minutes), Noon, Square.Zurich);
        Assert.False(line.Forget(Noon.AddMinutes(after), Square.Zurich, isReleased: true));
        Assert.NotNull(line.LastInterval);
        Assert.True(line.Forget(Noon.AddMinutes(after).AddTicks(1), Square.Zurich, isReleased: true));
        Assert.Null(line.LastInterval);
        Assert.False(line.Forget(Noon.AddMinutes(after).AddTicks(2), Square.Zurich, isReleased: true));
    }

    [Fact]
    public void A_minute_that_no_heartbeat_closes_goes_after_two_hours()
    {
        var line = new LineState();
        line.Count(5, 2, null, Noon.AddSeconds(30), Square.Zurich);
        line.Flow.Count(null, Noon.AddSeconds(30), 7, TimeSpan.FromMinutes(2));
        line.Forget(Noon + LineState.LastKeptFor, Square.Zurich, isReleased: true);
        Assert.Equal(7, line.Flow.OpenPassages);
        Assert.True(line.Forget(Noon + LineState.LastKeptFor + TimeSpan.FromTicks(1), Square.Zurich, isReleased: true));
        Assert.Equal((null, 0L), (line.Flow.OpenFrom, line.Flow.OpenPassages));
    }

    [Fact]
    public void It_says_when_a_number_went_so_that_it_goes_from_the_disk_too()
    {
        var line = new LineState();
        line.Count(5, 2, null, Noon, Square.Zurich);
        Assert.False(line.Forget(Noon.AddMinutes(59), Square.Zurich, isReleased: true));
        Assert.True(line.Forget(Noon.AddMinutes(62), Square.Zurich, isReleased: true));
        Assert.Empty(line.Minutes);
    }

    [Fact]
    public void Memory_ends_however_long_it_counts()
    {
        var line = new LineState();
        for (var minute = 0; minute < 10 * 24 * 60; minute += 7)
        {
            line.Count(1, 0, null, Noon.AddMinutes(minute), Square.Zurich);
            line.Forget(Noon.AddMinutes(minute), Square.Zurich);
        }

        Assert.InRange(line.Days.Count, 1, LineState.DaysMax);
        Assert.InRange(line.Minutes.Count, 1, 61);
        Assert.InRange(line.Counted.Ranges.Count, 1, IntervalSet.RangesMax);
    }

    [Fact]
    public void A_repeat_changes_its_tally_and_nothing_else()
    {
        var line = new LineState();
        line.Count(5, 2, Noon.AddMinutes(-1), Noon, Square.Zurich);
        Assert.Equal(SetAside.Duplicate, line.Count(9, 9, Noon.AddMinutes(-1), Noon, Square.Zurich));
        var day = line.Days.Values.Single();
        Assert.Equal((5, 2, 1, 1), (day.In, day.Out, day.Counted, day.SetAside[SetAside.Duplicate]));
        Assert.Equal(7, line.FlowPerMinute(Noon));
    }

    [Theory]
    [InlineData(60, 30, 30)]
    [InlineData(300, 30, 6)]
    [InlineData(900, 30, 2)]
    public void The_flow_of_an_interval_is_its_passages_by_its_minutes(int seconds, int passages, double flow)
    {
        var line = new LineState();
        line.Count(passages - 10, 10, Noon.AddSeconds(-seconds), Noon, Square.Zurich);
        Assert.Equal(flow, line.FlowPerMinute(Noon));
        Assert.Equal(flow, line.FlowPerMinute(null));
        Assert.Equal(flow, line.FlowPerMinute(Noon.AddSeconds(seconds - 1)));
        Assert.Equal(0, line.FlowPerMinute(Noon.AddSeconds(seconds)));
    }

    [Fact]
    public void Two_events_of_the_same_instant_are_one_unless_the_device_numbers_its_messages()
    {
        var line = new LineState();
        Assert.Equal(SetAside.None, line.Count(1, 0, null, Noon, Square.Zurich));
        Assert.Equal(SetAside.Duplicate, line.Count(1, 0, null, Noon, Square.Zurich));
        Assert.Equal(SetAside.None, line.Count(1, 0, null, Noon, Square.Zurich, new RepeatMarks(true, default)));
        Assert.Equal(2, line.Days.Values.Single().In);
    }

    [Fact]
    public void A_backlog_of_a_faulty_clock_counts_each_interval_once_by_the_devices_own_stamps()
    {
        var line = new LineState();
        var stamp = Square.At("2041-03-01T12:00:00Z");
        for (var i = 0; i < 3; i++)
        {
            var told = new RepeatMarks(false, Noon - stamp.AddMinutes(5 * i));
            Assert.Equal(SetAside.None, line.Count(1_000, 0, Noon.AddMinutes(-5), Noon, Square.Zurich, told));
            Assert.Equal(SetAside.Duplicate, line.Count(1_000, 0, Noon.AddMinutes(-5), Noon, Square.Zurich, told));
        }

        Assert.Equal(3_000, line.Days.Values.Single().In);
    }

    [Theory]
    [InlineData(RepeatLimits.FaultyStampsDefault)]
    [InlineData(16)]
    public void As_many_stamps_of_a_faulty_clock_are_remembered_as_may_be_and_the_oldest_is_forgotten_and_counted(int most)
    {
        var line = new LineState();
        var stamp = Square.At("2041-03-01T12:00:00Z");
        SetAside Count(int i) => line.Count(1, 0, Noon.AddMinutes(-1), Noon, Square.Zurich, new RepeatMarks(false, Noon - stamp.AddMinutes(i)) { Limits = new RepeatLimits(FaultyStampsMax: most) });
        for (var i = 0; i < most; i++)
            Assert.Equal(SetAside.None, Count(i));
        Assert.Equal(SetAside.Duplicate, Count(0));
        Assert.Equal((SetAside.None, 1), (Count(most), line.FaultyStampsForgotten));
        Assert.Equal(SetAside.Duplicate, Count(1));
        Assert.Equal((SetAside.None, most), (Count(0), line.FaultyStamps.Count));
    }

    [Fact]
    public void A_late_interval_does_not_become_the_flow_of_now()
    {
        var line = new LineState();
        line.Count(30, 0, Noon.AddMinutes(-1), Noon, Square.Zurich);
        line.Count(90, 0, Noon.AddMinutes(-10), Noon.AddMinutes(-9), Square.Zurich);
        Assert.Equal(30, line.FlowPerMinute(Noon));
    }

    [Fact]
    public void The_flow_of_events_is_the_last_minute_that_a_heartbeat_closed()
    {
        var line = new LineState();
        for (var second = 0; second < 60; second += 10)
            line.Count(1, 1, null, Noon.AddSeconds(second), Square.Zurich);
        Assert.Null(line.FlowPerMinute(null));
        Assert.Equal(0, line.FlowPerMinute(Noon.AddSeconds(59)));
        Assert.Equal(12, line.FlowPerMinute(Noon.AddSeconds(60)));
        Assert.Equal(12, line.FlowPerMinute(Noon.AddSeconds(119)));
        Assert.Equal(0, line.FlowPerMinute(Noon.AddSeconds(120)));
    }

    [Fact]
    public void A_short_interval_that_ends_on_the_minute_belongs_to_the_minute_it_closes()
    {
        var line = new LineState();
        for (var second = 10; second <= 60; second += 10)
            line.Count(1, 0, Noon.AddSeconds(second - 10), Noon.AddSeconds(second), Square.Zurich);
        Assert.Equal(6, line.FlowPerMinute(Noon.AddSeconds(60)));
    }

    [Fact]
    public void It_is_the_same_after_it_was_saved_and_read()
    {
        var line = new LineState();
        line.Count(5, 2, Noon.AddMinutes(-1), Noon, Square.Zurich);
        line.Count(5, 2, null, Noon.AddMinutes(1), Square.Zurich);
        line.SetAsideAt(SetAside.Retained, Noon, Square.Zurich);
        line.Counter.Advance(1, 2, null, Noon);
        var text = JsonSerializer.Serialize(line);
        Assert.Equal(text, JsonSerializer.Serialize(JsonSerializer.Deserialize<LineState>(text)));
    }
}

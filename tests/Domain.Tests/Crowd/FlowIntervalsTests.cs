using Monitoring.Domain.Crowd;

namespace Monitoring.Domain.Tests.Crowd;

public sealed class FlowIntervalsTests
{
    private static readonly DateTimeOffset Noon = Square.At("2026-06-01T12:00:00Z");
    private static readonly TimeSpan AliveFor = TimeSpan.FromMinutes(10);

    private readonly FlowIntervals _flow = new();

    [Fact]
    public void A_reported_interval_is_closed_as_it_is() => Assert.Equal([Seen(0, 5, 40)], Count(0, 5, 40));

    [Fact]
    public void A_repeat_and_what_ends_before_something_counted_give_nothing()
    {
        Count(0, 5, 40);
        Assert.Empty(Count(-5, 0, 7));
        Assert.Empty(Count(0, 5, 7));
    }

    [Fact]
    public void A_heartbeat_vouches_for_zeros_in_whole_intervals()
    {
        Count(0, 5, 40);
        Assert.Empty(Vouch(9.9));
        Assert.Equal([Seen(5, 15, 0)], Vouch(19.8));
        Assert.Equal([Seen(15, 20, 0)], Vouch(20));
    }

    [Fact]
    public void A_heartbeat_after_a_gap_vouches_for_nothing_before_it()
    {
        Count(0, 5, 40);
        Assert.Empty(Vouch(15.01));
        Assert.Empty(Vouch(20));
        Assert.Equal([Seen(15.01, 20.01, 0)], Vouch(20.01));
    }

    [Fact]
    public void A_count_that_comes_after_a_heartbeat_replaces_the_zero()
    {
        Count(0, 5, 40);
        Assert.Equal([Seen(5, 10, 0)], Vouch(10));
        Assert.Equal([Seen(5, 10, 300)], Count(5, 10, 300));
        Assert.Empty(Count(5, 10, 300));
    }

    [Fact]
    public void An_interval_that_was_left_out_breaks_a_strong_flow_and_vouches_for_nothing()
    {
        Count(0, 1, 40);
        Assert.Equal([new FlowInterval(At(1), At(2), 0, IsVouched: false), Seen(2, 3, 40)], Count(2, 3, 40));
        Assert.Equal([Seen(20, 21, 40)], Count(20, 21, 40));
    }

    [Fact]
    public void Events_are_gathered_by_minute_and_a_heartbeat_or_a_later_event_closes_it()
    {
        Assert.Empty(Event(10, 1));
        Assert.Empty(Event(59, 2));
        Assert.Empty(Vouch(59 / 60.0));
        Assert.Equal([Seen(0, 1, 3)], Vouch(1));
        Assert.Empty(Event(61, 4));
        Assert.Equal([Seen(1, 2, 4)], Event(200, 5));
        Assert.Equal([Seen(3, 4, 5)], Vouch(4));
    }

    [Fact]
    public void Events_after_a_heartbeat_within_the_minute_are_counted()
    {
        Assert.Empty(Vouch(5 / 60.0));
        Event(10, 6);
        Assert.Equal([Seen(0, 1, 6)], Vouch(1));
        Assert.Equal([Seen(1, 3, 0)], Vouch(3));
    }

    [Fact]
    public void Events_before_a_reported_interval_do_not_leak_into_a_later_minute()
    {
        Event(10, 50);
        Count(0, 1, 7);
        Event(70, 1);
        Assert.Equal([Seen(1, 2, 1)], Vouch(2));
    }

    [Fact]
    public void Silence_closes_nothing_however_long_it_is()
    {
        Count(0, 5, 40);
        Assert.Equal([Seen(180, 185, 50)], Count(180, 185, 50));
    }

    /// <summary>Whatever comes: no zero is vouched for over a time in which the device was silent for longer than it is alive.</summary>
    [Theory]
    [MemberData(nameof(Seeds.Many), MemberType = typeof(Seeds))]
    public void No_zero_reaches_over_a_gap_whatever_comes(int seed)
    {
        var random = new Random(seed);
        var (minute, signs, counted) = (0.0, new List<DateTimeOffset>(), DateTimeOffset.MinValue);
        for (var i = 0; i < 200; i++)
        {
            minute += random.NextDouble() * (random.Next(10) == 0 ? 60 : 2);
            var closed = random.Next(3) switch
            {
                0 => Vouch(minute),
                1 => Event(minute * 60, random.Next(5)),
                _ => Count(minute - 0.5, minute, random.Next(5)),
            };
            signs.Add(At(minute));
            foreach (var interval in closed)
            {
                var inside = signs.Where(sign => sign > interval.From && sign < interval.To).Prepend(interval.From).Append(interval.To).ToList();
                if (interval.Passages == 0)
                    Assert.All(inside.Zip(inside.Skip(1)), pair => Assert.True(pair.Second - pair.First <= AliveFor, $"step {i}"));
                if (interval.Passages > 0)
                    Assert.True(interval.To > counted, $"step {i}");
                counted = interval.Passages > 0 ? interval.To : counted;
            }
        }
    }

    private static DateTimeOffset At(double minute) => Noon + TimeSpan.FromSeconds(Math.Round(minute * 60, 3));

    private static FlowInterval Seen(double from, double to, long passages) => new(At(from), At(to), passages, IsVouched: true);

    private IReadOnlyList<FlowInterval> Count(double from, double to, long passages) => _flow.Count(At(from), At(to), passages, AliveFor);

    private IReadOnlyList<FlowInterval> Event(double second, long passages) => _flow.Count(null, At(second / 60), passages, AliveFor);

    private IReadOnlyList<FlowInterval> Vouch(double minute) => _flow.Vouch(At(minute), AliveFor);
}

using Monitoring.Domain.Crowd;

namespace Monitoring.Domain.Tests.Crowd;

public sealed class FlowIntervalsTests
{
    private static readonly DateTimeOffset Noon = Square.At("2026-06-01T12:00:00Z");

    private readonly FlowIntervals _flow = new();

    [Fact]
    public void A_reported_interval_is_closed_as_it_is() =>
        Assert.Equal(new CountedInterval(Noon, Noon.AddMinutes(5), 40), _flow.Count(Noon, Noon.AddMinutes(5), 40));

    [Fact]
    public void What_ends_before_something_known_is_late()
    {
        _flow.Count(Noon, Noon.AddMinutes(5), 40);
        Assert.Null(_flow.Count(Noon.AddMinutes(-5), Noon, 7));
        Assert.Null(_flow.Count(Noon, Noon.AddMinutes(5), 7));
    }

    [Fact]
    public void A_heartbeat_vouches_for_zeros_in_whole_intervals()
    {
        _flow.Count(Noon, Noon.AddMinutes(5), 40);
        Assert.Empty(_flow.Vouch(Noon.AddMinutes(9.9)));
        Assert.Equal(new CountedInterval(Noon.AddMinutes(5), Noon.AddMinutes(15), 0), Assert.Single(_flow.Vouch(Noon.AddMinutes(19.9))));
        Assert.Equal(new CountedInterval(Noon.AddMinutes(15), Noon.AddMinutes(20), 0), Assert.Single(_flow.Vouch(Noon.AddMinutes(20))));
    }

    [Fact]
    public void Events_are_gathered_by_minute_and_a_heartbeat_or_a_later_event_closes_it()
    {
        Assert.Null(_flow.Count(null, Noon.AddSeconds(10), 1));
        Assert.Null(_flow.Count(null, Noon.AddSeconds(59), 2));
        Assert.Empty(_flow.Vouch(Noon.AddSeconds(59)));
        Assert.Equal(new CountedInterval(Noon, Noon.AddMinutes(1), 3), Assert.Single(_flow.Vouch(Noon.AddSeconds(60))));
        Assert.Null(_flow.Count(null, Noon.AddSeconds(61), 4));
        Assert.Equal(new CountedInterval(Noon.AddMinutes(1), Noon.AddMinutes(2), 4), _flow.Count(null, Noon.AddSeconds(200), 5));
        Assert.Equal(new CountedInterval(Noon.AddMinutes(3), Noon.AddMinutes(4), 5), Assert.Single(_flow.Vouch(Noon.AddMinutes(4))));
    }

    [Fact]
    public void Events_after_a_heartbeat_within_the_minute_are_counted()
    {
        Assert.Empty(_flow.Vouch(Noon.AddSeconds(5)));
        _flow.Count(null, Noon.AddSeconds(10), 6);
        Assert.Equal(6, Assert.Single(_flow.Vouch(Noon.AddMinutes(1))).Passages);
        Assert.Equal(0, Assert.Single(_flow.Vouch(Noon.AddMinutes(3))).Passages);
    }

    [Fact]
    public void Silence_closes_nothing_however_long_it_is()
    {
        _flow.Count(Noon, Noon.AddMinutes(5), 40);
        Assert.Equal(new CountedInterval(Noon.AddHours(3), Noon.AddHours(3).AddMinutes(5), 50), _flow.Count(Noon.AddHours(3), Noon.AddHours(3).AddMinutes(5), 50));
    }

    [Theory]
    [MemberData(nameof(Seeds.Many), MemberType = typeof(Seeds))]
    public void Closed_intervals_go_forward_whatever_comes(int seed)
    {
        var random = new Random(seed);
        var end = DateTimeOffset.MinValue;
        for (var i = 0; i < 200; i++)
        {
            var time = Noon.AddSeconds(10 * i + random.Next(-30, 30));
            var closed = random.Next(3) switch
            {
                0 => _flow.Vouch(time).ToArray(),
                1 => [_flow.Count(null, time, random.Next(5))!],
                _ => [_flow.Count(time.AddSeconds(-10), time, random.Next(5))!],
            };
            foreach (var interval in closed.Where(interval => interval is not null))
            {
                Assert.True(interval.To > end, $"step {i}");
                end = interval.To;
            }
        }
    }
}

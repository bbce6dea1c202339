using Monitoring.Dashboard.Spaces;

namespace Monitoring.Host.Tests.Spaces;

/// <summary>The number beside the heartbeat: from the gateway to the screen.</summary>
public sealed class ScreenLatencyTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nothing_is_shown_before_something_was_measured()
    {
        var latency = new ScreenLatency();
        latency.Pinged(TimeSpan.FromMilliseconds(30));
        Assert.Null(latency.Milliseconds);
    }

    [Fact]
    public void One_slow_message_does_not_make_the_number_jump_and_half_of_the_way_is_added()
    {
        var latency = new ScreenLatency();
        foreach (var milliseconds in (int[])[10, 12, 4_000])
            latency.Drawn(Noon, Noon.AddMilliseconds(milliseconds));
        latency.Pinged(TimeSpan.FromMilliseconds(30));
        Assert.Equal(27, latency.Milliseconds);
    }

    [Fact]
    public void What_lies_further_back_than_the_last_twenty_is_forgotten()
    {
        var latency = new ScreenLatency();
        for (var i = 0; i < ScreenLatency.Kept; i++)
            latency.Drawn(Noon, Noon.AddSeconds(9));
        for (var i = 0; i < ScreenLatency.Kept; i++)
            latency.Drawn(Noon, Noon.AddMilliseconds(5));
        Assert.Equal(5, latency.Milliseconds);
    }

    [Fact]
    public void A_message_from_the_future_took_no_time_rather_than_less_than_none()
    {
        var latency = new ScreenLatency();
        latency.Drawn(Noon.AddSeconds(1), Noon);
        Assert.Equal(0, latency.Milliseconds);
    }
}

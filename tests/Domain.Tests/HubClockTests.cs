namespace Monitoring.Domain.Tests;

public sealed class HubClockTests
{
    private static readonly DateTimeOffset Noon = new(2024, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_replay_clock_that_was_never_moved_reads_1970() =>
        Assert.Equal(DateTimeOffset.UnixEpoch, new HubClock(ClockKind.Replay, TimeProvider.System).Now);

    [Fact]
    public void A_replay_clock_goes_forward_and_never_back()
    {
        var clock = new HubClock(ClockKind.Replay, TimeProvider.System);
        var random = new Random(7);
        var newest = DateTimeOffset.UnixEpoch;
        for (var i = 0; i < 1_000; i++)
        {
            var to = Noon.AddSeconds(random.Next(-1_000_000, 1_000_000));
            clock.MoveTo(to);
            newest = to > newest ? to : newest;
            Assert.Equal(newest, clock.Now);
        }
    }

    [Fact]
    public void Two_who_move_it_at_once_leave_it_at_the_later_instant()
    {
        var clock = new HubClock(ClockKind.Replay, TimeProvider.System);
        Parallel.For(0, 2_000, i => clock.MoveTo(Noon.AddSeconds(i)));
        Assert.Equal(Noon.AddSeconds(1_999), clock.Now);
    }

    [Fact]
    public void An_instant_with_an_offset_is_the_same_instant_in_utc()
    {
        var clock = new HubClock(ClockKind.Replay, TimeProvider.System);
        clock.MoveTo(Noon.ToOffset(TimeSpan.FromHours(2)));
        Assert.Equal(TimeSpan.Zero, clock.Now.Offset);
        Assert.Equal(Noon, clock.Now);
    }

    [Fact]
    public void The_wall_clock_cannot_be_moved()
    {
        var clock = new HubClock(ClockKind.Wall, new StoppedWall(Noon));
        Assert.Equal(Noon, clock.Now);
        Assert.Throws<InvalidOperationException>(() => clock.MoveTo(Noon.AddDays(1)));
        Assert.Equal(Noon, clock.Now);
    }

    private sealed class StoppedWall(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }
}

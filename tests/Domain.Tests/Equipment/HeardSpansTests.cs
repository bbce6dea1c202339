using Monitoring.Domain.Equipment;

namespace Monitoring.Domain.Tests.Equipment;

/// <summary>What a device vouched for: the coverage of a released cell follows from it and from nothing else.</summary>
public sealed class HeardSpansTests
{
    private static readonly DateTimeOffset Noon = Square.At("2024-03-01T12:00:00Z");
    private static readonly TimeSpan AliveFor = TimeSpan.FromMinutes(2);

    private readonly HeardSpans _heard = new();

    [Fact]
    public void Heartbeats_that_follow_each_other_cover_the_time_between_them()
    {
        Beat(0, 60);
        Assert.True(_heard.Covers(Noon, Noon.AddMinutes(60)));
        Assert.False(_heard.Covers(Noon, Noon.AddMinutes(60).AddTicks(1)));
        Assert.Equal(Noon.AddMinutes(60), _heard.UpTo);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void A_gap_longer_than_a_device_is_alive_is_not_vouched_for_by_the_next_heartbeat(int minutes, bool covered)
    {
        Beat(0, 10);
        Beat(10 + minutes, 30);
        Assert.Equal(covered, _heard.Covers(Noon, Noon.AddMinutes(30)));
        Assert.True(_heard.Covers(Noon, Noon.AddMinutes(10)));
        Assert.True(_heard.Covers(Noon.AddMinutes(10 + minutes), Noon.AddMinutes(30)));
        Assert.Equal(covered, _heard.Covers(Noon.AddMinutes(10 + minutes).AddTicks(-1), Noon.AddMinutes(30)));
    }

    [Fact]
    public void The_first_heartbeat_vouches_for_nothing_before_it()
    {
        _heard.Note(Noon, AliveFor);
        Assert.Equal(Noon, _heard.UpTo);
        Assert.False(_heard.Covers(Noon.AddTicks(-1), Noon));
        _heard.Note(Noon.AddMinutes(2), AliveFor);
        Assert.True(_heard.Covers(Noon, Noon.AddMinutes(2)));
        Assert.False(_heard.Covers(Noon.AddTicks(-1), Noon));
    }

    [Fact]
    public void Heartbeats_of_each_minute_that_a_network_brings_early_or_late_vouch_for_all_of_the_time()
    {
        var random = new Random(9);
        for (var minute = 0; minute <= 600; minute++)
            _heard.Note(Noon.AddMinutes(minute).AddSeconds(30 - (60 * random.NextDouble())), AliveFor);
        Assert.True(_heard.Covers(Noon.AddSeconds(30), Noon.AddMinutes(600).AddSeconds(-30)));
    }

    [Fact]
    public void The_order_of_heartbeats_does_not_matter()
    {
        var random = new Random(7);
        var minutes = Enumerable.Range(0, 90).Where(minute => minute is < 30 or > 40).ToArray();
        for (var i = 0; i < 50; i++)
        {
            random.Shuffle(minutes);
            var heard = new HeardSpans();
            foreach (var minute in minutes)
                heard.Note(Noon.AddMinutes(minute), AliveFor);
            Assert.Equal([new HeardSpan(Noon, Noon.AddMinutes(29)), new HeardSpan(Noon.AddMinutes(41), Noon.AddMinutes(89))], heard.Spans);
        }
    }

    [Fact]
    public void A_device_that_falls_silent_again_and_again_keeps_its_newest_spans()
    {
        for (var i = 0; i <= HeardSpans.SpansMax; i++)
            Beat(5 * i, (5 * i) + 1);
        Assert.Equal(HeardSpans.SpansMax, _heard.Spans.Count);
        Assert.False(_heard.Covers(Noon, Noon.AddMinutes(1)));
        Assert.True(_heard.Covers(Noon.AddMinutes(5), Noon.AddMinutes(6)));
    }

    [Fact]
    public void What_is_older_than_the_longest_cell_stays_open_is_forgotten()
    {
        Beat(0, 1);
        _heard.Note(Noon + HeardSpans.Memory, AliveFor);
        Assert.Equal(2, _heard.Spans.Count);
        _heard.Note(Noon.AddMinutes(1) + HeardSpans.Memory, AliveFor);
        Assert.Single(_heard.Spans);
        _heard.Note(Noon, AliveFor);
        Assert.Single(_heard.Spans);
    }

    [Fact]
    public void What_a_wrong_clock_put_into_the_future_is_dropped()
    {
        Beat(0, 60);
        _heard.Note(Noon.AddHours(3), AliveFor);
        _heard.PutBack(Noon.AddMinutes(30));
        Assert.Equal([new HeardSpan(Noon, Noon.AddMinutes(30))], _heard.Spans);
    }

    private void Beat(int from, int to)
    {
        for (var minute = from; minute <= to; minute++)
            _heard.Note(Noon.AddMinutes(minute), AliveFor);
    }
}

using Monitoring.Domain.Crowd;

namespace Monitoring.Domain.Tests.Crowd;

public sealed class TrendTests
{
    private static readonly DateTimeOffset Noon = Square.At("2024-03-01T12:00:00Z");

    [Fact]
    public void It_is_people_per_minute_over_five_minutes()
    {
        var trend = new Trend();
        for (var minute = 0; minute <= 5; minute++)
            trend.Note(100 + (10 * minute), Noon.AddMinutes(minute));
        Assert.Equal(10, trend.PerMinute(150, Noon.AddMinutes(5)));
        Assert.Equal(-20, trend.PerMinute(0, Noon.AddMinutes(5)));
    }

    [Fact]
    public void It_is_unknown_where_either_end_is()
    {
        var trend = new Trend();
        trend.Note(100, Noon);
        Assert.Null(trend.PerMinute(100, Noon.AddMinutes(4)));
        Assert.Null(trend.PerMinute(null, Noon.AddMinutes(5)));
        Assert.NotNull(trend.PerMinute(100, Noon.AddMinutes(5)));
        trend.Note(null, Noon.AddSeconds(30));
        Assert.Null(trend.PerMinute(100, Noon.AddMinutes(5)));
    }

    [Fact]
    public void Between_minutes_it_divides_by_the_time_that_really_passed()
    {
        var trend = new Trend();
        trend.Note(100, Noon.AddSeconds(10));
        trend.Note(900, Noon.AddSeconds(50));
        Assert.Equal(55 / (5 + (40 / 60d)), trend.PerMinute(155, Noon.AddMinutes(5).AddSeconds(50))!.Value, 9);
    }

    [Fact]
    public void It_keeps_a_few_minutes_only()
    {
        var trend = new Trend();
        for (var second = 0; second < 7_200; second += 5)
            trend.Note(second, Noon.AddSeconds(second));
        Assert.InRange(trend.Samples.Count, 6, Trend.Minutes + 2);
    }
}

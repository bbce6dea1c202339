using Monitoring.Simulator.Intake;

namespace Monitoring.Simulator.Tests.Intake;

public sealed class LatencyHistogramTests
{
    [Theory, InlineData(7), InlineData(41_000), InlineData(3_000_000_000)]
    public void A_quantile_is_at_most_a_thirtieth_above_the_truth(long micros)
    {
        var histogram = new LatencyHistogram();
        histogram.Note(TimeSpan.FromMicroseconds(micros));
        histogram.Note(TimeSpan.FromHours(2));
        Assert.InRange(histogram.Quantile(0.5).TotalMicroseconds, micros, micros * 1.033);
        Assert.Equal(TimeSpan.FromHours(2), histogram.Max);
    }

    [Fact]
    public void Quantiles_of_a_run_of_numbers_are_those_numbers()
    {
        var (odd, even) = (new LatencyHistogram(), new LatencyHistogram());
        for (var i = 1; i <= 10_000; i++)
            (i % 2 == 0 ? even : odd).Note(TimeSpan.FromMicroseconds(i));
        odd.Add(even);
        foreach (var share in (double[])[0.01, 0.5, 0.9, 0.99, 1])
            Assert.InRange(odd.Quantile(share).TotalMicroseconds, share * 10_000, Math.Min(10_000, share * 10_000 * 1.033));
    }

    [Fact]
    public void Nothing_noted_is_zero() => Assert.Equal(TimeSpan.Zero, new LatencyHistogram().Quantile(0.5));

    [Fact]
    public void What_is_too_long_goes_to_the_last_step()
    {
        var histogram = new LatencyHistogram();
        histogram.Note(TimeSpan.FromDays(400));
        Assert.Equal(1, histogram.Count);
        Assert.True(histogram.Quantile(1) > TimeSpan.FromHours(4));
    }
}

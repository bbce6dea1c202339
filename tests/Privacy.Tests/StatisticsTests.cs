namespace Monitoring.Privacy.Tests;

/// <summary>The bounds that the statistical tests use are what they say.</summary>
public sealed class StatisticsTests
{
    [Theory]
    [InlineData(1_000_000, 0.124353001771596, 122_224, 126_492)]
    [InlineData(1_000_000, 0.437823499114202, 434_616, 441_033)]
    [InlineData(200_000, 0.124353001771596, 23_921, 25_830)]
    [InlineData(500_000, 0.191689416, 94_049, 97_649)]
    [InlineData(10_000, 0.063138, 480, 794)]
    [InlineData(200_000, 0.562176500885798, 111_000, 113_869)]
    [InlineData(200_000, 0.206813, 40_195, 42_538)]
    [InlineData(1_000_000, 0.562176500885798, 558_967, 565_384)]
    public void An_interval_is_the_exact_one(long n, double p, long from, long to) => Assert.Equal((from, to), Statistics.Interval(n, p));

    [Theory]
    [InlineData(11, 48.90)]
    [InlineData(43, 102.5)]
    [InlineData(61, 128.91)]
    public void The_bound_of_the_divergence_is_the_theorems(int k, double bound) => Assert.Equal(bound, Statistics.DivergenceMax(k), 0.05);

    [Fact]
    public void The_bound_of_the_distance_is_the_theorems() => Assert.Equal(0.003444, Statistics.DistanceMax(1_000_000), 1e-6);

    [Fact]
    public void A_confidence_bound_leaves_out_what_it_says()
    {
        // 3 of 10 at 5 %: 0.0873 and 0.6066 in the tables.
        Assert.Equal(0.0873, Statistics.LowerBound(10, 3, 0.05), 1e-4);
        Assert.Equal(0.6066, Statistics.UpperBound(10, 3, 0.05), 1e-4);
        Assert.Equal(0, Statistics.LowerBound(10, 0, 0.05));
        Assert.Equal(1, Statistics.UpperBound(10, 10, 0.05));
    }

    [Fact]
    public void The_law_adds_up()
    {
        Assert.Equal(1, Law.Quarter.Between(-400, 400), 1e-12);
        Assert.Equal(Law.Quarter.Pmf(7), Law.Quarter.Between(7, 7), 1e-15);
        var two = Law.Quarter.Sum(2, 300);
        Assert.Equal(0.063138, two[300], 1e-6);
        Assert.Equal(1, two.Sum(), 1e-12);
        Assert.Equal(Enumerable.Range(-150, 301).Sum(z => Law.Quarter.Pmf(z) * Law.Quarter.Pmf(5 - z)), two[305], 1e-12);
    }
}

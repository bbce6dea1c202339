namespace Monitoring.Privacy.Tests;

/// <summary>The sampler draws the law of the formula, and not nearly that.</summary>
public sealed class SamplerTests
{
    private readonly OperatingSystemRandom _random = new();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4)]
    [InlineData(3, 10)]
    [InlineData(1, 8)]
    public void T01_The_exact_decision_tree_has_the_weights_of_the_formula(int s, int t)
    {
        var rate = new NoiseRate((ulong)s, (ulong)t);
        Assert.Empty(Deviations(random => DiscreteLaplace.Attempt(rate, random), new Law((double)s / t)));
    }

    [Fact]
    public void T02_Every_number_below_n_has_as_many_words_as_every_other()
    {
        for (ulong n = 1; n <= 256; n++)
        {
            var words = new int[n];
            for (ulong word = 0; word <= 255; word++)
            {
                if (OperatingSystemRandom.TryFold(word, 255, n, out var value))
                    words[value]++;
            }

            Assert.All(words, count => Assert.Equal(256 / (int)n, count));
        }
    }

    [Fact]
    public void T03_A_million_draws_fit_the_formula() => Assert.Empty(Trials.Fit(() => DiscreteLaplace.Draw(new NoiseRate(1, 4), _random)));

    [Fact]
    public void T04_Zero_and_positive_numbers_come_up_as_often_as_they_should()
    {
        var seen = Histogram.Of(1_000_000, () => DiscreteLaplace.Draw(new NoiseRate(1, 4), _random));
        Assert.Empty(Trials.Outside("zeros", seen.Count(0, 0), 122_224, 126_492));
        Assert.Empty(Trials.Outside("positive", seen.AtLeast(1), 434_616, 441_033));
    }

    [Fact]
    public void T06_Draws_that_follow_each_other_know_nothing_of_each_other() =>
        Assert.Empty(Trials.Pairs(() => (DiscreteLaplace.Draw(new NoiseRate(1, 4), _random), DiscreteLaplace.Draw(new NoiseRate(1, 4), _random))));

    [Theory]
    [InlineData(1, 1, 11, 1)]
    [InlineData(1, 8, 59, 1)]
    [InlineData(3, 10, 33, 1)]
    [InlineData(1, 480, 59, 81)]
    [InlineData(250_000, 60_000_000, 59, 41)]
    public void T08_Other_rates_fit_the_formula_too(int s, int t, int bins, int width)
    {
        var rate = new NoiseRate((ulong)s, (ulong)t);
        var seen = Histogram.Of(200_000, () => DiscreteLaplace.Draw(rate, _random), reach: 40 * (t / s + 1));
        Assert.Empty(seen.Misfits(new Law((double)s / t), bins, width));
    }

    /// <summary>What T-01 finds wrong with one attempt; what is not rejected has the law of the whole.</summary>
    internal static IEnumerable<string> Deviations(Func<IExactRandom, long?> attempt, Law law)
    {
        var branches = AllBranches.Walk(attempt);
        if (branches.Lost > 2e-6)
            yield return $"{branches.Lost} of the weight was not followed";
        var worst = branches.Mass.Max(mass => Math.Abs(mass.Value / (1 - branches.Rejected) - law.Pmf(mass.Key)));
        if (worst > 1e-6)
            yield return $"a probability is off by {worst}";
    }
}

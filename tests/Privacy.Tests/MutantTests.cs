using System.Security.Cryptography;

namespace Monitoring.Privacy.Tests;

/// <summary>T-18: the tests of this project fail where they must. Each mutant has one mistake, and is seen by the test that is there for it.</summary>
/// <remarks>
/// M2 behind pages, routes and files is in the tests of the host, beside A-01 over all of them. None gets away more often than once in 10^9 runs: the least that is seen are M5b and M6,
/// whose divergence of a million draws is 225 and 240 on average (standard deviation 21), where T-03 allows 102.5.
/// </remarks>
public sealed class MutantTests
{
    // Twice as many as T-10 and T-11 look at, so that a small mistake is not overlooked by bad luck.
    private const int Cells = 400_000;

    [Fact]
    public void T18_M1_No_noise_on_zero_is_seen_by_T05() => Assert.NotEmpty(Trials.ZeroCells(new ZeroUnnoised()));

    [Fact]
    public void T18_M2_A_new_draw_for_each_question_is_seen_by_A01() => Assert.NotEmpty(Trials.Averaging(new RedrawnPerQuestion()).Take(1));

    [Fact]
    public void T18_M3_A_minus_zero_is_seen_by_T01_T03_and_T11()
    {
        Assert.NotEmpty(SamplerTests.Deviations(MutantSampler.MinusZero, Law.Quarter));
        SeenByFit(MutantSampler.Until(MutantSampler.MinusZero));
        SeenByRatios(MutantSampler.Until(MutantSampler.MinusZero));
    }

    [Fact]
    public void T18_M4_Noise_for_one_crossing_instead_of_four_is_seen_by_T03_and_T11()
    {
        SeenByFit(random => DiscreteLaplace.Draw(new NoiseRate(1, 1), random));
        SeenByRatios(random => DiscreteLaplace.Draw(new NoiseRate(1, 1), random));
    }

    [Fact]
    public void T18_M5_Noise_five_percent_too_small_is_seen_by_T03_and_T10()
    {
        SeenByFit(random => DiscreteLaplace.Draw(new NoiseRate(5, 19), random));
        var (without, with) = Neighbours(random => DiscreteLaplace.Draw(new NoiseRate(5, 19), random));
        Assert.NotEmpty(Trials.TightEvent(without, with));
    }

    [Fact]
    public void T18_M5b_Noise_two_percent_too_small_is_seen_by_T03() => SeenByFit(random => DiscreteLaplace.Draw(new NoiseRate(25, 98), random));

    [Fact]
    public void T18_M6_Rounded_floating_point_is_seen_by_T03() => SeenByFit(MutantSampler.Until(MutantSampler.RoundedFloat));

    [Fact]
    public void T18_M7_Noise_that_is_cut_off_is_seen_by_T03_and_T11()
    {
        var (without, with) = (Trials.Neighbour(new ClippedNoise(), 50), Trials.Neighbour(new ClippedNoise(), 54));
        Assert.NotEmpty(Trials.Ratios(without, with));
        var pipeline = new ClippedNoise();
        Assert.NotEmpty(Trials.Fit(() => pipeline.Next(0)));
    }

    [Fact]
    public void T18_M8_Negative_numbers_cut_to_zero_are_seen_by_T05_and_T17()
    {
        Assert.NotEmpty(Trials.ZeroCells(new ClampedBeforeStore()));
        Assert.NotEmpty(Trials.EmptyDays(new ClampedBeforeStore()));
    }

    [Fact]
    public void T18_M9_Small_numbers_left_out_are_seen_by_T05() => Assert.NotEmpty(Trials.ZeroCells(new SuppressedBeforeStore()));

    [Fact]
    public void T18_M10_Noise_that_follows_from_the_cell_is_seen_by_T06_and_T07()
    {
        Assert.NotEmpty(Trials.Deployments(new SeededByCell(), new SeededByCell()));
        var (one, other) = (new SeededByCell(), new SeededByCell());
        Assert.NotEmpty(Trials.Pairs(() => (one.Next(0), other.Next(0))));
    }

    [Fact]
    public void T18_M11_A_coin_with_the_wrong_parity_is_seen_by_T03_and_T10()
    {
        SeenByFit(MutantSampler.Until(MutantSampler.WrongParity));
        var (without, with) = Neighbours(MutantSampler.Until(MutantSampler.WrongParity));
        Assert.NotEmpty(Trials.TightEvent(without, with));
    }

    [Fact]
    public void T18_M12_A_fraction_divided_wrongly_is_seen_by_T01_and_T03()
    {
        Assert.NotEmpty(SamplerTests.Deviations(MutantSampler.WrongDivision, Law.Quarter));
        SeenByFit(MutantSampler.Until(MutantSampler.WrongDivision));
    }

    [Fact]
    public void T18_M13_Noise_shared_by_two_cells_is_seen_by_T06()
    {
        var (series, cells) = (new SharedNoise(), new SharedNoise());
        Assert.NotEmpty(Trials.Pairs(() => series.NextPair(0)));
        Assert.NotEmpty(Trials.Pairs(() => (cells.Next(0), cells.Next(0))));
    }

    [Fact]
    public void T18_M14_Noise_that_only_adds_is_seen_by_T03_and_T11()
    {
        SeenByFit(random => Math.Abs(Mutant.Exact(random)));
        SeenByRatios(random => Math.Abs(Mutant.Exact(random)));
    }

    [Fact]
    public void T18_M15_Floating_point_and_a_weak_generator_are_seen_by_T09_and_not_by_T03()
    {
        // The law is the right one to one part in 10^15, so that this fails as seldom as T-03 on right code.
        var seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        Assert.Empty(Trials.Fit(() => FloatSampler.Draw(random)));
        var found = IlScan.FloatingPointAndChance(typeof(FloatSampler).Assembly, type => type == nameof(FloatSampler)).ToList();
        Assert.Contains(found, one => one.Contains("System.Random", StringComparison.Ordinal));
        Assert.Contains(found, one => one.Contains("System.Math", StringComparison.Ordinal));
        Assert.Contains(found, one => one.Contains("System.Double", StringComparison.Ordinal));
        Assert.Contains(found, one => one.Contains("ldc.r8", StringComparison.Ordinal));
    }

    private static void SeenByFit(Func<IExactRandom, long> draw)
    {
        var random = new OperatingSystemRandom();
        Assert.NotEmpty(Trials.Fit(() => draw(random)));
    }

    private static void SeenByRatios(Func<IExactRandom, long> draw)
    {
        var (without, with) = Neighbours(draw);
        Assert.NotEmpty(Trials.Ratios(without, with));
    }

    private static (Histogram Without, Histogram With) Neighbours(Func<IExactRandom, long> draw) => (Trials.Neighbour(new Mutant(draw), 50, Cells), Trials.Neighbour(new Mutant(draw), 54, Cells));
}

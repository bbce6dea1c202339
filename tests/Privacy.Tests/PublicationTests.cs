namespace Monitoring.Privacy.Tests;

/// <summary>What is shown is a function of what was released, and says how far it can be trusted.</summary>
public sealed class PublicationTests
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1_000_000, 1, 3, 9, 10)]
    [InlineData(1_000_000, 2, 6, 20, 10)]
    [InlineData(1_000_000, 4, 12, 40, 19)]
    [InlineData(1_000_000, 8, 24, 80, 38)]
    [InlineData(500_000, 4, 24, 80, 38)]
    [InlineData(1_000_000, 16, 48, 160, 75)]
    [InlineData(250_000, 4, 48, 160, 75)]
    public void A17_Error_needed_count_and_threshold_of_one_cell_are_those_of_the_formula(long micro, long sensitivity, long err95, long typical, long threshold)
    {
        var accuracy = new NoiseAccuracy(new Epsilon(micro), new Sensitivity(sensitivity));
        Assert.Equal((err95, typical), (accuracy.Err95, accuracy.TypicalMin));
        Assert.Equal(threshold, new NoiseOfSum([(accuracy, 1)]).Threshold(10));
    }

    [Theory]
    [InlineData(1_000_000, 4)]
    [InlineData(3_000_000, 2)]
    [InlineData(500_000, 240)]
    [InlineData(1, 10_000)]
    public void Integers_and_formula_agree_for_any_number_of_cells(long micro, long sensitivity)
    {
        var accuracy = new NoiseAccuracy(new Epsilon(micro), new Sensitivity(sensitivity));
        var rate = micro / 1e6 / sensitivity;
        // 2q/(1-q)^2 without subtracting numbers that are nearly one.
        var variance = 0.5 / Math.Pow(Math.Sinh(rate / 2), 2);
        foreach (var n in (int[])[1, 2, 4, 24, 96, 672])
        {
            var exact = 3.3 * Math.Sqrt(variance * n);
            Assert.InRange(new NoiseOfSum([(accuracy, n)]).Threshold(1), exact * (1 - 1e-9), exact * (1 + 1e-9) + 1);
        }
    }

    [Fact]
    public void The_error_of_one_cell_is_the_smallest_that_holds_nineteen_times_in_twenty()
    {
        foreach (var (micro, sensitivity) in ((long, long)[])[(1_000_000, 4), (3_000_000, 1), (500_000, 240), (250_000, 60), (1_000_000, 8), (10_000, 4)])
        {
            var law = new Law(micro / 1e6 / sensitivity);
            var err95 = new NoiseAccuracy(new Epsilon(micro), new Sensitivity(sensitivity)).Err95;
            Assert.True(law.Between(-err95, err95) >= 0.95);
            Assert.True(law.Between(1 - err95, err95 - 1) < 0.95);
        }
    }

    // From a third of a person to 60 of them; by convolution.
    [Theory]
    [InlineData(3_000_000, 1)]
    [InlineData(3_000_000, 2)]
    [InlineData(1_000_000, 1)]
    [InlineData(1_000_000, 4)]
    [InlineData(500_000, 4)]
    [InlineData(1_000_000, 60)]
    public void The_error_of_a_sum_holds_nineteen_times_in_twenty_and_little_more(long micro, long sensitivity)
    {
        var (law, accuracy) = (new Law(micro / 1e6 / sensitivity), new NoiseAccuracy(new Epsilon(micro), new Sensitivity(sensitivity)));
        foreach (var n in (int[])[2, 3, 4, 6, 24, 92, 96, 100, 300])
        {
            var reach = 20 + (int)(10 * Math.Sqrt(law.Variance * n));
            var sum = law.Sum(n, reach);
            var err95 = (int)new NoiseOfSum([(accuracy, n)]).Err95();
            Assert.True(Within(err95) >= 0.95, $"{n} cells: {err95} holds {Within(err95)}");
            // Two steps of the lattice less are too few, unless the steps are few at all.
            Assert.True(Within(err95 - 2 - err95 / 50) < 0.95, $"{n} cells: {err95} is wider than needed");

            double Within(int m) => m < 0 ? 0 : sum[(reach - m)..(reach + m + 1)].Sum();
        }
    }

    [Fact]
    public void Cells_of_different_noise_add_up_by_their_variances()
    {
        var (small, large) = (new NoiseAccuracy(new Epsilon(1_000_000), new Sensitivity(4)), new NoiseAccuracy(new Epsilon(1_000_000), new Sensitivity(60)));
        var law = new Law(1 / 60.0).Sum(1, 3_000);
        var other = Law.Quarter.Sum(1, 3_000);
        var err95 = new NoiseOfSum([(small, 1), (large, 1)]).Err95();
        double within = 0;
        for (var a = -200; a <= 200; a++)
            within += other[3_000 + a] * law[(int)(3_000 - err95 - a)..(int)(3_000 + err95 - a + 1)].Sum();
        Assert.InRange(within, 0.95, 0.96);
    }

    [Fact]
    public void Suppression_looks_at_the_noisy_number_and_at_nothing_else()
    {
        var publication = new Publication();
        Assert.Equal((null, "suppressed", 12), Shown(publication.Of(Cell(18))));
        Assert.Equal((19, null, 12), Shown(publication.Of(Cell(19))));
        Assert.Equal((null, "suppressed", 12), Shown(publication.Of(Cell(-40))));
        Assert.Equal((null, "suppressed", 12), Shown(new Publication(sensitive: true).Of(Cell(49))));
        Assert.Equal((50, null, 12), Shown(new Publication(sensitive: true).Of(Cell(50))));
    }

    [Fact]
    public void A_sum_adds_signed_numbers_and_applies_the_threshold_to_the_sum()
    {
        var hour = new Publication().Of(Cell(30), Cell(-6, at: 1), Cell(4, at: 2), Cell(10, at: 3));
        Assert.Equal((38L, null, 4, 4), (hour.Value, hour.Reason, hour.Cells, hour.CellsReleased));
        Assert.Equal((null, "suppressed", 23), Shown(new Publication().Of(Cell(30), Cell(-6, at: 1), Cell(4, at: 2), Cell(9, at: 3))));
    }

    [Theory]
    [InlineData(ReleaseReason.NoData, "no-data")]
    [InlineData(ReleaseReason.BudgetSpent, "refused")]
    [InlineData(ReleaseReason.TermsChanged, "refused")]
    [InlineData(ReleaseReason.StreamElsewhere, "refused")]
    [InlineData(ReleaseReason.Withdrawn, "withdrawn")]
    public void A_sum_with_a_hole_is_missing_and_says_why(string reason, string shown)
    {
        var hour = new Publication().Of(Cell(300), Cell(null, reason, at: 1), Cell(400, at: 2));
        Assert.Equal((null, shown, 3, 2), (hour.Value, hour.Reason, hour.Cells, hour.CellsReleased));
    }

    [Fact]
    public void Numbers_of_different_kinds_are_not_added_and_none_is_added_twice()
    {
        Assert.Throws<ArgumentException>(() => new Publication().Of());
        Assert.Throws<ArgumentException>(() => new Publication().Of(Cell(1), Cell(1, at: 1) with { Kind = ReleaseKind.Presence }));
        Assert.Throws<ArgumentException>(() => new Publication().Of(Cell(1), Cell(1, at: 1), Cell(1)));
    }

    [Fact]
    public void More_rates_than_are_remembered_change_no_number()
    {
        var publication = new Publication();
        for (var sensitivity = 1; sensitivity <= Publication.RatesMax + 2; sensitivity++)
            publication.Of(Cell(1) with { Sensitivity = new Sensitivity(sensitivity) });
        Assert.Equal((19, null, 12), Shown(publication.Of(Cell(19))));
    }

    private static (long? Value, string? Reason, long Err95) Shown(PublishedValue value) => (value.Value, value.Reason, value.Err95);

    private static Released Cell(long? value, string? reason = null, int at = 0) =>
        new(new CellKey("square", "in", Start.AddMinutes(15 * at)), Start.AddMinutes(15 * at + 15), new DateOnly(2026, 6, 1), ReleaseKind.Flow, 1, new Epsilon(1_000_000), new Sensitivity(4), new CellCoverage(1, 1), value, reason);
}

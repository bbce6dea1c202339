namespace Monitoring.Privacy.Tests;

/// <summary>What comes out of the pipeline keeps the promise, whatever the code looks like.</summary>
public sealed class MechanismStatisticsTests
{
    [Fact]
    public void A01_A_cell_has_one_number_however_often_it_is_asked_for() => Assert.Empty(Trials.Averaging(new Pipeline()));

    [Fact]
    public void T05_An_empty_cell_gets_noise_like_any_other() => Assert.Empty(Trials.ZeroCells(new Pipeline()));

    [Fact]
    public void T06_Series_of_the_same_cell_know_nothing_of_each_other()
    {
        var pipeline = new Pipeline();
        Assert.Empty(Trials.Pairs(() => pipeline.NextPair(0)));
    }

    [Fact]
    public void T06_Cells_that_follow_each_other_know_nothing_of_each_other()
    {
        var pipeline = new Pipeline();
        Assert.Empty(Trials.Pairs(() => (pipeline.Next(0), pipeline.Next(0))));
    }

    [Fact]
    public void T06_Silos_know_nothing_of_each_other()
    {
        var (one, other) = (new Pipeline(), new Pipeline());
        Assert.Empty(Trials.Pairs(() => (one.Next(0), other.Next(0))));
    }

    [Fact]
    public void T07_Two_deployments_with_the_same_names_and_inputs_release_different_numbers() => Assert.Empty(Trials.Deployments(new Pipeline(), new Pipeline()));

    [Fact]
    public void T10_T11_No_event_is_much_likelier_with_a_person_than_without()
    {
        var (without, with) = (Trials.Neighbour(new Pipeline(), 50), Trials.Neighbour(new Pipeline(), 54));
        Assert.Empty(Trials.TightEvent(without, with));
        Assert.Empty(Trials.Ratios(without, with));
    }

    // Who knows all but one passage is right 56.2 % of the time, and no more often; less often would mean that the test is broken.
    [Fact]
    public void T12_An_attacker_who_looks_for_one_passage_is_right_as_often_as_calculated() =>
        Assert.Empty(Trials.Outside("right", Successes(passages: 1, guessAt: 1), 558_967, 565_384));

    // The promise is e/(1+e), 73.1 %.
    [Fact]
    public void T13_An_attacker_who_looks_for_four_crossings_is_right_as_often_as_calculated() =>
        Assert.Empty(Trials.Outside("right", Successes(passages: 4, guessAt: 2), 693_775, 699_720));

    [Fact]
    public void T17_The_sum_of_an_empty_day_is_above_zero_as_often_as_below() => Assert.Empty(Trials.EmptyDays(new Pipeline()));

    [Fact]
    public void A17_Noise_stays_within_twelve_as_often_as_calculated()
    {
        var pipeline = new Pipeline();
        var seen = Histogram.Of(200_000, () => pipeline.Next(100) - 100);
        Assert.Empty(Trials.Outside("within twelve", seen.Count(-12, 12), 200_000, Law.Quarter.Between(-12, 12)));
    }

    private static long Successes(long passages, long guessAt)
    {
        var pipeline = new Pipeline();
        var coins = new OperatingSystemRandom();
        long right = 0;
        for (var i = 0; i < 1_000_000; i++)
        {
            var there = coins.Bernoulli(1, 2);
            var guess = pipeline.Next(50 + (there ? passages : 0)) >= 50 + guessAt;
            right += guess == there ? 1 : 0;
        }

        return right;
    }
}

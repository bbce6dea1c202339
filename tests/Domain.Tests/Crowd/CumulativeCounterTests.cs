using Monitoring.Domain.Crowd;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Tests.Crowd;

public sealed class CumulativeCounterTests
{
    private static readonly DateTimeOffset Noon = Square.At("2024-03-01T12:00:00Z");

    [Fact]
    public void First_sight_is_a_baseline_and_not_passages()
    {
        var step = new CumulativeCounter().Advance(48_213, 47_990, null, Noon);
        Assert.Equal((SetAside.Baseline, 0, 0), (step.Fate, step.In, step.Out));
    }

    [Theory]
    [InlineData(65_536)]
    [InlineData(4_294_967_296)]
    [InlineData(1_000_000)]
    public void A_wrap_at_the_modulus_goes_on_counting(long modulus)
    {
        var counter = new CumulativeCounter();
        counter.Advance(modulus - 3, modulus - 1, modulus, Noon);
        var step = counter.Advance(4, 0, modulus, Noon.AddMinutes(1));
        Assert.Equal((SetAside.None, 7, 1, Noon), (step.Fate, step.In, step.Out, step.From));
    }

    [Theory, MemberData(nameof(Seeds.Many), MemberType = typeof(Seeds))]
    public void However_it_wraps_the_steps_add_up_to_what_passed(int seed)
    {
        var random = new Random(seed);
        var modulus = random.Next(5_000, 70_000);
        var (counter, passed, counted, at) = (new CumulativeCounter(), (long)random.Next(modulus), 0L, Noon);
        var start = passed;
        counter.Advance(passed % modulus, 0, modulus, at);
        for (var i = 0; i < 500; i++)
        {
            passed += random.Next(2_000);
            at = at.AddMinutes(random.Next(1, 3));
            counted += counter.Advance(passed % modulus, 0, modulus, at).In;
        }

        Assert.Equal(passed - start, counted);
    }

    [Fact]
    public void A_decrease_that_is_no_plausible_wrap_is_a_reset_and_counts_from_zero()
    {
        var counter = new CumulativeCounter();
        counter.Advance(50_000, 50_000, 4_294_967_296, Noon);
        var step = counter.Advance(12, 5, 4_294_967_296, Noon.AddMinutes(1));
        Assert.Equal((SetAside.None, 12, 5), (step.Fate, step.In, step.Out));
    }

    [Fact]
    public void A_reset_counts_from_zero_in_both_directions_also_in_the_one_that_has_grown_past_its_old_value()
    {
        var counter = new CumulativeCounter();
        counter.Advance(50_000, 5, null, Noon);
        var step = counter.Advance(12, 7, null, Noon.AddMinutes(1));
        Assert.Equal((SetAside.None, 12, 7), (step.Fate, step.In, step.Out));
    }

    [Fact]
    public void Without_a_modulus_every_decrease_is_a_reset()
    {
        var counter = new CumulativeCounter();
        counter.Advance(65_535, 0, null, Noon);
        Assert.Equal(4, counter.Advance(4, 0, null, Noon.AddMinutes(1)).In);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-60)]
    public void A_late_or_equal_stamp_adds_nothing_and_moves_nothing(int seconds)
    {
        var counter = new CumulativeCounter();
        counter.Advance(10, 10, null, Noon);
        counter.Advance(20, 20, null, Noon.AddMinutes(1));
        Assert.Equal(SetAside.Duplicate, counter.Advance(15, 15, null, Noon.AddMinutes(1).AddSeconds(seconds)).Fate);
        Assert.Equal(5, counter.Advance(25, 20, null, Noon.AddMinutes(2)).In);
    }

    [Fact]
    public void A_step_that_no_crowd_could_make_is_a_new_baseline()
    {
        var counter = new CumulativeCounter();
        counter.Advance(0, 0, null, Noon);
        Assert.Equal(SetAside.None, counter.Advance(CumulativeCounter.PlausiblePerMinuteMax, 0, null, Noon.AddMinutes(1)).Fate);
        var step = counter.Advance(2 * CumulativeCounter.PlausiblePerMinuteMax + 1, 0, null, Noon.AddMinutes(2));
        Assert.Equal((SetAside.Implausible, 0, 0), (step.Fate, step.In, step.Out));
        Assert.Equal(1, counter.Advance(2 * CumulativeCounter.PlausiblePerMinuteMax + 2, 0, null, Noon.AddMinutes(3)).In);
    }

    [Fact]
    public void A_step_within_a_second_is_believed_up_to_a_minute_of_passages()
    {
        var counter = new CumulativeCounter();
        counter.Advance(0, 0, null, Noon);
        Assert.Equal(50, counter.Advance(50, 0, null, Noon.AddSeconds(1)).In);
    }
}

using Monitoring.Domain.Alarms;

namespace Monitoring.Domain.Tests.Alarms;

public sealed class AlarmConditionTests
{
    private static readonly DateTimeOffset Noon = Square.At("2026-06-01T12:00:00Z");
    private static readonly Threshold Dense = new(AlarmRule.Density, null, 4, 3.7, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60), 1);

    private readonly AlarmCondition _condition = new();

    [Fact]
    public void Holds_the_on_level_for_the_whole_time_before_it_is_fulfilled()
    {
        Assert.Equal([DwellOutcome.Neither, DwellOutcome.Neither, DwellOutcome.Neither, DwellOutcome.Over], Step(4, 4.1, 5, 4));
    }

    [Fact]
    public void One_value_under_the_on_level_begins_the_time_anew()
    {
        Assert.DoesNotContain(DwellOutcome.Over, Step(4, 4.1, 5, 3.99, 4, 4, 4));
        Assert.Equal(DwellOutcome.Over, Step(60, 4)[0]);
    }

    [Fact]
    public void Between_the_levels_neither_time_runs()
    {
        Assert.All(Step([.. Enumerable.Repeat(3.8, 20)]), outcome => Assert.Equal(DwellOutcome.Neither, outcome));
    }

    [Fact]
    public void Returns_only_under_the_off_level_for_the_whole_time()
    {
        var outcomes = Step(3.6, 3.6, 3.6, 3.6, 3.6, 3.6, 3.69);
        Assert.All(outcomes[..6], outcome => Assert.Equal(DwellOutcome.Neither, outcome));
        Assert.Equal(DwellOutcome.Under, outcomes[6]);
        Assert.Equal(DwellOutcome.Neither, new AlarmCondition().Step(Dense, Sample(3.7, 0)));
    }

    [Fact]
    public void A_time_of_zero_is_fulfilled_by_the_first_value() =>
        Assert.Equal(DwellOutcome.Over, _condition.Step(Dense with { OnFor = TimeSpan.Zero }, Sample(4, 0)));

    [Fact]
    public void The_time_stands_still_in_a_gap_and_goes_on_after_it()
    {
        Assert.Equal([DwellOutcome.Neither, DwellOutcome.Neither, DwellOutcome.Neither], Step(4, 4, 4));
        Assert.Equal(DwellOutcome.Neither, _condition.Step(Dense, Sample(4, 600)));
        Assert.Equal(DwellOutcome.Over, _condition.Step(Dense, Sample(4, 610)));
    }

    [Fact]
    public void A_gap_begins_after_the_longest_time_for_which_a_value_stands()
    {
        _condition.Step(Dense, Sample(4, 0));
        Assert.Equal(TimeSpan.FromSeconds(20), Over(_condition, 20));
        Assert.Equal(TimeSpan.FromSeconds(20), Over(_condition, 40.001));
    }

    [Fact]
    public void Closed_intervals_count_with_their_whole_length()
    {
        Assert.Equal(DwellOutcome.Over, _condition.Step(Dense, Interval(5, 300, 300)));
        var seconds10 = new AlarmCondition();
        Assert.Equal([DwellOutcome.Neither, DwellOutcome.Neither, DwellOutcome.Over], Enumerable.Range(1, 3).Select(i => seconds10.Step(Dense, Interval(5, 10 * i, 10))).ToArray());
    }

    [Fact]
    public void What_fell_while_too_little_is_known_runs_no_time_to_return()
    {
        for (var second = 0; second < 600; second += 10)
            Assert.Equal(DwellOutcome.Neither, _condition.Step(Dense, Sample(0, second) with { MayReturn = false }));
    }

    [Fact]
    public void A_value_that_was_overtaken_adds_no_time_twice()
    {
        Step(4, 4);
        _condition.Step(Dense, Sample(4, 0));
        Assert.Equal(TimeSpan.FromSeconds(20), Over(_condition, 20));
    }

    [Fact]
    public void Sources_whose_clocks_differ_by_minutes_each_keep_their_own_time()
    {
        for (var second = 0; second < 30; second += 10)
        {
            Assert.Equal(DwellOutcome.Neither, _condition.Step(Dense, Sample(4, second + 240) with { Source = "fast" }));
            Assert.Equal(DwellOutcome.Neither, _condition.Step(Dense, Sample(4, second)));
        }

        Assert.Equal(DwellOutcome.Over, _condition.Step(Dense, Sample(4, 30)));
    }

    [Fact]
    public void A_clock_that_was_put_right_goes_on_from_there()
    {
        _condition.Step(Dense, Sample(4, 240));
        _condition.Step(Dense, Sample(4, 0));
        Assert.Equal(TimeSpan.FromSeconds(10), Over(_condition, 10));
    }

    [Fact]
    public void Forgets_the_source_that_is_silent_longest_when_there_are_too_many()
    {
        for (var i = 0; i <= AlarmCondition.SourcesMax; i++)
            _condition.Step(Dense, Sample(4, i) with { Source = $"s{i}" });
        Assert.Equal(AlarmCondition.SourcesMax, _condition.Sources.Count);
        Assert.DoesNotContain("s0", _condition.Sources.Keys);
    }

    private static TimeSpan? Over(AlarmCondition condition, double second)
    {
        condition.Step(Dense, Sample(4, second));
        return condition.Sources["camera"].Over;
    }

    private DwellOutcome[] Step(params double[] values)
    {
        var start = _condition.Sources.TryGetValue("camera", out var timers) ? (timers.At - Noon).TotalSeconds + 10 : 0;
        return [.. values.Select((value, i) => _condition.Step(Dense, Sample(value, start + 10 * i)))];
    }

    private static AlarmSample Sample(double value, double second) =>
        new(AlarmRule.Density, "plaza", "Plaza", "camera", value, Noon.AddSeconds(second), TimeSpan.Zero, TimeSpan.FromSeconds(20), MayReturn: true);

    private static AlarmSample Interval(double value, double endSecond, double length) =>
        new(AlarmRule.Flow, "north", "North", "counter", value, Noon.AddSeconds(endSecond), TimeSpan.FromSeconds(length), TimeSpan.Zero, MayReturn: true);
}

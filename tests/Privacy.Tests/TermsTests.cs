namespace Monitoring.Privacy.Tests;

/// <summary>Terms that could not be kept are refused before anything is released.</summary>
public sealed class TermsTests
{
    private static readonly SeriesMap Lines = new(new Series("in", new StreamId("a/in")));
    private static readonly SeriesMap Zones = new(new Series("inside", new StreamId("z")));

    [Fact]
    public void T15_A_stream_is_in_one_series_at_most()
    {
        var map = new SeriesMap(new Series("out", new StreamId("c")), new Series("in", new StreamId("a"), new StreamId("b")));
        Assert.Equal("in = a + b; out = c", map.ToString());
        Refused("'a' is in 'in' and again in 'out'", () => new SeriesMap(new Series("in", new StreamId("a")), new Series("out", new StreamId("a"))));
        Refused("'a' is in 'in' and again in 'in'", () => new SeriesMap(new Series("in", new StreamId("a"), new StreamId("a"))));
        Refused("Two series are called 'in'", () => new SeriesMap(new Series("in", new StreamId("a")), new Series("in", new StreamId("b"))));
        Refused("needs a name and at least one stream", () => new SeriesMap(new Series("in")));
        Refused("without blanks", () => new SeriesMap(new Series("in; out", new StreamId("a"))));
        Refused("without blanks", () => new SeriesMap(new Series("in", new StreamId("a + b"))));
        Refused("0 series", () => new SeriesMap());
        Refused("1001 series", () => new SeriesMap([.. Enumerable.Range(0, 1_001).Select(i => new Series($"s{i}", new StreamId($"a{i}")))]));
        Assert.Equal(1_000, new SeriesMap([.. Enumerable.Range(0, 1_000).Select(i => new Series($"s{i}", new StreamId($"a{i}")))]).Streams.Count);
    }

    [Fact]
    public void The_groups_of_a_space_spend_its_budget_at_most()
    {
        Assert.Equal(2, Terms(Flow(600_000), Presence(400_000)).Groups.Count);
        Refused("spend 1000001 micro-epsilon a day and the budget is 1000000", () => Terms(Flow(600_000), Presence(400_001)));
    }

    [Fact]
    public void Terms_that_contradict_themselves_are_refused_with_the_reason()
    {
        Refused("more than one group of the kind Flow", () => Terms(Flow(1), Flow(1)));
        Refused("no group", () => Terms());
        Refused("'in' is in two groups", () => Terms(Flow(1), Presence(1, new SeriesMap(new Series("in", new StreamId("z"))))));
        Refused("stream 'a/in' is in two groups", () => Terms(Flow(1), Presence(1, new SeriesMap(new Series("inside", new StreamId("a/in"))))));
        Refused("version of 1 or more", () => new ReleaseTerms("square", 0, Pipeline.Brussels, Epsilon.DayDefault, [Flow(1)]));
        Refused("sensitive space releases whole days", () => new ReleaseTerms("shelter", 1, Pipeline.Brussels, Epsilon.DayDefault, [Flow(1)], sensitive: true));
        Assert.True(new ReleaseTerms("shelter", 1, Pipeline.Brussels, Epsilon.DayDefault, [Flow(1, ReleasePlan.Day)], sensitive: true).Sensitive);
    }

    [Fact]
    public void A_plan_is_too_fine_where_noise_would_be_more_than_a_tenth_of_what_is_typical()
    {
        Refused("needs typically 40 in a cell", () => Terms(Flow(1_000_000, typical: 39)));
        Assert.Single(Terms(Flow(1_000_000, typical: 40)).Groups);
    }

    [Fact]
    public void Losses_and_bounds_have_ends()
    {
        Assert.Equal(3_000_000, new Epsilon(3_000_000).Micro);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Epsilon(3_000_001));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Epsilon(0));
        Assert.Equal(10_000, new Sensitivity(10_000).Bound);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sensitivity(10_001));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sensitivity(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReleaseGroup(ReleaseKind.Flow, default, Sensitivity.FlowDefault, ReleasePlan.P15, Lines, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReleaseGroup(ReleaseKind.Flow, new Epsilon(1), default, ReleasePlan.P15, Lines, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => NoiseRate.Of(default, Sensitivity.FlowDefault));
        Assert.Throws<ArgumentOutOfRangeException>(() => NoiseRate.Of(new Epsilon(1), default));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NoiseRate(1, NoiseRate.DenominatorMax + 1));
    }

    [Fact]
    public void The_usual_bounds_are_four_crossings_eight_with_several_zones_and_240_minutes() =>
        Assert.Equal([4L, 8L, 240L, 480L], [Sensitivity.FlowDefault.Bound, Sensitivity.Flow(visits: 2, innerLines: 2).Bound, Sensitivity.PresenceDefault.Bound, Sensitivity.Presence(240, overlap: 2).Bound]);

    [Fact]
    public void The_rate_is_epsilon_over_sensitivity_reduced()
    {
        Assert.Equal(new NoiseRate(1, 4), NoiseRate.Of(new Epsilon(1_000_000), new Sensitivity(4)));
        Assert.Equal(new NoiseRate(1, 480), NoiseRate.Of(new Epsilon(500_000), Sensitivity.PresenceDefault));
        Assert.Equal(new NoiseRate(3, 10), NoiseRate.Of(new Epsilon(3_000_000), new Sensitivity(10)));
        Assert.Equal(new NoiseRate(1, NoiseRate.DenominatorMax), NoiseRate.Of(new Epsilon(1), new Sensitivity(10_000)));
    }

    private static ReleaseTerms Terms(params ReleaseGroup[] groups) => new("square", 1, Pipeline.Brussels, Epsilon.DayDefault, groups);

    private static ReleaseGroup Flow(long micro, ReleasePlan? plan = null, long? typical = null) =>
        new(ReleaseKind.Flow, new Epsilon(micro), Sensitivity.FlowDefault, plan ?? ReleasePlan.P15, Lines, 5_000, typical);

    private static ReleaseGroup Presence(long micro, SeriesMap? zones = null) =>
        new(ReleaseKind.Presence, new Epsilon(micro), Sensitivity.PresenceDefault, ReleasePlan.P60, zones ?? Zones, 100_000);

    private static void Refused(string why, Func<object> make) => Assert.Contains(why, Assert.Throws<ArgumentException>(make).Message, StringComparison.Ordinal);
}

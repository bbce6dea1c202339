using Monitoring.Domain.Crowd;

namespace Monitoring.Domain.Tests.Crowd;

public sealed class ZoneStateTests
{
    private static readonly DateTimeOffset Noon = Square.At("2024-03-01T12:00:00Z");
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void The_estimate_stays_signed_and_only_what_is_shown_is_cut_at_zero()
    {
        var zone = new ZoneState();
        zone.Pass(-5, Noon);
        Assert.Equal(0, zone.Look(100, 1, 1).People);
        zone.Pass(8, Noon);
        Assert.Equal(3, zone.Look(100, 1, 1).People);
    }

    [Fact]
    public void An_absolute_reading_anchors_and_what_began_before_it_is_in_it()
    {
        var zone = new ZoneState();
        zone.Pass(50, Noon.AddMinutes(-5));
        Assert.True(zone.Anchor("camera/z", 20, Noon, Minute));
        zone.Pass(7, Noon.AddSeconds(-1));
        Assert.Equal(20, zone.Estimate);
        zone.Pass(7, Noon);
        Assert.Equal(27, zone.Estimate);
    }

    [Fact]
    public void An_older_or_equal_reading_of_the_same_source_is_not_taken()
    {
        var zone = new ZoneState();
        zone.Anchor("camera/z", 20, Noon, Minute);
        Assert.False(zone.Anchor("camera/z", 90, Noon, Minute));
        Assert.False(zone.Anchor("camera/z", 90, Noon.AddSeconds(-1), Minute));
        Assert.Equal(20, zone.Estimate);
    }

    [Fact]
    public void Of_several_sources_the_cautious_one_is_believed_while_it_is_fresh()
    {
        var zone = new ZoneState();
        zone.Anchor("a/z", 90, Noon, Minute);
        zone.Anchor("b/z", 40, Noon.AddSeconds(60), Minute);
        Assert.Equal(90, zone.Estimate);
        zone.Anchor("b/z", 40, Noon.AddSeconds(61), Minute);
        Assert.Equal(40, zone.Estimate);
    }

    [Fact]
    public void An_older_reading_of_another_source_does_not_move_the_anchor_back()
    {
        var zone = new ZoneState();
        zone.Anchor("a/z", 10, Noon, Minute);
        Assert.True(zone.Anchor("b/z", 99, Noon.AddSeconds(-30), Minute));
        Assert.Equal((10, Noon), (zone.Estimate, zone.AnchoredAt));
    }

    [Theory]
    [InlineData(0.31, LevelOfService.A)]
    [InlineData(0.3101, LevelOfService.B)]
    [InlineData(0.43, LevelOfService.B)]
    [InlineData(0.4301, LevelOfService.C)]
    [InlineData(0.72, LevelOfService.C)]
    [InlineData(0.7201, LevelOfService.D)]
    [InlineData(1.08, LevelOfService.D)]
    [InlineData(1.0801, LevelOfService.E)]
    [InlineData(2.15, LevelOfService.E)]
    [InlineData(2.1501, LevelOfService.F)]
    [InlineData(0, LevelOfService.A)]
    [InlineData(100, LevelOfService.F)]
    public void Levels_change_above_their_upper_bound(double density, LevelOfService expected) => Assert.Equal(expected, FruinScale.Of(density));

    [Theory]
    [InlineData(-0.01)]
    [InlineData(double.NaN)]
    public void A_density_that_cannot_be_is_our_own_error(double density) => Assert.Throws<ArgumentOutOfRangeException>(() => FruinScale.Of(density));

    [Fact]
    public void Unknown_ranks_between_d_and_e() => Assert.Equal(
        [LevelOfService.F, LevelOfService.E, LevelOfService.Unknown, LevelOfService.D, LevelOfService.C, LevelOfService.B, LevelOfService.A],
        Enum.GetValues<LevelOfService>().OrderByDescending(level => level.Severity()));

    [Fact]
    public void A_zone_without_a_source_that_was_ever_alive_is_unknown()
    {
        var figures = new ZoneState().Look(100, 3, 0);
        Assert.Equal(new ZoneFigures(null, null, LevelOfService.Unknown, false), figures);
        Assert.Equal(LevelOfService.Unknown, new ZoneState().Look(100, 0, 0).Level);
    }

    [Theory]
    [InlineData(50, LevelOfService.Unknown, false)]
    [InlineData(200, LevelOfService.E, true)]
    [InlineData(300, LevelOfService.F, true)]
    public void When_all_fall_silent_the_level_is_unknown_unless_it_was_worse(int people, LevelOfService expected, bool held)
    {
        var zone = new ZoneState();
        zone.Pass(people, Noon);
        zone.Look(100, 2, 2);
        var figures = zone.Look(100, 2, 0);
        Assert.Equal((null, null, expected, held), (figures.People, figures.DensityPerM2, figures.Level, figures.LevelHeld));
    }

    [Fact]
    public void While_some_are_silent_the_level_gets_worse_but_not_better()
    {
        var zone = new ZoneState();
        zone.Pass(100, Noon);
        Assert.Equal(LevelOfService.D, zone.Look(100, 5, 5).Level);
        zone.Pass(-90, Noon);
        Assert.Equal(new ZoneFigures(10, 0.1, LevelOfService.D, true), zone.Look(100, 5, 2));
        zone.Pass(190, Noon);
        Assert.Equal(new ZoneFigures(200, 2, LevelOfService.E, false), zone.Look(100, 5, 2));
        zone.Pass(-190, Noon);
        Assert.Equal(LevelOfService.E, zone.Look(100, 5, 2).Level);
        Assert.Equal(new ZoneFigures(10, 0.1, LevelOfService.A, false), zone.Look(100, 5, 5));
    }

    [Theory, MemberData(nameof(Seeds.Many), MemberType = typeof(Seeds))]
    public void No_shape_of_silence_improves_the_level(int seed)
    {
        var random = new Random(seed);
        var zone = new ZoneState();
        zone.Pass(random.Next(0, 300), Noon);
        var known = zone.Look(100, 5, 5).Level;
        for (var i = 0; i < 200; i++)
        {
            zone.Pass(random.Next(-60, 60), Noon);
            var alive = random.Next(6);
            var level = zone.Look(100, 5, alive).Level;
            if (alive == 5)
                known = level;
            else
            {
                Assert.True(level.Severity() >= known.Severity(), $"step {i}: {alive} of 5 alive, level {level}, before {known}");

                // Unknown is worse than A to D, but it says nothing that a later level would have to keep.
                known = level == LevelOfService.Unknown ? known : level;
            }
        }
    }
}

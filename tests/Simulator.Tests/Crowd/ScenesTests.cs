using Monitoring.Domain.Crowd;
using Monitoring.Simulator.Equipment;
using Monitoring.Simulator.Exercises;

namespace Monitoring.Simulator.Tests.Crowd;

/// <summary>What the scenes are for, held against the thresholds of the sample site, in what is true (not in what devices say).</summary>
public sealed class ScenesTests
{
    private static readonly int[] Seeds = [1, 2, 3, 4, 5];

    private static readonly string[] MatchAlarms = ["nice-massena flow seafront", "turin-san-carlo density churches", "turin-san-carlo flow piazza-churches", "turin-san-carlo flow via-roma-south"];

    private static readonly string[] MarketAlarms = ["liege-marche density stalls"];

    [Theory]
    [InlineData("quiet-evening")]
    [InlineData("link-loss")]
    public void Some_scenes_cross_no_threshold(string scene) => Assert.All(Seeds, seed => Assert.Empty(Crossed(scene, seed, seconds: 1)));

    [Fact]
    public void A_market_day_fills_one_zone_over_its_threshold_for_minutes() =>
        Assert.All(Seeds, seed => Assert.Equal(MarketAlarms, Crossed("market-day", seed, seconds: 120)));

    [Fact]
    public void A_market_day_crosses_no_other_threshold() =>
        Assert.All(Seeds, seed => Assert.Equal(MarketAlarms, Crossed("market-day", seed, seconds: 1)));

    [Fact]
    public void A_match_egress_crosses_one_density_for_minutes_and_the_flow_of_three_lines() =>
        Assert.All(Seeds, seed => Assert.Equal(MatchAlarms, Crossed("match-egress", seed, seconds: 120)));

    [Fact]
    public void A_match_egress_crosses_no_other_threshold() =>
        Assert.All(Seeds, seed => Assert.Equal(MatchAlarms, Crossed("match-egress", seed, seconds: 1)));

    [Fact]
    public void Every_scene_ends_with_everything_back_under_its_threshold() => Assert.All(Scenes.Names.SelectMany(name => Seeds.Select(seed => (name, seed))), one =>
    {
        var scene = Scenes.Of(one.name);
        Assert.Empty(new Truth(scene, one.seed).Play(scene.Length).Over);
    });

    [Fact]
    public void The_programme_shows_all_levels_of_service() =>
        Assert.All(Seeds, seed => Assert.Equal(Enum.GetValues<LevelOfService>().Where(level => level != LevelOfService.Unknown), new Truth(Scenes.Of(Scenes.Programme), seed).Play(Scenes.Of(Scenes.Programme).Length).Levels.Order()));

    [Fact]
    public void The_programme_plays_every_scene_and_every_fault()
    {
        var programme = Scenes.Of(Scenes.Programme);
        Assert.Equal(TimeSpan.FromMinutes(40), programme.Length);
        Assert.Equal(Enum.GetValues<FaultKind>(), programme.Faults.Select(fault => fault.Kind).Distinct().Order());
        Assert.Equal(Scenes.Names.Where(name => name != Scenes.Programme).Sum(name => Scenes.Of(name).Faults.Count), programme.Faults.Count);
    }

    [Fact]
    public void Scenes_name_what_is_in_the_site_and_stay_within_their_time()
    {
        var site = Samples.Site("pilot-city").Site;
        foreach (var scene in Scenes.Names.Select(Scenes.Of))
        {
            Assert.All(scene.Fills, fill => Assert.Contains(site.Spaces.Single(space => space.Id == fill.Space).Zones, zone => zone.Id == fill.Zone && fill.DensityPerM2 * zone.AreaM2 < 2.5 * zone.Capacity));
            Assert.All(scene.Surges, surge => Assert.Contains(site.Spaces.Single(space => space.Id == surge.Space).Lines, line => line.Id == surge.Line));
            Assert.All(scene.Fills.Select(fill => fill.When).Concat(scene.Surges.Select(surge => surge.When)), when => Assert.InRange(when.End, TimeSpan.Zero, scene.Length));
            Assert.All(scene.Faults, fault => Assert.InRange(fault.From + fault.For, TimeSpan.Zero, scene.Length));
            Assert.All(scene.Faults.Where(fault => fault.Kind != FaultKind.LinkLost), fault => Assert.Contains(site.Spaces.SelectMany(space => space.Devices), device => device.Id == fault.Subject));
            Assert.All(scene.Faults.Where(fault => fault.Kind == FaultKind.LinkLost), fault => Assert.Contains(site.Connections, connection => connection.Name == fault.Subject));
        }
    }

    [Fact]
    public void A_scene_that_does_not_exist_is_said_so_with_those_that_do() =>
        Assert.Contains("use one of programme, quiet-evening, market-day, match-egress, link-loss", Assert.Throws<ArgumentException>(() => Scenes.Of("riot")).Message, StringComparison.Ordinal);

    private static IEnumerable<string> Crossed(string name, int seed, int seconds)
    {
        var scene = Scenes.Of(name);
        return new Truth(scene, seed).Play(scene.Length).LongestOver.Where(over => over.Value >= seconds).Select(over => over.Key).Order(StringComparer.Ordinal);
    }
}

using Monitoring.Contracts.Privacy;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Privacy;
using Monitoring.Domain.Spaces;
using Monitoring.Privacy;

namespace Monitoring.Domain.Tests.Privacy;

/// <summary>What the site says about releases, and what follows from it.</summary>
public sealed class ReleaseRulesTests
{
    [Fact]
    public void A_site_that_says_nothing_releases_hours_and_nights_at_an_epsilon_of_one()
    {
        var space = Square.Space();
        Assert.Equal(new ReleaseRules(PlaceClass.Open, CellLength.P60, true, 1_000_000, 8, null), space.Release);
        var terms = SpaceTerms.Of(space.Id, SpaceTerms.Now(space, 3))!;
        Assert.Equal((3, "00:00 whole, 06:00 60 min", 1_000_000L, 8L), (terms.Version, terms.Groups[0].Plan.ToString(), terms.Budget.Micro, terms.Groups[0].Sensitivity.Bound));
        Assert.Equal(["north-in", "north-out", "steps-in", "steps-out"], terms.Groups[0].Series.Series.Select(series => series.Name));
    }

    [Fact]
    public void A_space_with_one_zone_is_crossed_four_times_and_one_with_several_eight_times() =>
        Assert.Equal((4, 8), (ReleaseRules.CrossingsDefault(1), ReleaseRules.CrossingsDefault(2)));

    [Theory]
    [InlineData("{ plan: P15, nightBlock: false, epsilon: 0.5, crossings: 6, typicalPerHour: 4000 }", "00:00 15 min", 500_000, 6)]
    [InlineData("{ plan: P5, epsilon: 3 }", "00:00 whole, 06:00 5 min", 3_000_000, 8)]
    [InlineData("{ plan: Parts }", "00:00 whole, 06:00 whole, 10:00 whole, 16:00 whole, 20:00 whole", 1_000_000, 8)]
    [InlineData("{ class: sensitive }", "00:00 whole", 1_000_000, 8)]
    [InlineData("{ epsilon: 0.01 }", "00:00 whole, 06:00 60 min", 10_000, 8)]
    public void What_it_says_is_promised(string release, string plan, long epsilon, long crossings)
    {
        var space = Compile(release).Site!.Site.Spaces[0];
        var terms = SpaceTerms.Of(space.Id, SpaceTerms.Now(space, 1))!;
        Assert.Equal((plan, epsilon, crossings), (terms.Groups[0].Plan.ToString(), terms.Budget.Micro, terms.Groups[0].Sensitivity.Bound));
    }

    [Fact]
    public void A_closed_space_releases_nothing()
    {
        var space = Compile("{ class: closed }").Site!.Site.Spaces[0];
        Assert.Null(SpaceTerms.Of(space.Id, SpaceTerms.Now(space, 1)));
    }

    [Theory]
    [InlineData("{ plan: p15 }", "plan is 'p15'")]
    [InlineData("{ plan: P30 }", "use one of: P5, P15, P60, Parts, Day")]
    [InlineData("{ epsilon: 3.01 }", "epsilon of release is 3.01")]
    [InlineData("{ epsilon: 0.009 }", "epsilon of release is 0.009")]
    [InlineData("{ crossings: 0 }", "crossings of release is 0")]
    [InlineData("{ crossings: 10001 }", "crossings of release is 10001")]
    [InlineData("{ nightBlock: maybe }", "nightBlock of release is 'maybe'")]
    [InlineData("{ class: secret }", "class is 'secret'")]
    [InlineData("{ plan: P15, typicalPerHour: 319 }", "choose longer cells")]
    [InlineData("{ class: sensitive, plan: P60 }", "A sensitive space releases whole days only")]
    [InlineData("{ presence: { minutes: 0 } }", "minutes of presence is 0")]
    [InlineData("{ presence: { minutes: 10001 } }", "minutes of presence is 10001")]
    [InlineData("{ presence: { typicalPeople: 79 } }", "choose longer cells")]
    [InlineData("{ presence: { people: 80 } }", "unknown field 'people'")]
    [InlineData("{ noise: off }", "unknown field 'noise'")]
    public void What_cannot_be_kept_is_refused_with_the_line_and_what_to_do(string release, string expected)
    {
        var (site, problems) = Compile(release);
        Assert.Null(site);
        var problem = Assert.Single(problems);
        Assert.Contains(expected, $"{problem.What} {problem.Remedy}", StringComparison.Ordinal);
        Assert.Equal(8, problem.Line);
    }

    [Fact]
    public void At_the_typical_count_that_a_plan_needs_it_is_taken() => Assert.Empty(Compile("{ plan: P15, typicalPerHour: 320 }").Problems);

    [Fact]
    public void At_the_typical_number_of_people_that_a_plan_needs_it_is_taken() => Assert.Empty(Compile("{ presence: { typicalPeople: 80 } }").Problems);

    [Fact]
    public void Presence_that_is_asked_for_shares_the_epsilon_with_passages()
    {
        var space = Compile("{ presence: {} }").Site!.Site.Spaces[0];
        var terms = SpaceTerms.Of(space.Id, SpaceTerms.Now(space, 1))!;
        Assert.Equal([(ReleaseKind.Flow, 500_000L, 8L), (ReleaseKind.Presence, 500_000L, 240L)], terms.Groups.Select(group => (group.Kind, group.Epsilon.Micro, group.Sensitivity.Bound)));
        Assert.Equal(["plaza-presence", "stage-presence"], terms.Groups[1].Series.Series.Select(series => series.Name));
        Assert.Equal(1_000_000, terms.Budget.Micro);
    }

    [Fact]
    public void Where_no_line_is_counted_presence_has_all_of_it()
    {
        var space = Compile("{ presence: { minutes: 60 } }").Site!.Site.Spaces[0];
        space = space with { Devices = [.. space.Devices.Where(device => device.Kind == DeviceKind.CountingCamera)] };
        var group = Assert.Single(SpaceTerms.Of(space.Id, SpaceTerms.Now(space, 1))!.Groups);
        Assert.Equal((ReleaseKind.Presence, 1_000_000L, 60L), (group.Kind, group.Epsilon.Micro, group.Sensitivity.Bound));
    }

    [Fact]
    public void A_zone_is_released_from_the_first_device_that_counts_it_each_minute()
    {
        var space = Compile("{ presence: {} }").Site!.Site.Spaces[0];
        Device Gauge(string id, double seconds) => new(id, id, DeviceKind.CountingCamera, "native", DevicePurpose.Live, TimeSpan.FromSeconds(seconds), [new("c", ChannelSubject.People, "plaza")]);
        Assert.Equal(["b"], Zones([Gauge("a", 61), Gauge("b", 60), Gauge("c", 10)]));
        Assert.Contains("no device counts the people", SpaceTerms.Problem(space with { Devices = [Gauge("a", 61)] }), StringComparison.Ordinal);
        IEnumerable<string> Zones(Device[] devices) => SpaceTerms.Now(space with { Devices = devices }, 1).Zones.Select(zone => zone.Device);
    }

    [Theory]
    [InlineData("", "", "plaza,stage")]
    [InlineData("onChange: true", "", "")]
    [InlineData("onChange: true", ", onChange: false", "stage")]
    [InlineData("", ", onChange: true", "plaza")]
    public void A_gauge_that_reports_on_change_releases_no_presence_by_word_of_its_profile_or_of_the_site(string profile, string site, string released)
    {
        var yaml = Written("{ presence: {} }")
            .Replace("{ name: stage, zone: stage }", $"{{ name: stage, zone: stage{site} }}", StringComparison.Ordinal)
            .Replace("kind: counting-camera,", "kind: counting-camera, profile: gauge,", StringComparison.Ordinal);
        var notation = $"profile: gauge\nversion: 1\nmatch: {{ topic: 'gauge/{{device}}' }}\n{profile}\nreadings:\n  - occupancy: {{ people: /n | int }}\n    channel: /channel\n";
        var (compiled, problems) = CompiledSite.Compile(new SiteDocument("site.yaml", yaml, new Dictionary<string, string> { ["profiles/gauge.yaml"] = notation }));
        if (released.Length == 0)
            Assert.Contains("whether or not their number changes", Assert.Single(problems).ToString(), StringComparison.Ordinal);
        else
            Assert.Equal(released, string.Join(',', SpaceTerms.Now(compiled!.Site.Spaces[0], 1).Zones.Select(zone => zone.Zone)));
    }

    [Fact]
    public void Zones_that_overlap_are_not_released_together()
    {
        var space = Compile("{ presence: {} }").Site!.Site.Spaces[0];
        GeoPoint[] outline = [new(7, 45), new(7.001, 45), new(7, 45.001)];
        space = space with { Zones = [.. space.Zones.Select(zone => zone with { Outline = outline })] };
        Assert.Contains("'plaza' and 'stage' overlap", SpaceTerms.Problem(space), StringComparison.Ordinal);
        var bare = space with { Zones = [space.Zones[0], space.Zones[1] with { Outline = [] }] };
        Assert.Contains("'stage' has no outline", SpaceTerms.Problem(bare), StringComparison.Ordinal);
        Assert.Null(SpaceTerms.Problem(bare with { Devices = [.. bare.Devices.Where(device => device.Id != "camera")] }));
        Assert.Null(SpaceTerms.Problem(space with { Release = space.Release with { Presence = null } }));
    }

    [Fact]
    public void A_stream_is_known_by_its_hardware_and_not_by_its_name()
    {
        var (space, renamed) = (Square.Space(), Square.Space());
        renamed = renamed with { Lines = [.. renamed.Lines.Select(line => line with { Name = "new" })], Name = "new" };
        Assert.Equal(SpaceTerms.Now(space, 1).Lines, SpaceTerms.Now(renamed, 2).Lines);
    }

    private static (CompiledSite? Site, IReadOnlyList<Domain.DocumentProblem> Problems) Compile(string release) =>
        CompiledSite.Compile(new SiteDocument("site.yaml", Written(release), new Dictionary<string, string>()));

    private static string Written(string release) =>
        Square.Yaml
            .Replace("    timeZone: Europe/Zurich", $"    timeZone: Europe/Zurich\n    release: {release}", StringComparison.Ordinal)
            .Replace("capacity: 200 }", "capacity: 200, outline: [[7, 45], [7.001, 45], [7, 45.001]] }", StringComparison.Ordinal)
            .Replace("capacity: 100 }", "capacity: 100, outline: [[7.01, 45], [7.011, 45], [7.01, 45.001]] }", StringComparison.Ordinal);
}

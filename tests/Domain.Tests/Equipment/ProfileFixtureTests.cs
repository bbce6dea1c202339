using Monitoring.Contracts.Spaces;

namespace Monitoring.Domain.Tests.Equipment;

public sealed class ProfileFixtureTests
{
    private const string Head = """
        profile: t
        version: 1
        match: { topic: "a/{device}" }
        parameters: { n: 1 }
        time: /t | iso
        heartbeat: [{ when: /beat }]
        unmatched: drop
        readings:
          - { when: /a, channel: /c, occupancy: { people: /a | int } }
          - { when: /h, health: { batteryPercent: /h | num } }
          - { when: /p == $n, event: { type: "'p'" } }
        fixtures:

        """;

    [Theory]
    [InlineData("""{ topic: a/d, in: '{"a":5,"c":"x"}', out: [{ channel: x, occupancy: { people: 5 } }] }""")]
    [InlineData("""{ topic: a/d, in: '{"a":5,"c":"x","t":"2019-03-04T05:06:07+01:00"}', out: [{ device: d, time: "2019-03-04T04:06:07Z", channel: x, occupancy: { people: 5 } }] }""")]
    [InlineData("""{ topic: a/d, in: '{"h":5.50}', out: [{ health: { batteryPercent: 5.5 } }] }""")]
    [InlineData("""{ topic: a/d, in: '{"h":5,"beat":1,"t":"2019-03-04T05:06:07Z"}', watermark: "2019-03-04T05:06:07Z", out: [{ health: { batteryPercent: 5 } }] }""")]
    [InlineData("""{ topic: a/d, in: '{"h":5,"t":"2019-03-04T05:06:07Z"}', arrived: "2020-01-01T00:00:00Z", out: [{ time: "2020-01-01T00:00:00Z", health: { batteryPercent: 5 } }] }""")]
    [InlineData("""{ topic: a/d, in: '{"p":2}', parameters: { n: 2 }, out: [{ event: { type: p } }] }""")]
    [InlineData("""{ topic: a/d, in: '{"p":2}', dropped: true }""")]
    [InlineData("""{ topic: a/d, in: '{"a":-5,"c":"x"}', refused: value-out-of-range }""")]
    public void A_sample_that_comes_out_as_it_says_is_fine(string fixture)
    {
        var profile = Profiles.Read($"{Head}  - {fixture}\n", out var found);
        Assert.Empty(found);
        Assert.Equal(1, profile!.FixtureCount);
    }

    [Theory]
    [InlineData("""{ topic: a/d, in: '{"a":5,"c":"x"}', out: [{ channel: x, occupancy: { people: 6 } }] }""", "occupancy.people is 5")]
    [InlineData("""{ topic: a/d, in: '{"a":5,"c":"x"}', out: [{ occupancy: { people: 5 } }] }""", "channel is x")]
    [InlineData("""{ topic: a/d, in: '{"a":5,"c":"x"}', out: [{ channel: x, occupancy: { people: 5 }, noise: { laeqDb: 3 } }] }""", "there is no noise.laeqDb")]
    [InlineData("""{ topic: a/d, in: '{"a":5,"c":"x"}', out: [] }""", "1 readings instead of 0")]
    [InlineData("""{ topic: a/d, in: '{"a":5,"c":"x"}', dropped: true }""", "not dropped")]
    [InlineData("""{ topic: a/d, in: '{"a":5,"c":"x"}', refused: too-large }""", "not refused as too-large")]
    [InlineData("""{ topic: a/d, in: '{"a":-5,"c":"x"}', refused: too-large }""", "refused as value-out-of-range")]
    [InlineData("""{ topic: a/d, in: '{"h":5,"beat":1}', out: [{ health: { batteryPercent: 5 } }] }""", "its watermark is")]
    [InlineData("""{ topic: a/d, in: '{"z":5}', out: [] }""", "dropped")]
    [InlineData("""{ topic: b/d, in: '{"a":5,"c":"x"}', out: [] }""", "does not fit the profile")]
    [InlineData("""{ topic: a/d, in: '{"p":2}', arrived: soon, out: [] }""", "arrived is 'soon'")]
    [InlineData("""{ topic: a/d, out: [] }""", "fixture has no in")]
    public void A_profile_whose_sample_comes_out_differently_is_refused_with_its_line(string fixture, string what)
    {
        Assert.Null(Profiles.Read($"{Head}  - {fixture}\n", out var found));
        var problem = Assert.Single(found, problem => problem.What.Contains(what, StringComparison.Ordinal));
        Assert.Equal(13, problem.Line);
    }

    [Fact]
    public void A_site_is_refused_when_the_fixture_of_its_profile_fails()
    {
        var (site, problems) = CompiledSite.Compile(new SiteDocument("site.yaml", Square.Yaml, new Dictionary<string, string> { ["p.yaml"] = $"{Head}  - {{ topic: a/d, in: '{{}}', out: [{{ event: {{ type: p }} }}] }}\n" }));
        Assert.Null(site);
        Assert.StartsWith("p.yaml:13: the fixture comes out differently", Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_profile_that_comes_with_the_hub_but_the_native_one_carries_its_own_samples() =>
        Assert.All(HubProfiles.All.Values.Where(profile => profile.Name != "native"), profile => Assert.True(profile.FixtureCount >= 2, profile.Name));
}

using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Equipment;

namespace Monitoring.Domain.Tests.Spaces;

public sealed class SiteReaderTests
{
    [Fact]
    public void A_good_site_is_read_whole()
    {
        var site = Square.Compile(Square.Yaml).Site;
        var space = site.Spaces.Single();
        Assert.Equal(("pilot", "Pilot", "square", "Turin", "Europe/Zurich"), (site.Id, site.Name, space.Id, space.City, space.TimeZone.Id));
        Assert.Equal([DeviceKind.Counter, DeviceKind.Counter, DeviceKind.CountingCamera, DeviceKind.CountingCamera, DeviceKind.Bollard], space.Devices.Select(device => device.Kind));
        Assert.Equal(DevicePurpose.Statistics, space.Devices[3].Purpose);
        Assert.Equal((2d, 1.7), (space.Thresholds[0].On, space.Thresholds[0].Off));
        Assert.Equal((null, "bollard"), (space.BarrierLines[1].Elements[0].Device, space.BarrierLines[0].Elements[0].Device));
    }

    // Each row changes one piece of the good site, or adds a line, and says where the problem is and what it is.
    [Theory]
    [InlineData("site: pilot", "site: Pilot", 1, "'Pilot' is not an id")]
    [InlineData("name: Pilot", "nam: Pilot", 2, "unknown field 'nam'")]
    [InlineData("name: Pilot", "name: [Pilot]", 2, "name of site is not a single value")]
    [InlineData("name: Pilot", "name:", 2, "site has no name")]
    [InlineData("city: Turin", "", 4, "space has no city")]
    [InlineData("timeZone: Europe/Zurich", "timeZone: Europe/Atlantis", 7, "timeZone 'Europe/Atlantis' is not known")]
    [InlineData("timeZone: Europe/Zurich", "timeZone: CET", 7, "timeZone 'CET' is not known")]
    [InlineData("areaM2: 100", "areaM2: 3.9", 9, "areaM2 of zone is 3.9")]
    [InlineData("areaM2: 100", "areaM2: 100 m", 9, "areaM2 of zone is '100 m', not a number")]
    [InlineData("areaM2: 100", "areaM2: '1,5'", 9, "not a number")]
    [InlineData("areaM2: 100", "areaM2: 1e400", 9, "not a number")]
    [InlineData("areaM2: 100", "areaM2: NaN", 9, "not a number")]
    [InlineData("capacity: 200", "capacity: 2.5", 9, "capacity of zone is not a whole number")]
    [InlineData("id: stage, name: Stage", "id: plaza, name: Stage", 10, "zone 'plaza' stands twice")]
    [InlineData("id: stage, name: Stage", "id: outside, name: Stage", 10, "means no zone")]
    [InlineData("from: outside, to: plaza", "from: outside, to: outside", 12, "leads from outside to outside")]
    [InlineData("from: outside, to: plaza", "from: outside, to: roof", 12, "to is 'roof', which is no zone")]
    [InlineData("widthM: 4", "widthM: 0", 12, "widthM of line is 0")]
    [InlineData("id: counter-2, kind: counter", "id: counter-1, kind: counter", 16, "device id 'counter-1' is used twice")]
    [InlineData("id: counter-2, kind: counter", "id: counter-2, kind: camera", 16, "kind is 'camera'")]
    [InlineData("id: counter-2, kind: counter", "id: counter-2, profile: acme, kind: counter", 16, "profile 'acme', which does not exist")]
    [InlineData("line: steps", "line: north", 16, "line 'north' is counted by two channels")]
    [InlineData("line: steps", "line: south", 16, "counts over 'south', which is no line")]
    [InlineData("line: steps", "line: steps, zone: stage", 16, "observes a line and a zone")]
    [InlineData("line: steps", "line: steps, onChange: true", 16, "has 'onChange' and observes no zone")]
    [InlineData("zone: stage }", "zone: roof }", 17, "observes 'roof', which is no zone")]
    [InlineData("purpose: statistics", "purpose: secret", 18, "purpose is 'secret'")]
    [InlineData("intervalSeconds: 300", "intervalSeconds: 0.5", 19, "intervalSeconds of device is 0.5")]
    [InlineData("device: bollard, channel: b2", "device: bollard, channel: b9", 25, "on channel 'b9', which this space does not have")]
    [InlineData("device: bollard, channel: b2", "channel: b2", 25, "has a channel but no device")]
    [InlineData("elements: [{ id: stone }]", "elements: []", 26, "barrier line 'blocks' has no element")]
    [InlineData("rule: density", "rule: noise", 28, "there is no rule 'noise'")]
    [InlineData("subject: plaza", "subject: north", 28, "'north' is no zone")]
    [InlineData("on: 2", "on: 2, off: 2", 28, "off is not under on")]
    [InlineData("equipment/counter-2/readings]", "equipment/#]", 30, "contains +, #")]
    [InlineData("equipment/counter-2/readings]", "equipment/counter-9/readings]", 30, "no device of the site speaks on topic")]
    [InlineData("topics: [equipment/counter-1/readings, equipment/counter-2/readings]", "topics: []", 30, "may publish nowhere")]
    [InlineData("city: Turin", "city: Turin\n    outline: [[7.1, 43.2], [7.2, 43.3]]", 7, "outline has 2 points")]
    [InlineData("city: Turin", "city: Turin\n    outline: [['7,1', '43,2'], [7.2, 43.3], [7.2, 43.4]]", 7, "is not [longitude, latitude]")]
    [InlineData("city: Turin", "city: Turin\n    outline: [[43.2, 97.1], [7.2, 43.3], [7.2, 43.4], [7.1, 43.2]]", 7, "is not [longitude, latitude]")]
    [InlineData("city: Turin", "city: Turin\n    city: Nice", 7, "Duplicate key city")]
    public void Each_problem_has_its_line_cause_and_remedy(string good, string broken, int line, string cause)
    {
        Assert.Contains(good, Square.Yaml, StringComparison.Ordinal);
        var at = Square.Yaml.IndexOf(good, StringComparison.Ordinal);
        var (site, problems) = Compile(Square.Yaml[..at] + broken + Square.Yaml[(at + good.Length)..]);
        Assert.Null(site);
        var found = problems.FirstOrDefault(problem => problem.What.Contains(cause, StringComparison.Ordinal));
        Assert.True(found is not null, $"not found: {cause}; found: {string.Join(" | ", problems)}");
        Assert.Equal(("site.yaml", line), (found.File, found.Line));
        Assert.NotEmpty(found.Remedy);
        Assert.StartsWith($"site.yaml:{line}: ", found.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', found.ToString());
    }

    [Fact]
    public void A_name_that_is_a_list_is_one_problem_and_not_two()
    {
        var (_, problems) = Compile(Square.Yaml.Replace("name: Pilot", "name: [Pilot]", StringComparison.Ordinal));
        Assert.Single(problems);
    }

    [Fact]
    public void All_problems_of_a_file_come_at_once_in_the_order_of_its_lines()
    {
        var (_, problems) = Compile(Square.Yaml.Replace("areaM2: 100", "areaM2: 1", StringComparison.Ordinal).Replace("rule: density", "rule: heat", StringComparison.Ordinal).Replace("name: Pilot", "", StringComparison.Ordinal));
        Assert.Equal(3, problems.Count);
        Assert.Equal(problems.OrderBy(problem => problem.Line), problems);
    }

    [Theory]
    [InlineData("site: s\nname: S\nspaces: []\n", 3, "has 0 spaces")]
    [InlineData("site: s\nname: S\n", 1, "has 0 spaces")]
    [InlineData("site: s\nname: S\nspaces: x\n", 3, "spaces of site is not a list")]
    [InlineData("- a\n", 1, "site is not a list of named values")]
    [InlineData("", 1, "0 documents")]
    public void A_site_without_spaces_is_none(string yaml, int line, string cause) =>
        Assert.Contains(Compile(yaml).Problems, problem => problem.Line == line && problem.What.Contains(cause, StringComparison.Ordinal));

    [Fact]
    public void A_broken_profile_is_named_by_its_own_file()
    {
        var (site, problems) = CompiledSite.Compile(new SiteDocument("site.yaml", Square.Yaml, new Dictionary<string, string> { ["acme.yaml"] = "profile: acme\nversion: x\n" }));
        Assert.Null(site);
        Assert.Contains(problems, problem => problem is { File: "acme.yaml", Line: 2 });
    }

    [Fact]
    public void A_second_profile_called_native_is_refused()
    {
        var (_, problems) = CompiledSite.Compile(new SiteDocument("site.yaml", Square.Yaml, new Dictionary<string, string> { ["zzz.yaml"] = "profile: native\nversion: 1\nmatch: { topic: 'x/{device}' }\nreadings: [{ position: { is: ./p } }]\n" }));
        Assert.Equal("a profile 'native' exists already", problems.Single().What);
    }

    private static (CompiledSite? Site, IReadOnlyList<DocumentProblem> Problems) Compile(string yaml) =>
        CompiledSite.Compile(new SiteDocument("site.yaml", yaml, new Dictionary<string, string>()));
}

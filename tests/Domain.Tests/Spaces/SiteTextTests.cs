using Monitoring.Contracts.Spaces;

namespace Monitoring.Domain.Tests.Spaces;

/// <summary>A device is entered into a site's text, and nothing else of the text changes.</summary>
public sealed class SiteTextTests
{
    private const string Entered = """{ id: new-1, name: "Zähler \"Süd\": 1", kind: counter, profile: native, intervalSeconds: 60, channels: [{ name: gate, line: south }, { name: power }] }""";

    private const string Block = """
        # Harbour; do not plan anything with it.
        site: harbour
        name: 'Harbour 🙂'   # a smile
        spaces:
          - id: quay
            name: The quay
            city: Antwerp
            timeZone: UTC
            zones: [{ id: deck, name: Deck, areaM2: 1800, capacity: 2000 }]
            lines:
              - { id: north, name: North, widthM: 6, from: outside, to: deck }
              - { id: south, name: South, widthM: 6, from: outside, to: deck }
            devices:
              # The old ones
              - id: gate-1   # first
                kind: counter
                intervalSeconds: 60
                channels: [{ name: main, line: north }]   # last of its lines

            # Levels come from the fire brigade.
            thresholds: [{ rule: flow, on: 60 }]

        connections:
          - name: cabinet
            topics:
              - equipment/gate-1/readings  # its own
              # - equipment/gate-0/readings
          - { name: other, topics: [equipment/gate-1/readings] }
        """;

    private static readonly NewDevice Device = new("new-1", "Zähler \"Süd\": 1", "counter", "native", null, null, 60, new Dictionary<string, IReadOnlyList<string>>(), [new("gate", "south", null), new("power", null, null)]);

    [Fact]
    public void It_stands_behind_the_last_one_and_comments_stay_where_they_are()
    {
        var after = With(Block, "cabinet");

        Assert.Equal(
            Block.Replace("# last of its lines\n", $"# last of its lines\n      - {Entered}\n", StringComparison.Ordinal)
                .Replace("# its own\n", "# its own\n      - equipment/new-1/readings\n", StringComparison.Ordinal),
            after);
    }

    [Fact]
    public void Windows_line_ends_stay_and_are_used()
    {
        var after = With(Block.Replace("\n", "\r\n", StringComparison.Ordinal), "cabinet")!;

        Assert.Equal(With(Block, "cabinet"), after.Replace("\r\n", "\n", StringComparison.Ordinal));
        Assert.DoesNotContain('\n', after.Replace("\r\n", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("    devices: []\n")]
    [InlineData("    devices: [ ]  # none yet\n")]
    [InlineData("    devices: [{ id: gate-1, kind: counter, intervalSeconds: 60, channels: [{ name: main, line: north }] }] # one\n")]
    [InlineData("    devices: [\n      { id: gate-1, kind: counter, intervalSeconds: 60, channels: [{ name: main, line: north }] }, # with a comma\n    ]\n")]
    [InlineData("    devices:\n    - id: gate-1\n      kind: counter\n      intervalSeconds: 60\n      channels:\n      - name: main\n        line: north\n")]
    [InlineData("    devices:\n      - id: gate-1\n        kind: counter\n        intervalSeconds: 60\n        name: |\n          Gate\n          one\n\n")]
    [InlineData("")]
    public void However_the_list_is_written_it_is_added_to(string devices)
    {
        var start = Block.IndexOf("    devices:", StringComparison.Ordinal);
        var before = Block[..start] + devices + Block[Block.IndexOf("    # Levels", StringComparison.Ordinal)..];

        var after = With(before, "other")!;
        AssertOnlyAdds(before, after);
        Assert.Contains(Entered, after, StringComparison.Ordinal);
        Assert.Contains("[equipment/gate-1/readings, equipment/new-1/readings]", after, StringComparison.Ordinal);
    }

    [Fact]
    public void A_site_all_in_braces_is_added_to()
    {
        const string before = "{ site: s, name: S, spaces: [{ id: quay, name: Q, zones: [] }], connections: [{ name: c, topics: [a/b] }] }";

        Assert.Equal(
            $"{{ site: s, name: S, spaces: [{{ id: quay, name: Q, zones: [], devices: [{Entered}] }}], connections: [{{ name: c, topics: [a/b, equipment/new-1/readings] }}] }}",
            With(before, "c"));
    }

    [Fact]
    public void A_list_at_the_very_end_without_a_line_end_is_added_to()
    {
        const string before = "connections:\n- name: c\n  topics:\n  - a/b\nspaces:\n- id: quay\n  name: Q";

        Assert.Equal($"connections:\n- name: c\n  topics:\n  - a/b\n  - equipment/new-1/readings\nspaces:\n- id: quay\n  name: Q\n  devices:\n    - {Entered}", With(before, "c"));
    }

    [Fact]
    public void A_topic_that_is_there_is_not_added_again()
    {
        var after = SiteText.WithDevice(Block, "quay", Device, "cabinet", "equipment/gate-1/readings")!;

        Assert.Equal(Block.Replace("# last of its lines\n", $"# last of its lines\n      - {Entered}\n", StringComparison.Ordinal), after);
    }

    [Theory]
    [InlineData("nowhere", "cabinet")]
    [InlineData("quay", "nobody")]
    public void A_place_that_is_not_there_gives_nothing(string space, string connection) =>
        Assert.Null(SiteText.WithDevice(Block, space, Device, connection, "equipment/new-1/readings"));

    [Theory]
    [InlineData("a: b")]
    [InlineData("x } ]")]
    [InlineData("# no comment")]
    [InlineData("'quotes' and \"quotes\"")]
    [InlineData("back\\slash")]
    [InlineData("null")]
    [InlineData("1e3")]
    [InlineData("~")]
    [InlineData("- dash")]
    [InlineData("🙂 smile")]
    [InlineData("Ž\u00A0\u2028\u0085")]
    [InlineData("{{ template }}")]
    [InlineData("*alias &anchor !tag")]
    public void Whatever_the_name_is_it_is_read_as_it_was_given(string name)
    {
        var after = SiteText.WithDevice(Block, "quay", Device with { Name = name, Address = name, Parameters = new Dictionary<string, IReadOnlyList<string>> { ["topic"] = [name], ["many"] = [name, "b"] } }, "cabinet", "plc/" + name);

        Assert.NotNull(after);
        AssertOnlyAdds(Block, after);
    }

    [Theory]
    [InlineData("pilot-city", "nice-massena", "nice-noise")]
    [InlineData("hardbruecke", "hardbruecke", "hardbruecke")]
    public void The_sites_that_ship_with_the_hub_can_be_added_to(string site, string space, string connection)
    {
        var before = File.ReadAllText(Path.Combine(Repository, "sites", site, "site.yaml"));
        var (known, _) = CompiledSite.Compile(new SiteDocument("site.yaml", before, new Dictionary<string, string>()));
        Assert.Contains(known!.Site.Connections, one => one.Name == connection);

        var after = SiteText.WithDevice(before, space, Device with { Channels = [new("gate", null, null)] }, connection, "equipment/new-1/readings")!;

        AssertOnlyAdds(before, after);
        var (compiled, problems) = CompiledSite.Compile(new SiteDocument("site.yaml", after, new Dictionary<string, string>()));
        Assert.Empty(problems);
        Assert.Contains(compiled!.Site.Spaces.Single(one => one.Id == space).Devices, one => one.Id == "new-1");
    }

    private static string Repository
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "Monitoring.sln")))
                folder = folder.Parent;
            return folder.FullName;
        }
    }

    private static string? With(string before, string connection) => SiteText.WithDevice(before, "quay", Device, connection, "equipment/new-1/readings");

    /// <summary>Taking away some of the new text gives the old one: nothing was changed or moved.</summary>
    private static void AssertOnlyAdds(string before, string after)
    {
        var at = 0;
        foreach (var one in after)
        {
            if (at < before.Length && before[at] == one)
                at++;
        }

        Assert.Equal(before.Length, at);
    }
}

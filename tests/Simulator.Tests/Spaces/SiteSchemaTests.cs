using System.Text.Json;
using System.Text.RegularExpressions;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;

namespace Monitoring.Simulator.Tests.Spaces;

/// <summary>Holds docs/reference/site.schema.json against what the reader of site.yaml really takes.</summary>
public sealed partial class SiteSchemaTests
{
    // One mapping of each kind, each with one field that does not exist: the reader answers with the names that do.
    private const string UnknownEverywhere = """
        site: s
        name: S
        nonsense: 1
        spaces:
          - id: a
            name: A
            city: C
            timeZone: UTC
            nonsense: 1
            zones: [{ id: z, name: Z, areaM2: 10, capacity: 10, nonsense: 1 }]
            lines: [{ id: l, name: L, widthM: 1, from: outside, to: z, nonsense: 1 }]
            barrierLines: [{ id: b, name: B, nonsense: 1, elements: [{ id: e, nonsense: 1 }] }]
            devices: [{ id: d, kind: counter, intervalSeconds: 60, nonsense: 1, channels: [{ name: c, line: l, nonsense: 1 }] }]
            thresholds: [{ rule: density, on: 4, nonsense: 1 }]
        connections: [{ name: n, topics: [equipment/d/readings], nonsense: 1 }]
        """;

    private static readonly JsonElement Kinds = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "site.schema.json"))).RootElement.GetProperty("$defs");

    [Fact]
    public void Names_the_fields_that_the_reader_asks_for()
    {
        var known = Problems(UnknownEverywhere).ToDictionary(problem => UnknownField().Match(problem.What).Groups[1].Value, problem => problem.Remedy["known are: ".Length..].Split(", "));
        Assert.Equal(10, known.Count);
        foreach (var (kind, names) in known)
            Assert.Equal(names, Kind(kind).GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("device", "kind", "kind: counter", "kind: x")]
    [InlineData("device", "purpose", "kind: counter", "kind: counter, purpose: x")]
    public void Lists_the_choices_that_the_reader_takes(string kind, string field, string valid, string invalid)
    {
        var problem = Assert.Single(Problems(Valid.Replace(valid, invalid, StringComparison.Ordinal)));
        Assert.Equal(problem.Remedy["use one of: ".Length..].Split(", "), Field(kind, field).GetProperty("enum").EnumerateArray().Select(choice => choice.GetString()!));
    }

    [Theory]
    [InlineData("zone", "areaM2", "areaM2: 10", "areaM2: -1")]
    [InlineData("zone", "capacity", "capacity: 10", "capacity: -1")]
    [InlineData("line", "widthM", "widthM: 1", "widthM: -1")]
    [InlineData("device", "intervalSeconds", "intervalSeconds: 60", "intervalSeconds: -1")]
    [InlineData("threshold", "on", "on: 4", "on: -1, off: 0")]
    [InlineData("threshold", "off", "on: 4", "on: 4, off: -1")]
    [InlineData("threshold", "onForSeconds", "on: 4", "on: 4, onForSeconds: -1")]
    [InlineData("threshold", "offForSeconds", "on: 4", "on: 4, offForSeconds: -1")]
    public void Gives_the_ranges_that_the_reader_takes(string kind, string field, string valid, string invalid)
    {
        var problem = Assert.Single(Problems(Valid.Replace(valid, invalid, StringComparison.Ordinal)));
        var schema = Field(kind, field);
        Assert.Equal(problem.Remedy, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"use {schema.GetProperty("minimum").GetDouble()} to {schema.GetProperty("maximum").GetDouble()}"));
    }

    [Fact]
    public void Requires_the_fields_that_the_reader_misses()
    {
        const string Empty = "spaces: [{ zones: [{ x: 1 }], lines: [{ x: 1 }], barrierLines: [{ elements: [{ x: 1 }] }], devices: [{ channels: [{ x: 1 }] }], thresholds: [{ x: 1 }] }]\nconnections: [{ x: 1 }]\n";
        var missing = Problems(Empty).Select(problem => MissingField().Match(problem.What)).Where(match => match.Success).Select(match => (Kind: match.Groups[1].Value, Field: match.Groups[2].Value)).ToHashSet();
        foreach (var (kind, field) in missing)
            Assert.Contains(field, Required(kind));
        foreach (var kind in (string[])["zone", "line", "element", "channel"])
            Assert.All(Required(kind), field => Assert.Contains((kind, field), missing));
    }

    [Fact]
    public void Describes_every_field()
    {
        foreach (var kind in Kinds.EnumerateObject().Where(kind => kind.Value.TryGetProperty("properties", out _)))
        {
            foreach (var field in kind.Value.GetProperty("properties").EnumerateObject().Where(field => field.Name != "outline"))
                Assert.True(field.Value.TryGetProperty("description", out _), $"{kind.Name}.{field.Name} has no description");
        }
    }

    private static string Valid => string.Join('\n', UnknownEverywhere.Split('\n').Where(line => line.Trim() != "nonsense: 1")).Replace(", nonsense: 1", "", StringComparison.Ordinal);

    private static IReadOnlyList<DocumentProblem> Problems(string yaml) => CompiledSite.Compile(new SiteDocument("site.yaml", yaml, new Dictionary<string, string>())).Problems;

    private static JsonElement Kind(string what) => Kinds.GetProperty(what == "barrier line" ? "barrierLine" : what);

    private static JsonElement Field(string kind, string field) => Kind(kind).GetProperty("properties").GetProperty(field);

    private static IEnumerable<string> Required(string kind) => Kind(kind).GetProperty("required").EnumerateArray().Select(name => name.GetString()!);

    [GeneratedRegex("^(.+) has an unknown field 'nonsense'$")]
    private static partial Regex UnknownField();

    [GeneratedRegex("^(site|space|zone|line|barrier line|element|device|channel|threshold|connection) has no ([A-Za-z0-9]+)$")]
    private static partial Regex MissingField();
}

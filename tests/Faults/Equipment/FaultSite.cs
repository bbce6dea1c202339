using System.Globalization;

namespace Monitoring.Faults.Equipment;

/// <summary>A counter at a gate of a space of the site under trial.</summary>
/// <param name="Space">Space id.</param>
/// <param name="Line">Line id.</param>
/// <param name="Device">Device id.</param>
internal sealed record Gate(string Space, string Line, string Device)
{
    /// <summary>Topic on which its counter speaks.</summary>
    public string Topic => $"equipment/{Device}/readings";
}

/// <summary>The site under trial: squares with counters at their gates, and one connection that speaks for all.</summary>
internal sealed record FaultSite(int Spaces, int GatesOfEach)
{
    /// <summary>The connection's name.</summary>
    public const string Connection = "cabinet";

    /// <summary>A zone with summer time.</summary>
    public static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Zurich");

    /// <summary>How often its counters report, as the site says.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>Ids of its spaces.</summary>
    public IReadOnlyList<string> SpaceIds => [.. Enumerable.Range(1, Spaces).Select(space => $"square-{space}")];

    /// <summary>All gates, in order.</summary>
    public IReadOnlyList<Gate> Gates =>
        [.. from space in Enumerable.Range(1, Spaces) from gate in Enumerable.Range(1, GatesOfEach) select new Gate($"square-{space}", $"gate-{gate}", $"counter-{space}-{gate}")];

    /// <summary>The site document.</summary>
    public string Yaml => $"""
        site: faults
        name: Faults
        spaces:
        {Lines(Gates.GroupBy(gate => gate.Space).Select(SpaceYaml))}
        connections:
          - name: {Connection}
            topics: [{string.Join(", ", Gates.Select(gate => gate.Topic))}]
        """;

    private static string SpaceYaml(IGrouping<string, Gate> space) => string.Create(CultureInfo.InvariantCulture, $$"""
          - id: {{space.Key}}
            name: {{space.Key}}
            city: Testville
            timeZone: {{Zone.Id}}
            release: { plan: P15, nightBlock: false }
            zones: [{ id: main, name: Main, areaM2: 10000, capacity: 30000 }]
            lines:
        {{Lines(space.Select(gate => $"      - {{ id: {gate.Line}, name: {gate.Line}, widthM: 3, from: outside, to: main }}"))}}
            devices:
        {{Lines(space.Select(gate => $"      - {{ id: {gate.Device}, kind: counter, intervalSeconds: {Interval.TotalSeconds}, channels: [{{ name: gate, line: {gate.Line} }}] }}"))}}
        """);

    private static string Lines(IEnumerable<string> lines) => string.Join(Environment.NewLine, lines);
}

using System.Globalization;
using Monitoring.Harness;

namespace Monitoring.Faults.History;

/// <summary>A site whose cells are five minutes long: squares with counters at their gates, and connections that speak for them.</summary>
/// <param name="Spaces">How many squares.</param>
/// <param name="GatesOfEach">Gates of each.</param>
/// <param name="NightBlock">Whether the hours from 0 to 6 are one cell: a day that begins at 6 then has one without a number before it, and not seventy.</param>
internal sealed record CellSite(int Spaces, int GatesOfEach, bool NightBlock = true)
{
    /// <summary>Length of a cell.</summary>
    public static readonly TimeSpan Cell = TimeSpan.FromMinutes(5);

    /// <summary>How often its counters vouch, as the site says. A heartbeat at the end of each cell is in time.</summary>
    public static readonly TimeSpan Interval = Cell / 2;

    /// <summary>Its zone.</summary>
    public static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Zurich");

    /// <summary>Names of its connections.</summary>
    public IReadOnlyList<string> Connections => Spaces == 1 ? ["cabinet-0"] : ["cabinet-0", "cabinet-1"];

    /// <summary>All gates, in order.</summary>
    public IReadOnlyList<CellGate> Gates =>
        [.. from space in Enumerable.Range(1, Spaces) from gate in Enumerable.Range(1, GatesOfEach) select new CellGate($"square-{space}", $"gate-{gate}", $"counter-{space}-{gate}", Connections[space % Connections.Count])];

    /// <summary>The site document.</summary>
    public string Yaml => $"""
        site: cells
        name: Cells
        spaces:
        {Lines(Gates.GroupBy(gate => gate.Space).Select(space => SpaceYaml(space, NightBlock)))}
        connections:
        {Lines(Connections.Select(name => $"  - {{ name: {name}, topics: [{string.Join(", ", Gates.Where(gate => gate.Connection == name).Select(gate => $"equipment/{gate.Device}/readings"))}] }}"))}
        """;

    /// <summary>Starts a hub on it, on the replay clock.</summary>
    public Task<HubUnderTest> StartAsync(TemporaryFolder folder, IReadOnlyDictionary<string, string>? settings, CancellationToken cancellation) =>
        HubUnderTest.StartAsync(folder.File("data"), ["serve", "--site", folder.Write("site.yaml", Yaml), "--clock", "replay"], cancellation, environment: settings);

    private static string SpaceYaml(IGrouping<string, CellGate> space, bool night) => string.Create(CultureInfo.InvariantCulture, $$"""
          - id: {{space.Key}}
            name: {{space.Key}}
            city: Testville
            timeZone: {{Zone.Id}}
            release: { plan: P5, nightBlock: {{(night ? "true" : "false")}} }
            zones: [{ id: main, name: Main, areaM2: 100000, capacity: 300000 }]
            lines:
        {{Lines(space.Select(gate => $"      - {{ id: {gate.Line}, name: {gate.Line}, widthM: 3, from: outside, to: main }}"))}}
            devices:
        {{Lines(space.Select(gate => $"      - {{ id: {gate.Device}, kind: counter, intervalSeconds: {Interval.TotalSeconds}, channels: [{{ name: gate, line: {gate.Line} }}] }}"))}}
        """);

    private static string Lines(IEnumerable<string> lines) => string.Join(Environment.NewLine, lines);
}

/// <summary>A counter at a gate.</summary>
/// <param name="Space">Space id.</param>
/// <param name="Line">Line id.</param>
/// <param name="Device">Device id.</param>
/// <param name="Connection">Who speaks for it.</param>
internal sealed record CellGate(string Space, string Line, string Device, string Connection);

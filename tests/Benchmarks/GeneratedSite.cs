using System.Globalization;
using System.Text;
using System.Text.Json;
using Monitoring.Gateway.Accounts;
using Monitoring.Simulator.Intake;

namespace Monitoring.Benchmarks;

/// <summary>A site of any size: squares with counters at their gates.</summary>
/// <param name="Spaces">Spaces.</param>
/// <param name="DevicesPerSpace">Counters of each space.</param>
/// <param name="PerDevice">Whether each counter has a connection of its own; else one connection speaks for all of a space.</param>
internal sealed record GeneratedSite(int Spaces, int DevicesPerSpace, bool PerDevice)
{
    /// <summary>Channel of each counter: the one that the load generator publishes.</summary>
    public const string Channel = "load";

    /// <summary>Connections with the devices that they speak for.</summary>
    public IReadOnlyDictionary<string, string[]> Connections => PerDevice
        ? Enumerable.Range(1, Spaces).SelectMany(DevicesOf).ToDictionary(device => device, device => new[] { device })
        : Enumerable.Range(1, Spaces).ToDictionary(space => $"space-{space}", space => DevicesOf(space).ToArray());

    /// <summary>Topic of a device.</summary>
    public static string TopicOf(string device) => $"equipment/{device}/readings";

    /// <summary>The site document.</summary>
    public string ToYaml()
    {
        var yaml = new StringBuilder("site: generated\nname: Generated\nspaces:\n");
        for (var space = 1; space <= Spaces; space++)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"  - id: space-{space}\n    name: Square {space}\n    city: Testville\n    timeZone: Europe/Brussels\n    zones:\n      - {{ id: main, name: Main, areaM2: 1000, capacity: 3000 }}\n    lines:\n");
            for (var gate = 1; gate <= DevicesPerSpace; gate++)
                yaml.Append(CultureInfo.InvariantCulture, $"      - {{ id: gate-{gate}, name: Gate {gate}, widthM: 3, from: outside, to: main }}\n");
            yaml.Append("    devices:\n");
            foreach (var (gate, device) in DevicesOf(space).Index())
                yaml.Append(CultureInfo.InvariantCulture, $"      - {{ id: {device}, kind: counter, intervalSeconds: 60, channels: [{{ name: {Channel}, line: gate-{gate + 1} }}] }}\n");
        }

        yaml.Append("connections:\n");
        foreach (var (name, devices) in Connections)
            yaml.Append(CultureInfo.InvariantCulture, $"  - name: {name}\n    topics: [{string.Join(", ", devices.Select(TopicOf))}]\n");
        return yaml.ToString();
    }

    /// <summary>Makes the secrets of all connections in a hub's data folder.</summary>
    public IReadOnlyList<LoadPrincipal> MakeSecrets(string dataFolder)
    {
        using var store = new ConnectionSecrets(dataFolder);
        var secrets = store.Generate(Connections.Keys);
        return [.. Connections.Select(connection => new LoadPrincipal(connection.Key, secrets[connection.Key], [.. connection.Value.Select(TopicOf)]))];
    }

    /// <summary>The form that <c>monitoring load --devices</c> reads.</summary>
    public static string ToJson(IReadOnlyList<LoadPrincipal> principals) => JsonSerializer.Serialize(principals, JsonSerializerOptions.Web);

    private IEnumerable<string> DevicesOf(int space) => Enumerable.Range(1, DevicesPerSpace).Select(device => $"counter-{space}-{device}");
}

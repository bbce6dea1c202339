using System.Globalization;
using System.Text.Json.Nodes;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.History;

/// <summary>The queries of all panels and variables of the dashboards, with their variables substituted as Grafana does.</summary>
internal sealed class DashboardPanels(string space, string series, DateTimeOffset from, DateTimeOffset to)
{
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy", "grafana");

    /// <summary>Each query with the name of its panel or variable, and whether it goes to the bucket of equipment.</summary>
    public IEnumerable<(string Name, string Query, bool IsHealth)> Queries()
    {
        foreach (var file in Directory.EnumerateDirectories(Folder, "dashboards", SearchOption.AllDirectories).SelectMany(folder => Directory.EnumerateFiles(folder, "*.json")).Order(StringComparer.Ordinal))
        {
            var (dashboard, name, isHealth) = (JsonNode.Parse(File.ReadAllText(file))!, Path.GetFileNameWithoutExtension(file), file.Contains($"{Path.DirectorySeparatorChar}operations{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
            foreach (var variable in dashboard["templating"]!["list"]!.AsArray().Where(variable => (string?)variable!["type"] == "query"))
                yield return ($"{name} ${variable!["name"]}", Substitute((string)variable["query"]!), isHealth);
            foreach (var panel in dashboard["panels"]!.AsArray())
            {
                foreach (var target in panel!["targets"]?.AsArray() ?? [])
                    yield return ($"{name} / {panel["title"]}", Substitute((string)target!["query"]!), isHealth);
            }
        }
    }

    private string Substitute(string query) => query
        .Replace("$timeFilter", string.Create(CultureInfo.InvariantCulture, $"time >= {from.ToUnixTimeMilliseconds()}ms and time <= {to.ToUnixTimeMilliseconds()}ms"), StringComparison.Ordinal)
        .Replace("$space", space, StringComparison.Ordinal).Replace("$series", series, StringComparison.Ordinal).Replace("$grid", "PT1H", StringComparison.Ordinal);
}

using System.Globalization;
using System.Text.Json.Nodes;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.History;

/// <summary>The queries of all panels and variables of the dashboards, with their variables substituted and their times moved as Grafana does.</summary>
/// <param name="space">The space that is chosen.</param>
/// <param name="from">Start of the chosen range, included.</param>
/// <param name="to">Its end, excluded.</param>
internal sealed class DashboardPanels(string space, DateTimeOffset from, DateTimeOffset to)
{
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy", "grafana");

    private static readonly Dictionary<string, JsonNode> Dashboards = Directory.EnumerateDirectories(Folder, "dashboards", SearchOption.AllDirectories).SelectMany(folder => Directory.EnumerateFiles(folder, "*.json"))
        .ToDictionary(file => Path.GetFileNameWithoutExtension(file), file => JsonNode.Parse(File.ReadAllText(file))!);

    /// <summary>Each query with the name of its panel or variable, and whether it goes to the bucket of equipment.</summary>
    public IEnumerable<(string Name, string Query, bool IsHealth)> Queries(string series)
    {
        foreach (var (name, dashboard) in Dashboards)
        {
            var isHealth = name == "equipment-health";
            foreach (var variable in dashboard["templating"]!["list"]!.AsArray().Where(variable => (string?)variable!["type"] == "query"))
                yield return ($"{name} ${variable!["name"]}", Substitute((string)variable["query"]!, series, "PT1H", TimeSpan.Zero), isHealth);
            foreach (var panel in dashboard["panels"]!.AsArray())
            {
                foreach (var target in panel!["targets"]?.AsArray() ?? [])
                    yield return ($"{name} / {panel["title"]}", Substitute((string)target!["query"]!, series, "PT1H", Back(dashboard, panel)), isHealth);
            }
        }
    }

    /// <summary>One query of a panel.</summary>
    public string Query(string dashboard, string title, string series = "", string grid = "PT1H", string reference = "A")
    {
        var panel = Dashboards[dashboard]["panels"]!.AsArray().Single(panel => (string?)panel!["title"] == title)!;
        return Substitute((string)panel["targets"]!.AsArray().Single(target => (string?)target!["refId"] == reference)!["query"]!, series, grid, Back(Dashboards[dashboard], panel));
    }

    // How far a panel is moved back: by a variable, as it is chosen when the dashboard opens.
    private static TimeSpan Back(JsonNode dashboard, JsonNode panel) => (string?)panel["timeShift"] is not { } shift
        ? TimeSpan.Zero
        : TimeSpan.FromDays(int.Parse(((string)dashboard["templating"]!["list"]!.AsArray().Single(variable => $"${variable!["name"]}" == shift)!["current"]!["value"]!).TrimEnd('d'), CultureInfo.InvariantCulture));

    // Grafana's filter has both ends in it.
    private string Substitute(string query, string series, string grid, TimeSpan back) => query
        .Replace("$timeFilter", string.Create(CultureInfo.InvariantCulture, $"time >= {(from - back).ToUnixTimeMilliseconds()}ms and time <= {(to - back).ToUnixTimeMilliseconds() - 1}ms"), StringComparison.Ordinal)
        .Replace("$space", space, StringComparison.Ordinal).Replace("$series", series, StringComparison.Ordinal).Replace("$grid", grid, StringComparison.Ordinal);
}

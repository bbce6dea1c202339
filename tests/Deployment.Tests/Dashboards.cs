using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Monitoring.Deployment.Tests;

/// <summary>The dashboards as files, and what must be true of each: nothing is computed from published numbers, what is absent stays absent, and colours can be told apart.</summary>
internal static partial class Dashboards
{
    // Okabe and Ito's colours, for all common kinds of colour blindness.
    private static readonly HashSet<string> Colours = ["#0072B2", "#E69F00", "#56B4E9", "#009E73", "#D55E00", "#CC79A7", "#999999"];

    // A line breaks where one point is missing: devices are written every quarter of an hour, and the longest of released numbers that are drawn is a day of 25 hours.
    private static readonly Dictionary<string, (TimeSpan Longest, TimeSpan OneMissing)> Steps = new()
    {
        ["health"] = (TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30)),
        ["released"] = (TimeSpan.FromHours(25), TimeSpan.FromHours(47)),
    };

    // They order, name, hide and line up columns; none computes.
    private static readonly HashSet<string> Transformations = ["organize", "joinByField", "filterFieldsByName"];

    /// <summary>Grafana and bucket, by dashboard file below <c>deploy/grafana</c>.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["analysis/dashboards/crowd-flow-history.json"] = "released",
        ["analysis/dashboards/pilot-overview.json"] = "released",
        ["operations/dashboards/equipment-health.json"] = "health",
    };

    public static JsonObject Read(string file) => JsonNode.Parse(Text(file))!.AsObject();

    public static string Text(string file) => File.ReadAllText(DeployFiles.At("grafana", file));

    public static IEnumerable<JsonObject> Panels(JsonObject dashboard) => dashboard["panels"]!.AsArray().Select(panel => panel!.AsObject());

    /// <summary>Everything that breaks a rule.</summary>
    public static IEnumerable<string> Faults(JsonObject dashboard, string bucket) =>
    [
        .. Own(dashboard),
        .. Layout([.. Panels(dashboard)]),
        .. Panels(dashboard).SelectMany(panel => Of(panel, bucket).Select(fault => $"{panel["title"]}: {fault}")),
        .. dashboard["templating"]!["list"]!.AsArray().Where(variable => (string?)variable!["type"] == "query").SelectMany(variable => Query((string)variable!["query"]!, bucket, isVariable: true).Select(fault => $"${variable["name"]}: {fault}")),
    ];

    private static IEnumerable<string> Own(JsonObject dashboard)
    {
        if (dashboard["editable"]!.GetValue<bool>())
            yield return "can be edited";
        if ((string?)dashboard["timezone"] != "browser" || !Panels(dashboard).Any(panel => ((string?)panel["options"]!["content"] ?? "").Contains("your browser", StringComparison.Ordinal)))
            yield return "does not say whose clock its axes follow";
        if (dashboard["annotations"]!["list"]!.AsArray().Count > 0)
            yield return "has annotations: no crowd alarm leaves the live domain";
    }

    private static IEnumerable<string> Layout(IReadOnlyList<JsonObject> panels)
    {
        if (panels.Select(panel => (int)panel["id"]!).Distinct().Count() != panels.Count)
            yield return "an id is there twice";
        var taken = new HashSet<(int, int)>();
        foreach (var panel in panels)
        {
            var at = panel["gridPos"]!;
            var cells = from x in Enumerable.Range((int)at["x"]!, (int)at["w"]!) from y in Enumerable.Range((int)at["y"]!, (int)at["h"]!) select (x, y);
            if (cells.Any(cell => cell.x >= 24 || !taken.Add(cell)))
                yield return $"{panel["title"]}: lies over another panel or the edge";
        }
    }

    private static IEnumerable<string> Of(JsonObject panel, string bucket)
    {
        if (string.IsNullOrWhiteSpace((string?)panel["title"]))
            yield return "has no title";
        if ((string?)panel["type"] == "text")
            yield break;
        if (((string?)panel["description"] ?? "").Length < 30)
            yield return "does not say in words what it shows";
        if ((string?)panel["fieldConfig"]!["defaults"]!["noValue"] is not { Length: > 0 })
            yield return "says nothing where there is nothing";
        foreach (var target in panel["targets"]!.AsArray())
        {
            if ((string?)target!["datasource"]!["uid"] != bucket || !target["rawQuery"]!.GetValue<bool>())
                yield return "asks another source, or not by its own words";
            foreach (var fault in Query((string)target["query"]!, bucket, isVariable: false))
                yield return fault;
        }

        foreach (var transformation in panel["transformations"]?.AsArray() ?? [])
        {
            if (!Transformations.Contains((string)transformation!["id"]!))
                yield return $"computes with {transformation["id"]}";
        }

        foreach (var fault in Display(panel, bucket))
            yield return fault;
    }

    private static IEnumerable<string> Display(JsonObject panel, string bucket)
    {
        var text = panel.ToJsonString();
        if ((string?)panel["type"] == "timeseries" && panel["fieldConfig"]!["defaults"]!["custom"]!.AsObject() is var lines)
        {
            var breaksOverMs = (double?)lines["insertNulls"] ?? double.MaxValue;
            if ((lines["spanNulls"]?.GetValue<bool>() ?? true) || breaksOverMs >= Steps[bucket].OneMissing.TotalMilliseconds)
                yield return "draws a line over what is absent";
            if (breaksOverMs < Steps[bucket].Longest.TotalMilliseconds)
                yield return "breaks a line where nothing is absent";
        }

        if (text.Contains("\"stacking\"", StringComparison.Ordinal) || text.Contains("reduceOptions", StringComparison.Ordinal) || text.Contains("\"footer\"", StringComparison.Ordinal))
            yield return "adds numbers up";
        if (panel["options"]!["legend"]?["calcs"]?.AsArray().Count > 0)
            yield return "computes in the legend";
        if ((string?)panel["type"] == "table" && !panel["fieldConfig"]!["defaults"]!["mappings"]!.ToJsonString().Contains("\"match\":\"null\"", StringComparison.Ordinal))
            yield return "does not say in words that a number is absent";
        foreach (var colour in Colour().Matches(text).Select(match => match.Value).Where(colour => !Colours.Contains(colour)))
            yield return $"uses {colour}, which not everybody can tell apart";
    }

    private static IEnumerable<string> Query(string query, string bucket, bool isVariable)
    {
        if (Forbidden().Match(query) is { Success: true } word)
            yield return $"says {word.Value}";
        foreach (var function in Function().Matches(query).Select(match => match.Groups[1].Value))
        {
            // How often a device was heard is no published number; it may be counted.
            if (!(function == "top" && bucket == "released") && !(function == "count" && bucket == "health"))
                yield return $"computes {function}()";
        }

        if (isVariable)
        {
            if (!query.StartsWith("SHOW TAG VALUES FROM ", StringComparison.Ordinal))
                yield return "lists something else than values of a tag";
            yield break;
        }

        if (!query.StartsWith("SELECT ", StringComparison.Ordinal) || query.Contains(';', StringComparison.Ordinal) || !query.Contains("$timeFilter", StringComparison.Ordinal))
            yield return "is not one question about the chosen time";
        if (query.Contains("FROM \"crowd\"", StringComparison.Ordinal) && !GridTag().IsMatch(query))
            yield return "mixes points of different lengths";
        // A night that is published in one piece stands among the hours.
        if (Hours().IsMatch(query) && query.Contains("\"value\"", StringComparison.Ordinal) && !query.Contains("\"seconds\"", StringComparison.Ordinal))
            yield return "does not say how long its hours are";
    }

    [GeneratedRegex("#[0-9A-Fa-f]{6}")]
    private static partial Regex Colour();

    // What one of InfluxDB 1.x, 2.x and 3.x does not know, and what fills or buckets.
    [GeneratedRegex(@"\b(SLIMIT|SOFFSET|SAMPLE|INTO|FILL|SHOW DATABASES|SHOW MEASUREMENTS|GROUP BY time)\b|[=!]~", RegexOptions.IgnoreCase)]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"\b([a-z_]+)\s*\(", RegexOptions.IgnoreCase)]
    private static partial Regex Function();

    [GeneratedRegex("\"grid\" = '(\\$grid|cell|PT1H|P1D|P1M)'")]
    private static partial Regex GridTag();

    [GeneratedRegex("\"grid\" = '(\\$grid|PT1H)'")]
    private static partial Regex Hours();
}

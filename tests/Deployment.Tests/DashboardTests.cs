using System.Text.Json.Nodes;
using Monitoring.Harness;

namespace Monitoring.Deployment.Tests;

/// <summary>What the files of the dashboards promise; these run everywhere.</summary>
public sealed class DashboardTests
{
    public static TheoryData<string> Files => [.. Dashboards.All.Keys];

    [Fact]
    public void Every_dashboard_is_looked_at() => Assert.Equal(
        Dashboards.All.Keys.Order(StringComparer.Ordinal),
        Directory.GetFiles(DeployFiles.At("grafana"), "*.json", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(DeployFiles.At("grafana"), file)).Where(file => !file.StartsWith("check", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void No_panel_computes_fills_or_hides_what_is_absent(string file)
    {
        var dashboard = Dashboards.Read(file);
        Assert.Equal(Path.GetFileNameWithoutExtension(file), (string?)dashboard["uid"]);
        Assert.NotEmpty((string?)dashboard["description"] ?? "");
        Assert.Empty(Dashboards.Faults(dashboard, Dashboards.All[file]));
    }

    [Theory]
    [InlineData("\"spanNulls\": false", "\"spanNulls\": true", "draws a line over what is absent")]
    [InlineData("SELECT \\\"alive\\\"", "SELECT mean(\\\"value\\\"), \\\"alive\\\"", "computes mean()")]
    [InlineData("SELECT top(", "SELECT sum(", "computes sum()")]
    [InlineData("$timeFilter\"", "$timeFilter GROUP BY time(1d) fill(0)\"", "says GROUP BY time")]
    [InlineData("AND \\\"grid\\\" = 'PT1H'", "", "mixes points of different lengths")]
    [InlineData(" AND \\\"seconds\\\" = 3600", "", "does not say how long its hours are")]
    [InlineData(", \\\"seconds\\\" FROM", " FROM", "does not say how long its hours are")]
    [InlineData("\"calcs\": []", "\"calcs\": [\"sum\"]", "computes in the legend")]
    [InlineData("\"id\": \"joinByField\"", "\"id\": \"reduce\"", "computes with reduce")]
    [InlineData("#0072B2", "#00FF00", "not everybody can tell apart")]
    [InlineData("\"match\": \"null\"", "\"match\": \"nan\"", "does not say in words that a number is absent")]
    [InlineData("\"editable\": false", "\"editable\": true", "can be edited")]
    [InlineData("SHOW TAG VALUES FROM", "SHOW DATABASES; SHOW TAG VALUES FROM", "says SHOW DATABASES")]
    [InlineData("\"y\": 4", "\"y\": 3", "lies over another panel")]
    public void Those_rules_see(string right, string wrong, string fault) => Sees("analysis/dashboards/crowd-flow-history.json", right, wrong, fault);

    [Theory]
    [InlineData("operations/dashboards/equipment-health.json", "\"insertNulls\": 1200000", "\"insertNulls\": 3600000", "draws a line over what is absent")]
    [InlineData("operations/dashboards/equipment-health.json", "\"insertNulls\": 1200000,", "", "draws a line over what is absent")]
    [InlineData("operations/dashboards/equipment-health.json", "\"insertNulls\": 1200000", "\"insertNulls\": 600000", "breaks a line where nothing is absent")]
    [InlineData("analysis/dashboards/pilot-overview.json", "\"insertNulls\": 93600000", "\"insertNulls\": 172800000", "draws a line over what is absent")]
    public void A_line_breaks_where_one_point_is_missing_and_nowhere_else(string file, string right, string wrong, string fault) => Sees(file, right, wrong, fault);

    [Fact]
    public void The_noise_and_the_holes_are_explained_where_numbers_are_shown()
    {
        foreach (var file in Dashboards.All.Where(file => file.Value == "released").Select(file => file.Key))
        {
            var text = string.Join('\n', Dashboards.Panels(Dashboards.Read(file)).Select(panel => (string?)panel["options"]!["content"]));
            Assert.Contains("random noise added once", text, StringComparison.Ordinal);
            Assert.Contains("at least 19 times in 20", text, StringComparison.Ordinal);
            Assert.Contains("not shown is not zero", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("suppressed")]
    [InlineData("no-data")]
    [InlineData("refused")]
    [InlineData("restored")]
    [InlineData("withdrawn")]
    public void Each_reason_has_a_colour_and_words_of_its_own(string reason)
    {
        foreach (var panel in Dashboards.All.Where(file => file.Value == "released").SelectMany(file => Dashboards.Panels(Dashboards.Read(file.Key))).Where(panel => (string?)panel["type"] == "status-history"))
        {
            var options = panel["fieldConfig"]!["defaults"]!["mappings"]![0]!["options"]!.AsObject();
            Assert.Single(options, one => (string?)one.Value!["color"] == (string?)options[reason]!["color"]);
            Assert.NotEmpty((string)options[reason]!["text"]!);
        }
    }

    [Fact]
    public void The_profile_says_that_there_is_none_where_the_hub_has_written_none()
    {
        var profiles = Dashboards.Panels(Dashboards.Read("analysis/dashboards/crowd-flow-history.json")).Where(panel => ((string?)panel["title"])!.StartsWith("Usual week", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, profiles.Count);
        Assert.All(profiles, panel => Assert.StartsWith("There is no profile for this choice", (string?)panel["fieldConfig"]!["defaults"]!["noValue"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Grafanas_own_types_accept_every_dashboard()
    {
        Assert.SkipUnless(ShellScript.Has("node") && ShellScript.Has("npm"), "no Node.js: dashboards are not checked against @grafana/schema");
        var folder = await GrafanaTypesAsync();
        Assert.SkipWhen(folder is null, "@grafana/schema could not be installed: dashboards are not checked against it");
        var files = Dashboards.All.Keys.Select(file => DeployFiles.At("grafana", file)).ToArray();
        var run = await ShellScript.RunProgramAsync("node", ["check.mjs", .. files], folder!, TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains("3 dashboards, 0 problems", run.Output, StringComparison.Ordinal);

        using var broken = new TemporaryFolder();
        var wrong = broken.Write("wrong.json", Dashboards.Text("analysis/dashboards/pilot-overview.json").Replace("\"drawStyle\": \"bars\"", "\"drawStyle\": \"columns\"", StringComparison.Ordinal).Replace("\"schemaVersion\": 42", "\"schemaVersion\": \"42\"", StringComparison.Ordinal));
        run = await ShellScript.RunProgramAsync("node", ["check.mjs", wrong], folder!, TestContext.Current.CancellationToken);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("1 dashboards, 2 problems", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_types_are_those_of_the_Grafana_that_is_deployed()
    {
        var types = (string)JsonNode.Parse(File.ReadAllText(DeployFiles.At("grafana", "check", "package.json")))!["devDependencies"]!["@grafana/schema"]!;
        var compose = DeployFiles.Yaml("compose.yaml")["services"]!;
        Assert.Equal($"grafana/grafana:{types}", (string?)compose["grafana-analysis"]!["image"]);
        Assert.Equal($"grafana/grafana:{types}", (string?)compose["grafana-operations"]!["image"]);
    }

    private static void Sees(string file, string right, string wrong, string fault)
    {
        var text = Dashboards.Text(file);
        Assert.Contains(right, text, StringComparison.Ordinal);
        Assert.Contains(Dashboards.Faults(JsonNode.Parse(text.Replace(right, wrong, StringComparison.Ordinal))!.AsObject(), Dashboards.All[file]), found => found.Contains(fault, StringComparison.Ordinal));
    }

    /// <summary>A folder with the check and what it needs, kept beside the build until the lock file changes; null where the packages cannot be had.</summary>
    private static async Task<string?> GrafanaTypesAsync()
    {
        var check = DeployFiles.At("grafana", "check");
        var folder = Path.Combine(AppContext.BaseDirectory, "grafana-check");
        Directory.CreateDirectory(folder);
        var (wanted, installed) = (await File.ReadAllTextAsync(Path.Combine(check, "package-lock.json")), Path.Combine(folder, "installed.json"));
        foreach (var file in Directory.GetFiles(check))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        if (File.Exists(installed) && await File.ReadAllTextAsync(installed) == wanted)
            return folder;
        var run = await ShellScript.RunProgramAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=30000"], folder, TestContext.Current.CancellationToken);
        if (run.ExitCode != 0)
            return null;
        await File.WriteAllTextAsync(installed, wanted);
        return folder;
    }
}

using System.Text.Json.Nodes;
using Monitoring.Harness;

namespace Monitoring.Deployment.Tests;

/// <summary>deploy/influxdb/setup.sh, run for real against a stand-in that answers as InfluxDB's documentation says.</summary>
public sealed class InfluxSetupTests : IDisposable
{
    private static readonly string[] Places = ["hub/released-write", "grafana-analysis/released-read", "hub/released-head", "hub/health-write", "grafana-operations/health-read"];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Two_organisations_with_a_bucket_each_and_tokens_that_do_one_thing()
    {
        await using var influx = await SmallInflux.StartAsync(TestContext.Current.CancellationToken);
        await RunAsync(influx);

        Assert.Equal(["analysis", "operations"], influx.Organisations.Select(organisation => (string?)organisation["name"]));
        Assert.Equal(["released of analysis", "health of operations"], influx.Buckets.Select(bucket => $"{bucket["name"]} of {NameOf(influx.Organisations, bucket["orgID"]!)}"));
        Assert.Equal(["released", "health"], influx.Databases.Select(database => (string?)database["database"]));
        Assert.Equal(
        [
            "released-write: write released in analysis",
            "released-read: read released in analysis",
            "released-head: read released in analysis",
            "health-write: write health in operations",
            "health-read: read health in operations",
        ], influx.Tokens.Select(token => Describe(influx, token)));
        Assert.Equal(influx.Tokens.Select(token => (string?)token["token"]), Places.Select(Token));
        Assert.All(Places, place => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(_folder.File(place))));
    }

    [Fact]
    public async Task A_second_run_makes_nothing()
    {
        await using var influx = await SmallInflux.StartAsync(TestContext.Current.CancellationToken);
        await RunAsync(influx);
        var (tokens, asked) = (Places.Select(Token).ToList(), influx.Requests.Count);
        await RunAsync(influx);
        Assert.Equal(tokens, Places.Select(Token));
        Assert.Equal((2, 2, 2, 5), (influx.Organisations.Count, influx.Buckets.Count, influx.Databases.Count, influx.Tokens.Count));
        Assert.Equal(["POST /api/v2/dbrps", "POST /api/v2/dbrps"], influx.Requests.Skip(asked).Where(request => !request.StartsWith("GET ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_token_whose_file_is_lost_is_made_anew_and_the_old_one_is_gone()
    {
        await using var influx = await SmallInflux.StartAsync(TestContext.Current.CancellationToken);
        await RunAsync(influx);
        var (lost, kept) = (Token("hub/health-write"), Token("grafana-operations/health-read"));
        File.Delete(_folder.File("hub/health-write"));
        await RunAsync(influx);
        Assert.NotEqual(lost, Token("hub/health-write"));
        Assert.Equal(kept, Token("grafana-operations/health-read"));
        Assert.DoesNotContain(influx.Tokens, token => (string?)token["token"] == lost);
        Assert.Equal(5, influx.Tokens.Count);
    }

    [Fact]
    public async Task An_InfluxDB_that_has_lost_everything_is_made_again()
    {
        await using var influx = await SmallInflux.StartAsync(TestContext.Current.CancellationToken);
        await RunAsync(influx);
        influx.Forget();
        await RunAsync(influx);
        Assert.Equal((2, 2, 2, 5), (influx.Organisations.Count, influx.Buckets.Count, influx.Databases.Count, influx.Tokens.Count));
        Assert.Equal(influx.Tokens.Select(token => (string?)token["token"]), Places.Select(Token));
    }

    [Fact]
    public async Task A_wrong_administrators_token_is_said_and_no_secret_is_told()
    {
        await using var influx = await SmallInflux.StartAsync(TestContext.Current.CancellationToken);
        var run = await TryAsync(influx, "not-the-token");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("setup: organisation analysis: InfluxDB answered 401", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("not-the-token", run.Output, StringComparison.Ordinal);
        Assert.Empty(influx.Tokens);
    }

    public void Dispose() => _folder.Dispose();

    private static string NameOf(IEnumerable<JsonObject> items, JsonNode id) => (string)items.Single(item => SmallInflux.Id(item) == (string?)id)["name"]!;

    private static string Describe(SmallInflux influx, JsonObject token)
    {
        var permission = token["permissions"]!.AsArray().Single()!;
        Assert.Equal("buckets", (string?)permission["resource"]!["type"]);
        Assert.Equal((string?)token["orgID"], (string?)permission["resource"]!["orgID"]);
        return $"{((string)token["description"]!)["monitoring ".Length..]}: {permission["action"]} {NameOf(influx.Buckets, permission["resource"]!["id"]!)} in {NameOf(influx.Organisations, token["orgID"]!)}";
    }

    private string Token(string place) => File.ReadAllText(_folder.File(place)).TrimEnd('\n');

    private async Task RunAsync(SmallInflux influx)
    {
        var run = await TryAsync(influx, SmallInflux.Admin);
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.DoesNotContain("made-", run.Output, StringComparison.Ordinal);
    }

    private Task<ShellScript> TryAsync(SmallInflux influx, string token) => ShellScript.RunAsync(DeployFiles.At("influxdb", "setup.sh"), [], TestContext.Current.CancellationToken, new Dictionary<string, string>
    {
        ["INFLUXDB_URL"] = influx.Url.ToString().TrimEnd('/'),
        ["TOKENS_FOLDER"] = _folder.Path,
        ["ADMIN_TOKEN_FILE"] = _folder.Write("admin-token", token + "\n"),
    });
}

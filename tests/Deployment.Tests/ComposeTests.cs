using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Monitoring.Harness;

namespace Monitoring.Deployment.Tests;

/// <summary>What compose.yaml promises, held against the file. No container engine is asked: these are the file's words, not what an engine makes of them.</summary>
public sealed partial class ComposeTests
{
    private static readonly string Vendor = Path.Combine(Repository.Root, "tests", "Deployment.Tests", "vendor");

    private static readonly JsonObject Compose = DeployFiles.Yaml("compose.yaml").AsObject();

    private static readonly SchemaCheck Schema = new(JsonNode.Parse(File.ReadAllText(Path.Combine(Vendor, "compose-spec", "compose-spec.json")))!.AsObject());

    // Came into the specification after the copy of the schema; every later one has it.
    private static readonly string[] Newer = ["name"];

    private static IEnumerable<(string Name, JsonObject Service)> Services => Compose["services"]!.AsObject().Select(service => (service.Key, service.Value!.AsObject()));

    public static TheoryData<string> ServiceNames => [.. Services.Select(service => service.Name)];

    [Fact]
    public void The_file_is_of_the_Compose_schema() => Assert.Empty(Schema.Problems(WithoutNewer()));

    [Theory]
    [InlineData("services/hub/read_only", "[]", "read_only")]
    [InlineData("services/hub/readonly", "true", "readonly")]
    [InlineData("services/hub/ports/0", "{\"target\":1,\"to\":2}", "ports/0")]
    [InlineData("services/influxdb/healthcheck/retries", "[3]", "retries")]
    [InlineData("services/influxdb-setup/depends_on/influxdb/condition", "\"healthy\"", "depends_on")]
    [InlineData("volume", "{}", "/volume")]
    public void The_schema_check_sees(string path, string value, string expected)
    {
        JsonNode broken = WithoutNewer();
        var steps = path.Split('/');
        var at = steps[..^1].Aggregate(broken, (node, step) => node[step]!);
        if (at is JsonArray list)
            list[int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture)] = JsonNode.Parse(value);
        else
            at[steps[^1]] = JsonNode.Parse(value);
        Assert.Contains(expected, string.Join('\n', Schema.Problems(broken)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_is_the_one_that_was_published()
    {
        var library = JsonNode.Parse(File.ReadAllText(Path.Combine(Vendor, "vendor.lock.json")))!["libraries"]!.AsArray().Single()!;
        Assert.Equal("Apache-2.0", library["licence"]!.GetValue<string>());
        var folder = Path.Combine(Vendor, library["folder"]!.GetValue<string>());
        var sums = library["files"]!.AsObject().ToDictionary(file => file.Key, file => file.Value!.GetValue<string>());
        Assert.Equal(sums.Keys.Order(StringComparer.Ordinal), Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.All(sums, file => Assert.Equal(file.Value, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, file.Key))))));
    }

    [Theory]
    [MemberData(nameof(ServiceNames))]
    public void Each_service_is_pinned_and_can_write_only_where_it_must(string name)
    {
        var service = Compose["services"]![name]!;
        Assert.Matches(Pinned(), service["image"]!.GetValue<string>());
        Assert.True(service["read_only"]!.GetValue<bool>());
        Assert.Equal(["ALL"], service["cap_drop"]!.AsArray().Select(capability => capability!.GetValue<string>()));
        Assert.Null(service["cap_add"]);
        Assert.Null(service["privileged"]);
        Assert.Equal(["no-new-privileges:true"], service["security_opt"]!.AsArray().Select(option => option!.GetValue<string>()));
        Assert.NotNull(service["mem_limit"]);
        Assert.NotNull(service["pids_limit"]);
    }

    [Theory]
    [MemberData(nameof(ServiceNames))]
    public void Each_service_that_stays_says_how_it_is(string name)
    {
        var service = Compose["services"]![name]!;
        if (service["restart"]!.GetValue<string>() == "no")
        {
            Assert.Equal("influxdb-setup", name);
            return;
        }

        Assert.NotEmpty(service["healthcheck"]!["test"]!.AsArray());
        Assert.NotNull(service["healthcheck"]!["start_period"] ?? service["healthcheck"]!["interval"]);
    }

    [Theory]
    [MemberData(nameof(ServiceNames))]
    public void Nobody_runs_as_root_but_the_set_up_which_ends(string name)
    {
        // The hub's user stands in its Dockerfile.
        var user = (string?)Compose["services"]![name]!["user"] ?? (name == "hub" ? "1654:1654" : "");
        Assert.Equal(name == "influxdb-setup", user.StartsWith("0:", StringComparison.Ordinal));
        Assert.Matches("^[0-9]+:[0-9]+$", user);
    }

    [Fact]
    public void Secrets_come_from_files_alone()
    {
        var secrets = Compose["secrets"]!.AsObject();
        Assert.All(secrets, secret => Assert.StartsWith("secrets/", secret.Value!["file"]!.GetValue<string>(), StringComparison.Ordinal));
        foreach (var (name, service) in Services)
        {
            foreach (var (variable, value) in service["environment"]?.AsObject() ?? [])
            {
                var looksSecret = SecretName().IsMatch(variable);
                Assert.True(!looksSecret || value!.ToString().StartsWith("/run/", StringComparison.Ordinal), $"{name}: {variable} must name a file");
            }
        }
    }

    [Fact]
    public void Each_secret_is_made_by_the_script_and_used()
    {
        var script = File.ReadAllText(DeployFiles.At("secrets.sh"));
        var used = Services.SelectMany(service => service.Service["secrets"]?.AsArray() ?? []).Select(secret => secret is JsonValue name ? name.GetValue<string>() : secret!["source"]!.GetValue<string>()).ToHashSet();
        foreach (var (name, secret) in Compose["secrets"]!.AsObject())
        {
            Assert.Contains(name, used);
            Assert.Contains(Path.GetFileName(secret!["file"]!.GetValue<string>()), script, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void InfluxDB_publishes_no_port_and_has_no_way_out()
    {
        var influx = Compose["services"]!["influxdb"]!;
        Assert.Null(influx["ports"]);
        Assert.Equal(["inside"], influx["networks"]!.AsArray().Select(network => network!.GetValue<string>()));
        Assert.True(Compose["networks"]!["inside"]!["internal"]!.GetValue<bool>());
        Assert.Equal("true", influx["environment"]!["INFLUXD_REPORTING_DISABLED"]!.GetValue<string>());
    }

    [Fact]
    public void Whatever_is_published_is_so_on_this_machine_alone_until_somebody_says_otherwise()
    {
        var ports = Services.SelectMany(service => service.Service["ports"]?.AsArray() ?? []).Select(port => DeployFiles.Interpolated(port!.GetValue<string>())).ToList();
        Assert.Equal(5, ports.Count);
        Assert.All(ports, port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("grafana-analysis")]
    [InlineData("grafana-operations")]
    public void Grafana_lets_nobody_in_by_itself_and_asks_nobody_on_the_Internet(string name)
    {
        var settings = Compose["services"]![name]!["environment"]!.AsObject().ToDictionary(setting => setting.Key, setting => DeployFiles.Interpolated(setting.Value!.ToString()));
        string[] off = ["GF_AUTH_ANONYMOUS_ENABLED", "GF_USERS_ALLOW_SIGN_UP", "GF_USERS_ALLOW_ORG_CREATE", "GF_ANALYTICS_REPORTING_ENABLED", "GF_ANALYTICS_CHECK_FOR_UPDATES", "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES", "GF_NEWS_NEWS_FEED_ENABLED", "GF_SNAPSHOTS_EXTERNAL_ENABLED", "GF_SNAPSHOTS_ENABLED", "GF_PUBLIC_DASHBOARDS_ENABLED", "GF_PLUGINS_PLUGIN_ADMIN_ENABLED"];
        Assert.All(off, setting => Assert.Equal("false", settings[setting]));
        string[] on = ["GF_SECURITY_DISABLE_GRAVATAR", "GF_PLUGINS_PREINSTALL_DISABLED", "GF_SECURITY_COOKIE_SECURE"];
        Assert.All(on, setting => Assert.Equal("true", settings[setting]));
        Assert.DoesNotContain("GF_SECURITY_ADMIN_PASSWORD", settings.Keys);
        Assert.EndsWith("_password", settings["GF_SECURITY_ADMIN_PASSWORD__FILE"], StringComparison.Ordinal);
    }

    [Fact]
    public void Each_token_reaches_only_who_is_meant_to_have_it()
    {
        var users = Services.SelectMany(service => (service.Service["volumes"]?.AsArray() ?? []).Select(volume => (service.Name, Volume: volume!.GetValue<string>())))
            .Where(mount => mount.Volume.Contains("-tokens:", StringComparison.Ordinal) && mount.Name != "influxdb-setup").Select(mount => $"{mount.Name} {mount.Volume}");
        Assert.Equal(
        [
            "hub hub-tokens:/run/tokens:ro",
            "grafana-analysis grafana-analysis-tokens:/run/tokens:ro",
            "grafana-operations grafana-operations-tokens:/run/tokens:ro",
        ], users);
        Assert.Equal(["influxdb", "influxdb-setup"], Services.Where(service => service.Service["secrets"]?.ToJsonString().Contains("influxdb_admin_token", StringComparison.Ordinal) ?? false).Select(service => service.Name));
    }

    [Fact]
    public void The_hub_waits_for_nobody() => Assert.Null(Compose["services"]!["hub"]!["depends_on"]);

    [Fact]
    public void What_is_mounted_from_here_is_here() => Assert.Empty(
        from service in Services
        from volume in service.Service["volumes"]?.AsArray() ?? []
        let source = DeployFiles.Interpolated(volume!.GetValue<string>()).Split(':')[0]
        where source.StartsWith("./", StringComparison.Ordinal) && !Path.Exists(DeployFiles.At(source[2..]))
        select $"{service.Name}: {source}");

    [Fact]
    public void Each_setting_of_the_hub_is_one_that_it_knows()
    {
        var known = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reference", "configuration.md"));
        var named = Compose["services"]!["hub"]!["environment"]!.AsObject().Select(setting => setting.Key.Replace("MONITORING__", "", StringComparison.Ordinal).Replace("__", ":", StringComparison.Ordinal));
        Assert.All(named, setting => Assert.Contains($"`{setting}`", known, StringComparison.Ordinal));
    }

    private static JsonObject WithoutNewer()
    {
        var copy = Compose.DeepClone().AsObject();
        foreach (var word in Newer)
            Assert.True(copy.Remove(word));
        return copy;
    }

    [GeneratedRegex(@"^[a-z0-9./-]+:[0-9]+\.[0-9]+\.[0-9]+$")]
    private static partial Regex Pinned();

    [GeneratedRegex("PASSWORD|SECRET_KEY|TOKEN|Token")]
    private static partial Regex SecretName();
}

namespace Monitoring.Deployment.Tests;

/// <summary>What the two Grafanas are given as files: one data source each, which reads one bucket by a token.</summary>
public sealed class DataSourceTests
{
    [Theory]
    [InlineData("analysis", "released")]
    [InlineData("operations", "health")]
    public void Each_Grafana_has_one_source_that_may_only_read(string grafana, string bucket)
    {
        var folder = Path.Combine("grafana", grafana, "provisioning", "datasources");
        var file = Assert.Single(Directory.GetFiles(DeployFiles.At(folder)));
        var document = DeployFiles.Yaml(Path.Combine(folder, Path.GetFileName(file)));
        Assert.Equal(1, document["apiVersion"]!.GetValue<long>());
        var source = Assert.Single(document["datasources"]!.AsArray())!;
        Assert.Equal(("influxdb", "proxy", bucket, "http://influxdb:8086"), ((string?)source["type"], (string?)source["access"], (string?)source["uid"], (string?)source["url"]));
        Assert.False(source["editable"]!.GetValue<bool>());
        Assert.Equal(("InfluxQL", bucket, "Authorization"), ((string?)source["jsonData"]!["version"], (string?)source["jsonData"]!["dbName"], (string?)source["jsonData"]!["httpHeaderName1"]));
        Assert.Equal($"Token $__file{{/run/tokens/{bucket}-read}}", (string?)source["secureJsonData"]!["httpHeaderValue1"]);
        Assert.DoesNotContain(source.AsObject(), field => field.Key is "user" or "password" or "basicAuth" or "basicAuthUser");
    }

    [Theory]
    [InlineData("analysis")]
    [InlineData("operations")]
    public void Its_dashboards_come_from_files_and_cannot_be_changed(string grafana)
    {
        var provider = Assert.Single(DeployFiles.Yaml(Path.Combine("grafana", grafana, "provisioning", "dashboards", "monitoring.yaml"))["providers"]!.AsArray())!;
        Assert.False(provider["allowUiUpdates"]!.GetValue<bool>());
        Assert.Equal("/etc/monitoring/dashboards", (string?)provider["options"]!["path"]);
        var mounts = DeployFiles.Yaml("compose.yaml")["services"]![$"grafana-{grafana}"]!["volumes"]!.AsArray().Select(volume => (string?)volume);
        Assert.Contains($"./grafana/{grafana}/dashboards:/etc/monitoring/dashboards:ro", mounts);
        var home = (string)DeployFiles.Yaml("compose.yaml")["services"]![$"grafana-{grafana}"]!["environment"]!["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]!;
        Assert.True(File.Exists(DeployFiles.At("grafana", grafana, "dashboards", Path.GetFileName(home))));
    }
}

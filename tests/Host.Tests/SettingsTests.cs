using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Monitoring.Harness;
using Monitoring.Simulator.Exercises;

namespace Monitoring.Host.Tests;

/// <summary>A bad start ends with one line that says what to do, and with the exit code of the contract.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("MONITORING__Gateway__MqttPrt", "1884", 1, "did you mean 'Gateway:MqttPort'")]
    [InlineData("MONITORING__Gateway__MqttPort", "70000", 1, "MqttPort")]
    [InlineData("MONITORING__Silo__Spaces__PublishEveryMs", "5", 1, "PublishEveryMs")]
    [InlineData("MONITORING__Gateway__MqttPort", "abc", 1, "MqttPort")]
    [InlineData("MONITORING__Hub__Scene", "riot", 1, "use one of programme, quiet-evening")]
    public async Task A_wrong_setting_is_one_line_and_exit_code_1(string variable, string value, int code, string says)
    {
        using var folder = new TemporaryFolder();
        var ports = Ports.TakeFree();
        var done = await HubCommand.RunAsync(["--data", folder.File("data"), "--urls", $"http://127.0.0.1:{ports.Http}"], TestContext.Current.CancellationToken, new Dictionary<string, string> { [variable] = value });
        AssertOneLine(done, code, says);
    }

    [Theory]
    [InlineData(2, "--list-roles", "serve", "--roles", "silo,gatewy")]
    [InlineData(2, "the clock 'moon' is unknown", "serve", "--clock", "moon")]
    [InlineData(2, "'monitoring --help'", "serve", "--no-such-option")]
    [InlineData(2, "'monitoring --help'", "nonsense")]
    [InlineData(2, "is not an HTTP address", "serve", "--urls", "here")]
    [InlineData(1, "name an existing site file", "serve", "--site", "no-such-site.yaml")]
    [InlineData(1, "name an existing site file", "check", "no-such-site.yaml")]
    [InlineData(3, "no hub runs on the data folder", "users", "list", "--data", "no-such-folder")]
    [InlineData(2, "MONITORING_MQTT_PASSWORD is not set", "replay", "counts.csv", "--map", "sites/hardbruecke/map.yaml", "--mqtt", "127.0.0.1:1", "--user", "x", "--api", "http://127.0.0.1:1")]
    public async Task A_wrong_call_is_one_line(int code, string says, params string[] arguments)
    {
        var done = await HubCommand.RunAsync(arguments, TestContext.Current.CancellationToken, folder: Repository.Root);
        AssertOneLine(done, code, says);
    }

    [Fact]
    public void Every_scene_of_the_simulator_can_be_set_and_no_other()
    {
        var allowed = typeof(HubOptions).GetProperty(nameof(HubOptions.Scene))!.GetCustomAttribute<AllowedValuesAttribute>()!;
        Assert.Equal(Scenes.Names, allowed.Values);
        Assert.Equal(Scenes.Programme, new HubOptions().Scene);
    }

    [Fact]
    public async Task A_port_in_use_a_folder_in_use_and_a_folder_of_the_other_clock_are_said()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var site = folder.Write("site.yaml", FixtureSites.Square(1, 2));
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), site, cancellation);
        var free = Ports.TakeFree();

        AssertOneLine(await HubCommand.RunAsync(["serve", "--site", site, "--data", folder.File("data"), "--urls", $"http://127.0.0.1:{free.Http}", "--mqtt-port", $"{free.Mqtt}"], cancellation), 3, "in use by another hub");
        AssertOneLine(await HubCommand.RunAsync(["serve", "--site", site, "--data", folder.File("other"), "--urls", $"http://127.0.0.1:{hub.Ports.Http}", "--mqtt-port", $"{free.Mqtt}"], cancellation), 3, $"port {hub.Ports.Http}");
        AssertOneLine(await HubCommand.RunAsync(["serve", "--site", site, "--data", folder.File("third"), "--urls", $"http://127.0.0.1:{free.Http}", "--mqtt-port", $"{hub.Ports.Mqtt}"], cancellation), 3, "--mqtt-port");
        AssertOneLine(await HubCommand.RunAsync(["serve", "--site", site, "--data", folder.File("third"), "--mqtts-port", "8883"], cancellation), 2, "needs a certificate");

        Assert.Equal(0, await hub.StopAsync(cancellation));
        AssertOneLine(await HubCommand.RunAsync(["serve", "--data", folder.File("data"), "--clock", "replay", "--urls", $"http://127.0.0.1:{free.Http}", "--mqtt-port", $"{free.Mqtt}"], cancellation), 1, "belongs to a hub on the wall clock");
    }

    [Fact]
    public async Task A_differing_site_is_refused_with_the_difference_until_it_is_imported()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var site = folder.Write("site.yaml", FixtureSites.Square(1, 2));
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), site, cancellation);
        await hub.StopAsync(cancellation);

        var changed = folder.Write("changed.yaml", FixtureSites.Square(2, 2));
        var refused = await HubCommand.RunAsync(["serve", "--site", changed, "--data", folder.File("data"), "--urls", hub.Address.ToString(), "--mqtt-port", $"{hub.Ports.Mqtt}"], cancellation);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--import-site", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("+       - { id: gate-2", refused.Errors, StringComparison.Ordinal);

        await using var imported = await HubUnderTest.StartSiteAsync(folder.File("data"), changed, cancellation, "--import-site");
        using var http = await imported.OperatorAsync(cancellation);
        Assert.Equal(2, (await http.SpaceAsync("square", cancellation)).Lines.Count);
    }

    private static void AssertOneLine(HubCommand done, int code, string says)
    {
        var lines = done.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(code, done.ExitCode);
        Assert.StartsWith("monitoring: ", Assert.Single(lines), StringComparison.Ordinal);
        Assert.Contains(says, lines[0], StringComparison.Ordinal);
    }
}

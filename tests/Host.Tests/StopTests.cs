using Monitoring.Harness;

namespace Monitoring.Host.Tests;

/// <summary>The hub ends in good order, whoever is still connected.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task An_open_stream_and_a_connected_device_do_not_hold_up_the_stop_and_nothing_is_lost()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", FixtureSites.Square(1, 60)), cancellation);
        using var watching = await hub.OperatorAsync(cancellation);
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "square", hub.Secret("square"), cancellation);
        using var stream = await watching.GetStreamAsync(new Uri("api/spaces/square/live", UriKind.Relative), cancellation).ContinueWith(opened => new StreamReader(opened.Result), cancellation, TaskContinuationOptions.None, TaskScheduler.Default);
        Assert.Equal("event: snapshot", await stream.ReadLineAsync(cancellation));
        await publisher.CountAsync(1, 9, 4, cancellation);

        Assert.Equal(0, await hub.StopAsync(cancellation));
        Assert.DoesNotContain("non-graceful", hub.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("data/hub.json")));

        await hub.StartAgainAsync(cancellation);
        var line = (await watching.SpaceAsync("square", cancellation)).Lines[0];
        Assert.Equal((9L, 4L), (line.Day.In, line.Day.Out));
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("dashboard")]
    public async Task A_role_that_has_not_reached_its_silo_stops_when_it_is_told_to(string role)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var ports = Ports.TakeFree();
        using var process = HubCommand.Start(["serve", "--roles", role, "--data", folder.File("data"), "--urls", $"http://127.0.0.1:{ports.Http}", "--mqtt-port", $"{ports.Mqtt}"], new Dictionary<string, string> { ["MONITORING__Cluster__GatewayPort"] = $"{ports.SiloGateway}" });
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports.Http}/") };
        await Waiting.UntilAsync($"the {role} serves", async () => (await http.GetAsync(new Uri("health/live", UriKind.Relative), cancellation)).IsSuccessStatusCode, HubUnderTest.StartWithin, cancellation);

        Signals.Send(process.Id, Signals.Terminate);
        await process.WaitForExitAsync(cancellation).WaitAsync(TimeSpan.FromSeconds(50), cancellation);
        Assert.Equal(0, process.ExitCode);
    }
}

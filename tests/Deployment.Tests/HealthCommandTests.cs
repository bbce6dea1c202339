using Monitoring.Harness;

namespace Monitoring.Deployment.Tests;

/// <summary><c>monitoring health</c>, by which the image says how it is.</summary>
public sealed class HealthCommandTests
{
    [Fact]
    public async Task A_running_hub_is_ready_and_a_folder_without_one_is_not()
    {
        using var folder = new TemporaryFolder();
        var nobody = await HubCommand.RunAsync(["health", "--data", folder.Path], TestContext.Current.CancellationToken);
        Assert.Equal(3, nobody.ExitCode);
        Assert.Contains("no hub runs on the data folder", nobody.Errors, StringComparison.Ordinal);

        await using var hub = await HubUnderTest.StartSampleCityAsync(folder.Path, TestContext.Current.CancellationToken);
        var ready = await HubCommand.RunAsync(["health", "--data", folder.Path], TestContext.Current.CancellationToken);
        Assert.Equal(0, ready.ExitCode);
        Assert.Equal("ready", ready.Output.Split(Environment.NewLine)[0]);

        await hub.KillAsync();
        var killed = await HubCommand.RunAsync(["health", "--data", folder.Path], TestContext.Current.CancellationToken);
        Assert.Equal(3, killed.ExitCode);
        Assert.Contains("does not answer", killed.Errors, StringComparison.Ordinal);
    }
}

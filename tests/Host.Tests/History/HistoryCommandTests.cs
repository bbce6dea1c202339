using Monitoring.Harness;
using Monitoring.Host.Tests.Accounts;

namespace Monitoring.Host.Tests.History;

/// <summary><c>monitoring history</c> against a running hub.</summary>
[Collection(SampleCityTests.Name)]
public sealed class HistoryCommandTests(RunningCity city)
{
    private static readonly string[] Export = ["history", "export", "--space", "nice-massena", "--from", "2026-11-21T23:00:00Z", "--to", "2026-11-22T23:00:00Z"];

    [Fact]
    public async Task The_copies_are_made_anew_and_an_export_is_whole_or_not_there()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var hub = city.Hub;
        Assert.StartsWith("rebuilt ", await hub.Command(["history", "rebuild"], cancellation), StringComparison.Ordinal);

        var file = folder.File("history.csv");
        var done = await RunAsync(hub, "analyst", ["--out", file], cancellation);
        Assert.True(done.ExitCode == 0, done.Errors);
        Assert.StartsWith("space,series,kind,grid,from,to,", await File.ReadAllTextAsync(file, cancellation), StringComparison.Ordinal);
        Assert.Equal("history.csv", Assert.Single(Directory.GetFiles(folder.Path, "history*").Select(Path.GetFileName)));

        // Once more: it is never overwritten.
        Assert.Equal(1, (await RunAsync(hub, "analyst", ["--out", file], cancellation)).ExitCode);
        var other = folder.File("other.parquet");
        var unknown = await RunAsync(hub, "analyst", ["--out", other, "--series", "no-such", "--format", "parquet"], cancellation);
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("no such space or series", unknown.Errors, StringComparison.Ordinal);
        var misspelt = await RunAsync(hub, "analyst", ["--out", other, "--space", "nice-masena"], cancellation, Export.Except(["--space", "nice-massena"]));
        Assert.Equal(1, misspelt.ExitCode);
        Assert.Contains("no such space or series", misspelt.Errors, StringComparison.Ordinal);
        var refused = await RunAsync(hub, "admin", ["--out", other], cancellation);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("roles that may are analyst, dpo, operator, supervisor, technician", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("monitoring tokens add", refused.Errors, StringComparison.Ordinal);
        var unknownToken = await HubCommand.RunAsync([.. Export, "--out", other, "--data", hub.Data], cancellation, Token("x"));
        Assert.Equal(1, unknownToken.ExitCode);
        Assert.Contains("does not take the token in MONITORING_TOKEN", unknownToken.Errors, StringComparison.Ordinal);
        var day = await RunAsync(hub, "analyst", ["--out", other, "--from", "2026-11-21"], cancellation, Export.Except(["--from", "2026-11-21T23:00:00Z"]));
        Assert.Equal(2, day.ExitCode);
        Assert.Contains("--from is '2026-11-21': write an instant with Z or its offset, such as 2026-11-22T00:00:00Z or 2026-11-22T00:00:00+01:00", day.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync(hub, "analyst", ["--out", other, "--format", "xml"], cancellation)).ExitCode);
        Assert.Equal(2, (await HubCommand.RunAsync([.. Export, "--out", other, "--data", hub.Data], cancellation)).ExitCode);
        Assert.False(File.Exists(other));
        Assert.Empty(Directory.GetFiles(folder.Path, "*.part"));

        // Where no hub is.
        Assert.Equal(3, (await HubCommand.RunAsync([.. Export, "--out", other, "--api", $"http://127.0.0.1:{Ports.TakeFree().Http}/"], cancellation, Token("x"))).ExitCode);
    }

    private static Task<HubCommand> RunAsync(HubUnderTest hub, string role, string[] more, CancellationToken cancellation, IEnumerable<string>? start = null) =>
        HubCommand.RunAsync([.. start ?? Export, .. more, "--data", hub.Data], cancellation, Token(hub.DemoAccount(role).Token));

    private static Dictionary<string, string> Token(string token) => new() { ["MONITORING_TOKEN"] = token };
}

using Monitoring.Harness;

namespace Monitoring.Host.Tests.Accounts;

/// <summary>One sample city for all tests that leave it as it was: what each adds has names of its own, and none counts what others do too. A start costs more than all that they ask.</summary>
[CollectionDefinition(Name)]
public sealed class SampleCityTests : ICollectionFixture<RunningCity>
{
    public const string Name = "sample city";
}

/// <summary>The sample city, running; sessions and streams are looked at each second.</summary>
public sealed class RunningCity : RunningHub
{
    protected override Task<HubUnderTest> StartAsync(TemporaryFolder folder) =>
        HubUnderTest.StartAsync(folder.File("data"), [], TestContext.Current.CancellationToken, environment: new Dictionary<string, string> { ["MONITORING__Dashboard__SignIn__RevalidateSeconds"] = "1" });
}

/// <summary>A square with two gates, running, on which many may sign in; sessions and streams are looked at each second.</summary>
public sealed class RunningSquare : RunningHub
{
    protected override Task<HubUnderTest> StartAsync(TemporaryFolder folder) => HubUnderTest.StartAsync(
        folder.File("data"),
        ["serve", "--site", folder.Write("site.yaml", FixtureSites.Square(2, 2))],
        TestContext.Current.CancellationToken,
        environment: new Dictionary<string, string> { ["MONITORING__Dashboard__SignIn__RevalidateSeconds"] = "1", ["MONITORING__Dashboard__SignIn__AttemptsMax"] = "1000" });
}

/// <summary>A hub that several tests share.</summary>
public abstract class RunningHub : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public HubUnderTest Hub { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Hub = await StartAsync(_folder);

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<HubUnderTest> StartAsync(TemporaryFolder folder);
}

using Monitoring.Harness;

[assembly: AssemblyFixture(typeof(Monitoring.Browser.Tests.Chromium))]
[assembly: AssemblyFixture(typeof(Monitoring.Browser.Tests.SampleCity))]

namespace Monitoring.Browser.Tests;

/// <summary>One hub with the sample city for all tests that change nothing in it and do not look at its numbers; started by the first that asks.</summary>
public sealed class SampleCity : IAsyncLifetime
{
    // All tests sign in from one address. What a hub does at its own limit is tested elsewhere.
    private static readonly Dictionary<string, string> ManySignIns = new() { ["MONITORING__Dashboard__SignIn__AttemptsMax"] = "1000" };

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task<HubUnderTest>> _hub;

    /// <summary>Starts nothing yet.</summary>
    public SampleCity() => _hub = new(() => HubUnderTest.StartAsync(_folder.File("data"), [], CancellationToken.None, environment: ManySignIns));

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>The hub, once it is ready.</summary>
    public Task<HubUnderTest> HubAsync() => _hub.Value;

    /// <summary>Ends the hub, if one was started.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_hub.IsValueCreated)
            await (await _hub.Value).DisposeAsync();
        _folder.Dispose();
    }
}

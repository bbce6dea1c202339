namespace Monitoring.Harness;

/// <summary>A hub as three processes on one machine: silo, gateway, dashboard, on one data folder.</summary>
public sealed class SplitHub : IAsyncDisposable
{
    private SplitHub(HubUnderTest silo, HubUnderTest gateway, HubUnderTest dashboard) => (Silo, Gateway, Dashboard) = (silo, gateway, dashboard);

    /// <summary>The silo.</summary>
    public HubUnderTest Silo { get; }

    /// <summary>The gateway.</summary>
    public HubUnderTest Gateway { get; }

    /// <summary>The dashboard.</summary>
    public HubUnderTest Dashboard { get; }

    /// <summary>Starts all three on a site file.</summary>
    public static async Task<SplitHub> StartAsync(string data, string site, CancellationToken cancellation, IReadOnlyDictionary<string, string>? settings = null)
    {
        var cluster = Ports.TakeFree();
        var environment = new Dictionary<string, string>(settings ?? new Dictionary<string, string>()) { ["MONITORING__Cluster__SiloPort"] = $"{cluster.Silo}", ["MONITORING__Cluster__GatewayPort"] = $"{cluster.SiloGateway}" };
        var silo = await HubUnderTest.StartAsync(data, ["serve", "--roles", "silo", "--site", site], cancellation, environment: environment);
        var gateway = await HubUnderTest.StartAsync(data, ["serve", "--roles", "gateway"], cancellation, environment: environment);
        var dashboard = await HubUnderTest.StartAsync(data, ["serve", "--roles", "dashboard"], cancellation, environment: environment);
        return new SplitHub(silo, gateway, dashboard);
    }

    /// <summary>Ends all three.</summary>
    public async ValueTask DisposeAsync()
    {
        await Dashboard.DisposeAsync();
        await Gateway.DisposeAsync();
        await Silo.DisposeAsync();
    }
}

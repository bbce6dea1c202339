using System.Net;
using System.Net.Sockets;
using Orleans.Configuration;

namespace Monitoring.Host;

/// <summary>How the processes of one machine form one Orleans cluster.</summary>
internal static class HubCluster
{
    private const string Name = "monitoring";

    /// <summary>Whether other processes of the hub join this silo.</summary>
    public static bool IsShared(HubSettings settings) => !settings.Has(HubRole.Gateway) || !settings.Has(HubRole.Dashboard);

    /// <summary>Sets the silo's ports. With all roles in one process nobody else joins: any free port serves, and no gateway port opens.</summary>
    public static ISiloBuilder AddHubCluster(this ISiloBuilder silo, HubSettings settings, ClusterOptions cluster)
    {
        var (siloPort, gatewayPort) = IsShared(settings) ? (cluster.SiloPort, cluster.GatewayPort) : (FreePort(), 0);
        silo.UseLocalhostClustering(siloPort, gatewayPort, serviceId: Name, clusterId: Name);
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(cluster.ResponseSeconds));
        silo.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(cluster.ResponseSeconds));
        return silo;
    }

    /// <summary>Joins the silo of another process, for ever trying again while it is away.</summary>
    public static IClientBuilder AddHubCluster(this IClientBuilder client, ClusterOptions cluster)
    {
        client.UseLocalhostClustering(cluster.GatewayPort, serviceId: Name, clusterId: Name);
        client.UseConnectionRetryFilter(async (_, cancellation) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellation);
            return true;
        });
        client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(cluster.ResponseSeconds));
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
        return client;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

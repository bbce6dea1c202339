using System.Net;
using System.Net.Sockets;
using Monitoring.Gateway.Equipment;
using Monitoring.Gateway.Intake;

namespace Monitoring.Host;

/// <summary>Finds a port that somebody else holds before anything is started: one line instead of a page of faults.</summary>
internal static class PortsInUse
{
    /// <summary>Tries each port that this process will listen on.</summary>
    /// <exception cref="HubRefusal">One is taken, or an address cannot be read.</exception>
    public static void Refuse(HubSettings settings, IConfiguration configuration)
    {
        foreach (var endpoint in HttpAddresses.Read(settings.Urls))
            Try(endpoint, "--urls");
        if (settings.Has(HubRole.Gateway))
        {
            var gateway = configuration.GetSection("Gateway").Get<GatewayOptions>() ?? new GatewayOptions();
            Try(new IPEndPoint(IPAddress.Parse(gateway.MqttHost), gateway.MqttPort), "--mqtt-port");
            if (configuration.GetSection("Gateway:Tls").Get<MqttTlsOptions>() is { CertificateFile.Length: > 0 } tls && IPAddress.TryParse(tls.Host, out var host))
                Try(new IPEndPoint(host, tls.Port), "--mqtts-port");
        }

        if (settings.Has(HubRole.Silo) && HubCluster.IsShared(settings))
        {
            var cluster = configuration.GetSection("Cluster").Get<ClusterOptions>() ?? new ClusterOptions();
            Try(new IPEndPoint(IPAddress.Loopback, cluster.SiloPort), "the setting Cluster:SiloPort");
            Try(new IPEndPoint(IPAddress.Loopback, cluster.GatewayPort), "the setting Cluster:GatewayPort");
        }
    }

    private static void Try(IPEndPoint endpoint, string remedy)
    {
        if (endpoint.Port == 0)
            return;
        using var probe = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            probe.Bind(endpoint);
            probe.Listen();
        }
        catch (SocketException fault)
        {
            var what = fault.SocketErrorCode == SocketError.AddressAlreadyInUse ? "is in use" : $"cannot be used ({fault.SocketErrorCode})";
            throw new HubRefusal(ExitCode.Missing, $"port {endpoint.Port} on {endpoint.Address} {what}: stop what listens there, or choose another with {remedy}");
        }
    }
}

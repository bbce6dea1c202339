using System.Net;
using System.Net.Sockets;

namespace Monitoring.Harness;

/// <summary>Loopback ports of one hub.</summary>
public sealed record Ports(int Http, int Mqtt, int Silo, int SiloGateway)
{
    /// <summary>Takes ports that are free now; held together while looking, so that they differ.</summary>
    public static Ports TakeFree()
    {
        var probes = Enumerable.Range(0, 4).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        probes.ForEach(probe => probe.Start());
        var ports = probes.Select(probe => ((IPEndPoint)probe.LocalEndpoint).Port).ToList();
        probes.ForEach(probe => probe.Stop());
        return new Ports(ports[0], ports[1], ports[2], ports[3]);
    }
}

using System.Net;
using System.Net.Sockets;

namespace Monitoring.Gateway.Equipment;

/// <summary>The address that a peer is counted under.</summary>
internal static class PeerAddress
{
    private const int NetworkBytes = 8;

    /// <summary>The IPv4 address; of IPv6 the /64, of which one peer may have any address; none where there is no IP.</summary>
    public static IPAddress Of(EndPoint? peer)
    {
        if (peer is not IPEndPoint { Address: var address })
            return IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, NetworkBytes, bytes.Length - NetworkBytes);
        return new IPAddress(bytes);
    }
}

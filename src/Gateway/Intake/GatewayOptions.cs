using System.ComponentModel.DataAnnotations;

namespace Monitoring.Gateway.Intake;

/// <summary>Where equipment connects. Section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>Name under which this gateway enters itself; its journal is told from others by it. 1 to 64 characters. Default gateway-1.</summary>
    [Required, StringLength(64, MinimumLength = 1)]
    public string Name { get; set; } = "gateway-1";

    /// <summary>Address that plain MQTT listens on. Default 127.0.0.1: passwords travel in the clear, so loopback only.</summary>
    [Required]
    public string MqttHost { get; set; } = "127.0.0.1";

    /// <summary>TCP port of plain MQTT, 0 to 65535; 0 takes a free one. Default 1883.</summary>
    [Range(0, 65_535)]
    public int MqttPort { get; set; } = 1883;

    /// <summary>Most connections at once; further ones are closed and counted. 1 to 100,000. Default 5,000.</summary>
    [Range(1, 100_000)]
    public int ConnectionsMax { get; set; } = 5_000;

    /// <summary>Most connections at once from one address, of IPv6 from one /64; further ones are closed and counted. 1 to 100,000. Default 2,500.</summary>
    [Range(1, 100_000)]
    public int ConnectionsPerAddressMax { get; set; } = 2_500;

    /// <summary>Most connections at once of one user name; with one more, the one that has been silent for longest is closed and counted. 1 to 100,000. Default 100.</summary>
    [Range(1, 100_000)]
    public int ConnectionsPerNameMax { get; set; } = 100;
}

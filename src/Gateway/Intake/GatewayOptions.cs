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
}

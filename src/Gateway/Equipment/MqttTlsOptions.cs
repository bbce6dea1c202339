using System.ComponentModel.DataAnnotations;

namespace Monitoring.Gateway.Equipment;

/// <summary>MQTT over TLS 1.2 or 1.3, for equipment on a network. Off while no certificate is set. Section <c>Gateway:Tls</c>.</summary>
public sealed class MqttTlsOptions
{
    /// <summary>Address that it listens on. Default 0.0.0.0: all of IPv4.</summary>
    [Required]
    public string Host { get; set; } = "0.0.0.0";

    /// <summary>TCP port, 0 to 65535; 0 takes a free one. Default 8883.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 8883;

    /// <summary>PEM file of the hub's certificate, followed by those between it and the root. Read again when it changes. Empty: no TLS. Default empty.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file of the certificate's private key, without a pass phrase and readable by the hub only. Read again when it changes. Default empty.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>PEM file of the authorities whose client certificates let equipment in. Read again when it changes. Empty: passwords only. Default empty.</summary>
    public string ClientAuthorityFile { get; set; } = "";

    /// <summary>Time that a handshake may take, seconds, 1 to 60; then the connection ends. Default 10.</summary>
    [Range(1, 60)]
    public int HandshakeSeconds { get; set; } = 10;
}

using System.Globalization;

namespace Monitoring.Simulator.Intake;

/// <summary>Where MQTT is spoken.</summary>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">TCP port, 1 to 65535.</param>
public sealed record MqttEndpoint(string Host, int Port)
{
    /// <summary>Reads <c>HOST:PORT</c> or <c>[IPv6]:PORT</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The endpoint; null where the text is not one.</returns>
    public static MqttEndpoint? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is 0 or > 65535)
            return null;
        return new MqttEndpoint(text[..colon].Trim('[', ']'), port);
    }

    /// <summary>Whether it is this machine.</summary>
    public bool IsLoopback => Host == "localhost" || (System.Net.IPAddress.TryParse(Host, out var address) && System.Net.IPAddress.IsLoopback(address));

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}

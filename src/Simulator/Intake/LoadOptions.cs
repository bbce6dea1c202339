using System.Text.Json;

namespace Monitoring.Simulator.Intake;

/// <summary>What the load generator sends.</summary>
public sealed record LoadOptions
{
    /// <summary>Most connections of one run.</summary>
    public const int ConnectionsMax = 20_000;

    /// <summary>The hub's MQTT listener, on this machine.</summary>
    public required MqttEndpoint Mqtt { get; init; }

    /// <summary>The principals to use: the first <see cref="Connections"/> of them.</summary>
    public required IReadOnlyList<LoadPrincipal> Principals { get; init; }

    /// <summary>Connections, 1 to <see cref="ConnectionsMax"/>. Default: one for each principal.</summary>
    public int? Connections { get; init; }

    /// <summary>Unacknowledged messages of each connection, 1 to 10,000; the hub's Receive Maximum may be less. Default 20.</summary>
    public int InFlight { get; init; } = 20;

    /// <summary>Messages per second of all connections together; 0 (the default) is no limit.</summary>
    public double Rate { get; init; }

    /// <summary>Length of the run in seconds, over 0 to 3,600. Default 10.</summary>
    public double Seconds { get; init; } = 10;

    /// <summary>Seconds at the start that are sent but not measured, 0 to 600. Default 2.</summary>
    public double WarmUpSeconds { get; init; } = 2;
}

/// <summary>One MQTT principal of a load run.</summary>
/// <param name="Connection">Name of the connection: the MQTT user.</param>
/// <param name="Secret">Its secret.</param>
/// <param name="Topics">Topics it may publish to; the first is used.</param>
public sealed record LoadPrincipal(string Connection, string Secret, IReadOnlyList<string> Topics)
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    /// <summary>Reads a list in the form of <c>demo-devices.json</c>: <c>[{"connection","secret","topics"}]</c>.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="JsonException">The text is not such a list.</exception>
    public static IReadOnlyList<LoadPrincipal> ReadAll(string json)
    {
        var all = JsonSerializer.Deserialize<List<LoadPrincipal>>(json, CamelCase) ?? [];
        return all.TrueForAll(one => one is { Connection.Length: > 0, Secret.Length: > 0, Topics.Count: > 0 })
            ? all
            : throw new JsonException("each entry needs connection, secret and at least one topic");
    }
}

/// <summary>The load run cannot be done as asked; the message says what to change.</summary>
/// <param name="message">The message.</param>
public sealed class LoadInputException(string message) : Exception(message);

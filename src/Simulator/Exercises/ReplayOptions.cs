using System.Globalization;
using Monitoring.Simulator.Intake;

namespace Monitoring.Simulator.Exercises;

/// <summary>What a replay plays, and where.</summary>
public sealed record ReplayOptions
{
    /// <summary>Path of the recorded counts (CSV).</summary>
    public required string CountsFile { get; init; }

    /// <summary>How its columns become messages.</summary>
    public required ReplayMap Map { get; init; }

    /// <summary>Path of the outages (CSV: <c>sensor_id,from,to</c>); null for none.</summary>
    public string? OutagesFile { get; init; }

    /// <summary>Virtual seconds per wall second; 0 (the default) is as fast as the hub accepts.</summary>
    public double Speed { get; init; }

    /// <summary>The hub's MQTT listener.</summary>
    public required MqttEndpoint Mqtt { get; init; }

    /// <summary>MQTT user name: the connection of the site that may speak for all devices of the map.</summary>
    public required string User { get; init; }

    /// <summary>MQTT password.</summary>
    public required string Password { get; init; }

    /// <summary>Base address of the hub's HTTP API.</summary>
    public required Uri Api { get; init; }

    /// <summary>API token of an admin.</summary>
    public required string Token { get; init; }

    /// <summary>Last instant to play: bins that end later are left out. Null for all.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Whether each local day is sent a second time after it; a hub must count it once.</summary>
    public bool DaysTwice { get; init; }

    /// <summary>Called after each bin, once the hub's clock stands at its end.</summary>
    public Func<ReplayBin, CancellationToken, Task>? AfterBin { get; init; }

    /// <summary>Most unacknowledged messages at a time, 1 to 65,535; the hub's Receive Maximum may be less. Default 500.</summary>
    public int InFlightMax { get; init; } = 500;

    /// <summary>How long the hub may be away before the replay ends. Default 2 min.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Seed of the chance in waiting times. Default 1.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>What a replay did. Counts are messages, heartbeats included, each once.</summary>
/// <param name="Bins">Bins played.</param>
/// <param name="Sent">Messages sent.</param>
/// <param name="Accepted">Messages that the hub acknowledged.</param>
/// <param name="Refused">Messages that the hub refused for good.</param>
/// <param name="Resent">Messages sent again after the connection was lost or the hub was busy, not counted above.</param>
/// <param name="FirstRefusal">The hub's words for the first message that it refused; null where it refused none.</param>
/// <param name="ClockAt">Where the hub's clock was left; null where there was no bin.</param>
public sealed record ReplayResult(int Bins, long Sent, long Accepted, long Refused, long Resent, string? FirstRefusal, DateTimeOffset? ClockAt)
{
    /// <summary>The line for people and scripts: <c>sent N, accepted N, refused N</c>.</summary>
    public string Line() => string.Create(CultureInfo.InvariantCulture, $"sent {Sent}, accepted {Accepted}, refused {Refused}");
}

/// <summary>The hub stayed away for too long.</summary>
/// <param name="message">What was tried and why it failed.</param>
public sealed class HubAwayException(string message) : Exception(message);

/// <summary>The hub does not let this replay do what it wants; the message says what to change.</summary>
/// <param name="message">The message.</param>
public sealed class HubRefusedException(string message) : Exception(message);

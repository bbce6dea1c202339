using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monitoring.Simulator.Intake;

/// <summary>What a load run measured, after the warm-up.</summary>
/// <remarks>A latency is from handing the message to the socket to reading its acknowledgement. Where a rate was asked for and not reached, latencies look better than a device would see: compare the rates.</remarks>
public sealed record LoadResult
{
    /// <summary>Connections that were open.</summary>
    public required int Connections { get; init; }

    /// <summary>Unacknowledged messages allowed to each connection, after the hub's Receive Maximum.</summary>
    public required int InFlight { get; init; }

    /// <summary>Rate asked for, messages per second; 0 for no limit.</summary>
    public required double Rate { get; init; }

    /// <summary>Seconds measured.</summary>
    public required double Seconds { get; init; }

    /// <summary>Messages acknowledged with success.</summary>
    public required long Acked { get; init; }

    /// <summary>Messages answered with a reason code of failure.</summary>
    public required long Refused { get; init; }

    /// <summary>Connections that ended before the run did.</summary>
    public required int Lost { get; init; }

    /// <summary>Acknowledged messages per second.</summary>
    public required double AckedPerSecond { get; init; }

    /// <summary>Half of the latencies are at most this, ms.</summary>
    public required double P50Ms { get; init; }

    /// <summary>90 % of the latencies are at most this, ms.</summary>
    public required double P90Ms { get; init; }

    /// <summary>99 % of the latencies are at most this, ms.</summary>
    public required double P99Ms { get; init; }

    /// <summary>Largest latency, ms.</summary>
    public required double MaxMs { get; init; }

    /// <summary>The result as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, LoadJson.Default.LoadResult);

    /// <summary>The result as text for people.</summary>
    public string ToText() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Connections} connections x {InFlight} in flight, {Seconds:F1} s: {AckedPerSecond:F0} acked/s, p50 {P50Ms:F2} ms, p90 {P90Ms:F2} ms, p99 {P99Ms:F2} ms, max {MaxMs:F1} ms, refused {Refused}, lost {Lost}");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LoadResult))]
internal sealed partial class LoadJson : JsonSerializerContext;

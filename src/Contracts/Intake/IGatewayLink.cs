namespace Monitoring.Contracts.Intake;

/// <summary>What a running gateway answers to the silo: it keeps its own counters and its own journal.</summary>
[GrainInterfaceType("gateway-link"), Alias("gateway-link")]
public interface IGatewayLink : IGrainObserver
{
    /// <summary>Waits until every message accepted so far is applied by its space.</summary>
    [Alias("drain")]
    Task DrainAsync();

    /// <summary>Tells the gateway where a replay clock stands.</summary>
    /// <param name="now">The instant.</param>
    [Alias("move-clock")]
    Task MoveClockAsync(DateTimeOffset now);

    /// <summary>Counters since the gateway started.</summary>
    [Alias("counters")]
    Task<IntakeCounters> GetCountersAsync();

    /// <summary>Messages refused lately, newest first.</summary>
    [Alias("rejected")]
    Task<IReadOnlyList<RejectedMessage>> GetRejectedAsync();

    /// <summary>Devices that connections spoke for and the site does not know, the one heard last first.</summary>
    [Alias("pending")]
    Task<IReadOnlyList<PendingDevice>> GetPendingAsync();
}

/// <summary>Knows the running gateways, and asks them. Key: 0.</summary>
[GrainInterfaceType("intake"), Alias("intake")]
public interface IIntakeGrain : IGrainWithIntegerKey
{
    /// <summary>Enters a running gateway; to be repeated at least every <see cref="IntakeLinks.RenewEvery"/>.</summary>
    /// <param name="gateway">Name of the gateway.</param>
    /// <param name="link">How to reach it.</param>
    /// <returns>The hub's instant, so that a gateway's replay clock starts where the hub's stands.</returns>
    [Alias("register")]
    Task<DateTimeOffset> RegisterAsync(string gateway, IGatewayLink link);

    /// <summary>Waits until every message accepted so far by any gateway is applied.</summary>
    [Alias("drain")]
    Task DrainAsync();

    /// <summary>Tells all gateways where a replay clock stands.</summary>
    /// <param name="now">The instant.</param>
    [Alias("move-clocks")]
    Task MoveClocksAsync(DateTimeOffset now);

    /// <summary>Counters of all gateways together.</summary>
    [Alias("counters")]
    Task<IntakeCounters> GetCountersAsync();

    /// <summary>Messages refused lately by any gateway, newest first.</summary>
    [Alias("rejected")]
    Task<IReadOnlyList<RejectedMessage>> GetRejectedAsync();

    /// <summary>Unknown devices of all gateways, the one heard last first; one that speaks at two gateways is one.</summary>
    [Alias("pending")]
    Task<IReadOnlyList<PendingDevice>> GetPendingAsync();
}

/// <summary>Times of the link between gateway and silo.</summary>
public static class IntakeLinks
{
    /// <summary>How often a gateway enters itself anew.</summary>
    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);

    /// <summary>After how long a gateway that did not renew is forgotten.</summary>
    public static readonly TimeSpan ForgetAfter = TimeSpan.FromSeconds(30);
}

/// <summary>What became of messages since a gateway started.</summary>
/// <param name="Accepted">Messages journaled, heartbeats included.</param>
/// <param name="Rejected">Messages refused.</param>
/// <param name="Reasons">Messages refused, by reason; and <c>duplicate</c>: accepted readings set aside as repeats.</param>
[Immutable, GenerateSerializer, Alias("intake-counters")]
public sealed record IntakeCounters([property: Id(0)] long Accepted, [property: Id(1)] long Rejected, [property: Id(2)] IReadOnlyDictionary<string, long> Reasons);

/// <summary>A refused message, without its body.</summary>
/// <param name="Time">Arrival, UTC.</param>
/// <param name="Connection">User name it came from; empty where nobody had signed in.</param>
/// <param name="Topic">Its topic, control characters replaced; empty where it has none.</param>
/// <param name="Reason">Name of the reason.</param>
/// <param name="Detail">One sentence: what is wrong and what it should be.</param>
/// <param name="SizeBytes">Payload size; the announced packet size where it was refused before it was read.</param>
/// <param name="Hash">First 16 hex digits of the payload's SHA-256, to tell repeats; empty where nothing was read.</param>
[Immutable, GenerateSerializer, Alias("rejected-message")]
public sealed record RejectedMessage(
    [property: Id(0)] DateTimeOffset Time,
    [property: Id(1)] string Connection,
    [property: Id(2)] string Topic,
    [property: Id(3)] string Reason,
    [property: Id(4)] string Detail,
    [property: Id(5)] long SizeBytes,
    [property: Id(6)] string Hash);

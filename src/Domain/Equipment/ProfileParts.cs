namespace Monitoring.Domain.Equipment;

/// <summary>The compiled parts of a profile.</summary>
internal sealed record ProfileParts
{
    public required TopicPattern? Topic { get; init; }

    public required ProfileCondition? When { get; init; }

    public required ProfileSlot? Device { get; init; }

    public required ProfileParameters Parameters { get; init; }

    public required ProfileDecoder? Decoder { get; init; }

    public required ProfileSlot? Time { get; init; }

    public required ProfileSlot? Sequence { get; init; }

    /// <summary>A list that makes the message a heartbeat where it is empty.</summary>
    public required ProfilePath? EmptyList { get; init; }

    public required IReadOnlyList<ProfileHeartbeat> Heartbeats { get; init; }

    /// <summary>After this no count means zero; null where messages vouch, or nothing does.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>Whether head counts are sent only when they change.</summary>
    public bool OnChange { get; init; }

    public required UnmatchedMessage Unmatched { get; init; }

    public required bool DropsUnlistedChannels { get; init; }

    public required IReadOnlyList<ProfileRules> Rules { get; init; }

    public int FixtureCount { get; init; }
}

/// <summary>What becomes of what no rule fits.</summary>
internal enum UnmatchedMessage
{
    /// <summary>Passed over; a message of which nothing is left is refused.</summary>
    Ignore,

    /// <summary>It refuses the message.</summary>
    Refuse,

    /// <summary>Passed over; a message of which nothing is left is acknowledged and forgotten.</summary>
    Drop,
}

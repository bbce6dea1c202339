namespace Monitoring.Contracts.Accounts;

/// <summary>The audit log: who signed in, was refused, acknowledged or changed something, in one chain of hashes. Key: 0.</summary>
[GrainInterfaceType("audit"), Alias("audit")]
public interface IAuditGrain : IGrainWithIntegerKey
{
    /// <summary>Adds facts in their order; a fact whose id was added before is left out.</summary>
    /// <param name="facts">Facts, at most <see cref="AuditLimits.FactsMax"/>.</param>
    /// <returns>A task that ends when all of them are on disk. Part of them may be when it fails: send all again, under the same ids.</returns>
    /// <exception cref="AuditAwayException">The log cannot be written now.</exception>
    /// <exception cref="ArgumentException">There are too many facts, or a fact's fields are longer than <see cref="AuditLimits.FieldLengthMax"/>.</exception>
    [Alias("append")]
    Task AppendAsync(IReadOnlyList<AuditFact> facts);

    /// <summary>Reads entries, newest first.</summary>
    /// <param name="before">Only entries of a lower number; <see cref="long.MaxValue"/> for the newest.</param>
    /// <param name="max">At most so many, 1 to <see cref="AuditLimits.ReadMax"/>.</param>
    /// <exception cref="AuditAwayException">The log cannot be read now.</exception>
    [Alias("read")]
    Task<IReadOnlyList<AuditEntry>> ReadAsync(long before, int max);
}

/// <summary>Limits of the audit log.</summary>
public static class AuditLimits
{
    /// <summary>Most facts of one call.</summary>
    public const int FactsMax = 1_000;

    /// <summary>Longest id, kind, who and subject, in characters.</summary>
    public const int FieldLengthMax = 200;

    /// <summary>Longest detail, in characters; a longer one is cut.</summary>
    public const int DetailLengthMax = 500;

    /// <summary>Most entries of one answer.</summary>
    public const int ReadMax = 500;

    /// <summary>So many of the newest entries are known by their ids: a fact that is sent again within them is stored once.</summary>
    public const int RepeatsMax = 16_384;
}

/// <summary>Something that somebody did, tried to do, or changed.</summary>
/// <param name="Id">Tells a repeat: the same fact sent twice under one id is stored once. 1 to 200 characters.</param>
/// <param name="At">When it happened, by the clock of whoever tells it.</param>
/// <param name="Kind">A word in kebab case: <c>sign-in</c>, <c>denied</c>, <c>alarm-acknowledged</c>.</param>
/// <param name="Who">Name of the principal; empty for nobody, <c>hub</c> for the hub itself.</param>
/// <param name="Subject">What it was about: an alarm, an account, a space, a route pattern.</param>
/// <param name="Detail">Free text; what is longer than <see cref="AuditLimits.DetailLengthMax"/> characters is cut.</param>
[Immutable, GenerateSerializer, Alias("audit-fact")]
public sealed record AuditFact(
    [property: Id(0)] string Id,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] string Kind,
    [property: Id(3)] string Who,
    [property: Id(4)] string Subject,
    [property: Id(5)] string? Detail);

/// <summary>A fact in the chain.</summary>
/// <param name="Number">1 for the first entry ever, then one more each.</param>
/// <param name="Fact">The fact.</param>
/// <param name="Previous">Hash of the entry before, 64 digits of lower-case hex; zeros for the first ever.</param>
/// <param name="Hash">SHA-256 over the number, the segment, the fact and the previous hash.</param>
[Immutable, GenerateSerializer, Alias("audit-entry")]
public sealed record AuditEntry(
    [property: Id(0)] long Number,
    [property: Id(1)] AuditFact Fact,
    [property: Id(2)] string Previous,
    [property: Id(3)] string Hash);

namespace Monitoring.Domain.Accounts;

/// <summary>One entry of the audit log as it is chained and stored.</summary>
/// <param name="Number">1 for the first entry ever, then one more each.</param>
/// <param name="Segment">The calendar month (UTC) in which it was written, such as <c>2026-11</c>.</param>
/// <param name="Id">Tells a repeat of the same fact.</param>
/// <param name="At">When it happened, by the clock of whoever told it.</param>
/// <param name="Kind">A word in kebab case.</param>
/// <param name="Who">Name of the principal; empty for nobody.</param>
/// <param name="Subject">What it was about.</param>
/// <param name="Detail">Free text; null for none.</param>
/// <param name="Previous">Hash of the entry before, 64 digits of lower-case hex.</param>
/// <param name="Hash">SHA-256 over all of the above, 64 digits of lower-case hex.</param>
public sealed record AuditLine(long Number, string Segment, string Id, DateTimeOffset At, string Kind, string Who, string Subject, string? Detail, string Previous, string Hash);

/// <summary>The end of a chain: all that the next entry needs to know of it.</summary>
/// <param name="Number">Number of the last entry; 0 before the first.</param>
/// <param name="Hash">Hash of the last entry; <see cref="AuditChain.Genesis"/> before the first.</param>
public sealed record AuditMark(long Number, string Hash)
{
    /// <summary>Before the first entry.</summary>
    public static AuditMark Start { get; } = new(0, AuditChain.Genesis);
}

namespace Monitoring.Domain.Accounts;

/// <summary>What somebody did, on its way to the audit.</summary>
/// <param name="Id">Makes a repeat recognisable: it may be handed over twice and is recorded once.</param>
/// <param name="At">When, by the hub's clock.</param>
/// <param name="Kind">What kind of deed, in kebab case.</param>
/// <param name="Who">Name of the person; <c>hub</c> for the hub.</param>
/// <param name="Subject">What it was about.</param>
/// <param name="Detail">More, in words; null for nothing.</param>
public sealed record AuditNote(string Id, DateTimeOffset At, string Kind, string Who, string Subject, string? Detail);

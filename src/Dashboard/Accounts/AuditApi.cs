using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monitoring.Contracts.Accounts;

namespace Monitoring.Dashboard.Accounts;

/// <summary>The newest entry: written down elsewhere, its hash shows whether the log was ever rewritten.</summary>
internal sealed record AuditHeadView(long Number, string Hash);

/// <summary>An entry of the audit log.</summary>
internal sealed record AuditEntryView(long Number, DateTimeOffset At, string Kind, string Who, string Subject, string? Detail, string Id, string Previous, string Hash);

/// <summary>A page of the audit log, newest first.</summary>
/// <param name="Head">The newest entry of all; null while there is none.</param>
/// <param name="Entries">The entries.</param>
internal sealed record AuditView(AuditHeadView? Head, IReadOnlyList<AuditEntryView> Entries);

/// <summary><c>GET /api/audit</c>: who signed in, was refused, acknowledged or changed something.</summary>
internal static class AuditApi
{
    private const int MaxDefault = 100;

    public static void MapAudit(this IEndpointRouteBuilder api) =>
        api.MapGet("/audit", GetAsync).WithTags("Accounts").RequireAuthorization(Policies.Administration).WithSummary("The audit log, newest first").Produces<AuditView>();

    private static async Task<IResult> GetAsync(long? before, int? max, IGrainFactory grains, CancellationToken cancellation)
    {
        if (before is < 1 || max is < 1 or > AuditLimits.ReadMax)
            return ProblemAnswers.Invalid("The page is not well formed", $"before: a number of an entry, 1 or more; max: 1 to {AuditLimits.ReadMax}.");
        var grain = grains.GetGrain<IAuditGrain>(0);
        var entries = await grain.ReadAsync(before ?? long.MaxValue, max ?? MaxDefault).WaitAsync(cancellation);
        var newest = before is null ? entries : await grain.ReadAsync(long.MaxValue, 1).WaitAsync(cancellation);
        return TypedResults.Ok(new AuditView(newest is [var head, ..] ? new(head.Number, head.Hash) : null, [.. entries.Select(ViewOf)]));
    }

    private static AuditEntryView ViewOf(AuditEntry entry) =>
        new(entry.Number, entry.Fact.At, entry.Fact.Kind, entry.Fact.Who, entry.Fact.Subject, entry.Fact.Detail, entry.Fact.Id, entry.Previous, entry.Hash);
}

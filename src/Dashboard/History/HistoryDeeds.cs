using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monitoring.Contracts.History;
using Monitoring.Dashboard.Accounts;

namespace Monitoring.Dashboard.History;

/// <summary>Why numbers are taken back.</summary>
/// <param name="Reason">For the audit log, 1 to 500 characters.</param>
internal sealed record WithdrawRequest(string? Reason);

/// <summary>What can be done to history: take numbers back, make the copies anew. Nothing can change a number.</summary>
internal static class HistoryDeeds
{
    /// <summary>Longest reason.</summary>
    public const int ReasonCharsMax = 500;

    public static void MapHistoryDeeds(this IEndpointRouteBuilder history)
    {
        history.MapPost("/{space}/days/{day}/withdraw", WithdrawAsync).WithSummary("Takes back the numbers of a space and day; what they cost stays spent").Produces<WithdrawnView>().ProducesProblem(StatusCodes.Status404NotFound).RequireAuthorization(Policies.Withdrawal);
        history.MapGet("/copies", CopiesAsync).WithSummary("How far the copies of the release ledger are").RequireAuthorization(Policies.Administration);
        history.MapPost("/copies/rebuild", RebuildAsync).WithSummary("Makes all copies anew from the release ledger").RequireAuthorization(Policies.Administration);
    }

    private static async Task<IResult> WithdrawAsync(string space, string day, WithdrawRequest? request, HttpContext context, IGrainFactory grains)
    {
        if (AuditRefusals.Hides(context, space) || space.Length > HistoryAnswers.NameCharsMax)
            return HistoryAnswers.NotFound();
        if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return HistoryAnswers.Invalid("not-well-formed", "The day is not well formed", "Name a day of the space's zone as 2026-11-22.");
        if (request?.Reason?.Trim() is not { Length: > 0 and <= ReasonCharsMax } reason)
            return HistoryAnswers.Invalid("not-well-formed", "A reason is missing or too long", $"Send {{\"reason\":\"…\"}}, 1 to {ReasonCharsMax} characters; it stands in the audit log.");
        // Entered in the audit log by the history itself, before it is done. Not given up half way: it would not be known whether it was done.
        try
        {
            return TypedResults.Ok(new WithdrawnView(await grains.GetGrain<IHistoryGrain>(0).WithdrawAsync(space, date, context.User.Identity?.Name ?? "", reason)));
        }
        catch (HistoryRefusedException refused)
        {
            return HistoryAnswers.Problem(refused.Refusal, refused.Message, context);
        }
    }

    private static async Task<IResult> CopiesAsync(IGrainFactory grains, CancellationToken cancellation) =>
        Results.Bytes(await grains.GetGrain<IHistoryGrain>(0).CopiesAsync().WaitAsync(cancellation), "application/json");

    private static async Task<IResult> RebuildAsync(HttpContext context, AuditTrail trail, IGrainFactory grains)
    {
        await trail.NoteAsync("history-rebuild", context.User, "history");
        try
        {
            await grains.GetGrain<IHistoryGrain>(0).RebuildAsync();
            return TypedResults.Accepted("/api/history/copies");
        }
        catch (HistoryRefusedException refused)
        {
            return HistoryAnswers.Problem(refused.Refusal, refused.Message, context);
        }
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monitoring.Contracts.Alarms;
using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard.Accounts;

namespace Monitoring.Dashboard.Alarms;

/// <summary>A change of a threshold for a time.</summary>
/// <param name="Rule"><c>density</c> or <c>flow</c>.</param>
/// <param name="On">On level, over 0.</param>
/// <param name="Off">Off level, under on; may be left out for the rule's usual distance.</param>
/// <param name="Until">When the site's level applies again; at most 7 days ahead.</param>
/// <param name="Reason">Why, 1 to 500 characters.</param>
/// <param name="Subject">Zone or line; left out for each of the space.</param>
internal sealed record ThresholdRequest(string? Rule, double? On, double? Off, DateTimeOffset? Until, string? Reason, string? Subject = null);

/// <summary><c>PUT /api/spaces/{id}/thresholds</c>: a supervisor changes a level for a time.</summary>
internal static class ThresholdsApi
{
    public static void MapThresholds(this IEndpointRouteBuilder api) =>
        api.MapPut("/spaces/{id}/thresholds", ChangeAsync).WithTags("Alarms").WithSummary("Changes a threshold until an instant; it reverts by itself").RequireAuthorization(Policies.Thresholds);

    private static async Task<IResult> ChangeAsync(string id, ThresholdRequest request, HttpContext context, SiteSpaces sites, IGrainFactory grains, CancellationToken cancellation)
    {
        if (AuditRefusals.Hides(context, id) || (await sites.GetAsync(cancellation))?.Spaces.Any(space => space.Id == id) is not true)
            return ProblemAnswers.NotFound("The site has no such space");
        if (request is not { Rule: { } rule, On: { } on, Until: { } until, Reason: { } reason })
            return ProblemAnswers.Invalid("The change is not whole", "Send {\"rule\":\"density\",\"on\":3.5,\"until\":\"2026-11-22T23:00:00Z\",\"reason\":\"match\"}; off and subject may be left out.");
        var wish = new ThresholdWish(rule, request.Subject, on, request.Off, until.ToUniversalTime(), reason.Trim(), context.User.Identity!.Name!);
        return await grains.GetGrain<ISpaceGrain>(id).ChangeThresholdAsync(wish) is { } problem ? ProblemAnswers.Invalid("The change is not well formed", problem) : TypedResults.NoContent();
    }
}

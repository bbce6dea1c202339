using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monitoring.Contracts.Intake;
using Monitoring.Dashboard.Accounts;

namespace Monitoring.Dashboard.Intake;

/// <summary><c>/api/intake</c>: what the gateways took and what they refused.</summary>
internal static class IntakeApi
{
    public static void MapIntake(this IEndpointRouteBuilder api)
    {
        var intake = api.MapGroup("/intake").WithTags("Intake");
        intake.MapGet("", (IGrainFactory grains, CancellationToken cancellation) => Intake(grains).GetCountersAsync().WaitAsync(cancellation))
            .WithSummary("Messages accepted and refused since the gateways started").RequireAuthorization(Policies.Administration);
        intake.MapGet("/rejected", RejectedAsync)
            .WithSummary("Messages refused lately, newest first, without their bodies").RequireAuthorization(Policies.Refusals);
    }

    private static async Task<IEnumerable<RejectedMessage>> RejectedAsync(ClaimsPrincipal user, SiteSpaces sites, IGrainFactory grains, CancellationToken cancellation)
    {
        var messages = await Intake(grains).GetRejectedAsync().WaitAsync(cancellation);
        return messages.InScope(user, (await sites.GetAsync(cancellation))?.Spaces ?? []);
    }

    private static IIntakeGrain Intake(IGrainFactory grains) => grains.GetGrain<IIntakeGrain>(0);
}

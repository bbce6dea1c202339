using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monitoring.Contracts.Intake;
using Monitoring.Dashboard.Accounts;
using Monitoring.Dashboard.Spaces;

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
        if (!user.IsScoped())
            return messages;
        // Whose a refused message is, only its topic tells; what names no device in scope is for those who see the whole site.
        var spaces = (await sites.GetAsync(cancellation))?.Spaces ?? [];
        var devices = spaces.Where(space => user.Sees(space.Id)).SelectMany(space => space.Devices).Select(device => device.Id).ToHashSet(StringComparer.Ordinal);
        return messages.Where(message => message.Topic.Split('/').Any(devices.Contains));
    }

    private static IIntakeGrain Intake(IGrainFactory grains) => grains.GetGrain<IIntakeGrain>(0);
}

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
        intake.MapGet("/rejected", (IGrainFactory grains, CancellationToken cancellation) => Intake(grains).GetRejectedAsync().WaitAsync(cancellation))
            .WithSummary("Messages refused lately, newest first, without their bodies").RequireAuthorization(Policies.Refusals);
    }

    private static IIntakeGrain Intake(IGrainFactory grains) => grains.GetGrain<IIntakeGrain>(0);
}

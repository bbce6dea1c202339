using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard.Accounts;

namespace Monitoring.Dashboard.Equipment;

/// <summary><c>/api/devices/pending</c>: devices that the site does not know, and adopting one.</summary>
internal static class PendingApi
{
    public static void MapPending(this IEndpointRouteBuilder api)
    {
        var pending = api.MapGroup("/devices/pending").WithTags("Equipment").RequireAuthorization(Policies.Adoption);
        pending.MapGet("", ListAsync).WithSummary("Devices that connections speak for and the site does not know, with the shape of a message, never a value of it").Produces<IReadOnlyList<PendingView>>();
        pending.MapPost("/{id}/adopt", AdoptAsync).WithSummary("Enters a pending device into the site").Produces<AdoptedDevice>(StatusCodes.Status201Created).ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IEnumerable<PendingView>> ListAsync(ClaimsPrincipal user, IGrainFactory grains, CancellationToken cancellation)
    {
        if (!DeviceAdoption.IsFor(user))
            return [];
        var version = await grains.GetGrain<ISiteGrain>(0).GetVersionAsync().WaitAsync(cancellation);
        return (await grains.GetGrain<IIntakeGrain>(0).GetPendingAsync().WaitAsync(cancellation)).Select(device => PendingView.Of(device, version));
    }

    private static async Task<IResult> AdoptAsync(string id, AdoptRequest request, HttpContext context, DeviceAdoption adoption, CancellationToken cancellation)
    {
        var answer = await adoption.AdoptAsync(context.User, id, request, cancellation);
        switch (answer.Outcome)
        {
            case AdoptOutcome.Adopted:
                return TypedResults.Created($"/api/devices/{answer.Device!.Id}", answer.Device);
            case AdoptOutcome.Invalid:
                return TypedResults.ValidationProblem(answer.Errors!.ToDictionary(), title: "The device does not fit the site");
            case AdoptOutcome.Changed:
                return ProblemAnswers.Of(StatusCodes.Status409Conflict, "The site was changed meanwhile", answer.Text);
            case AdoptOutcome.Taken:
                return ProblemAnswers.Of(StatusCodes.Status409Conflict, "The device is there already", answer.Text);
            case AdoptOutcome.NotAllowed:
                AuditRefusals.NoteHidden(context);
                return ProblemAnswers.NotFound("No such device waits");
            default:
                return ProblemAnswers.Of(StatusCodes.Status404NotFound, "No such device waits", answer.Text);
        }
    }
}

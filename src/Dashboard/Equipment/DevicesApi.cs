using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard.Accounts;
using Monitoring.Domain.Accounts;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Equipment;

/// <summary><c>/api/devices</c>: the equipment, in the form that fits the role.</summary>
internal static class DevicesApi
{
    public static void MapDevices(this IEndpointRouteBuilder api)
    {
        var devices = api.MapGroup("/devices").WithTags("Equipment").RequireAuthorization(Policies.Equipment);
        devices.MapGet("", ListAsync).WithSummary("All devices; operators and supervisors get a summary").Produces<IReadOnlyList<DeviceDetail>>();
        devices.MapGet("/{id}", GetAsync).WithSummary("One device").Produces<DeviceDetail>();
    }

    private static async Task<IResult> ListAsync(ClaimsPrincipal user, SiteSpaces sites, IGrainFactory grains, CancellationToken cancellation)
    {
        var spaces = ((await sites.GetAsync(cancellation))?.Spaces ?? []).Where(space => user.Sees(space.Id));
        var lists = await Task.WhenAll(spaces.Select(space => DevicesOfAsync(space.Id, grains, cancellation)));
        var devices = lists.SelectMany(list => list).Where(device => IsFor(user, device.Purpose));
        return IsControlRoom(user) ? TypedResults.Ok(devices.Select(DeviceSummary.Of)) : TypedResults.Ok(devices.Select(DeviceDetail.Of));
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, SiteSpaces sites, IGrainFactory grains, CancellationToken cancellation)
    {
        var user = context.User;
        var space = (await sites.GetAsync(cancellation))?.Spaces.FirstOrDefault(space => space.Devices.Any(device => device.Id == id));
        var list = space is null || AuditRefusals.Hides(context, space.Id) ? [] : await DevicesOfAsync(space.Id, grains, cancellation);
        if (list.FirstOrDefault(device => device.Id == id && IsFor(user, device.Purpose)) is not { } found)
            return ProblemAnswers.NotFound("The site has no such device");
        return IsControlRoom(user) ? TypedResults.Ok(DeviceSummary.Of(found)) : TypedResults.Ok(DeviceDetail.Of(found));
    }

    /// <summary>Whether a device is there for this person: what serves statistics only is not for the control room.</summary>
    public static bool IsFor(ClaimsPrincipal user, DevicePurpose purpose) => purpose == DevicePurpose.Live || !IsControlRoom(user);

    /// <summary>Whether the person gets the summary: state, reasons and when a device last measured.</summary>
    public static bool IsControlRoom(ClaimsPrincipal user) => user.RoleOf() is not (Role.Technician or Role.Admin);

    private static async Task<IReadOnlyList<DeviceStatus>> DevicesOfAsync(string space, IGrainFactory grains, CancellationToken cancellation) =>
        DeviceStatus.FromBytes(await grains.GetGrain<ISpaceGrain>(space).GetDevicesAsync().WaitAsync(cancellation));
}

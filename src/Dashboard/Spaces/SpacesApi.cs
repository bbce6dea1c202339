using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard.Accounts;
using Monitoring.Domain;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Spaces;

/// <summary><c>/api/spaces</c>: the live state of spaces, asked of the spaces themselves; and as a stream.</summary>
internal static class SpacesApi
{
    public static void MapSpaces(this IEndpointRouteBuilder api)
    {
        var spaces = api.MapGroup("/spaces").WithTags("Spaces").RequireAuthorization(Policies.LiveSpaces);
        spaces.MapGet("", ListAsync).WithSummary("Live state of all spaces, worst first").Produces<IReadOnlyList<SpaceSnapshot>>();
        spaces.MapGet("/{id}", GetAsync).WithSummary("Live state of one space").Produces<SpaceSnapshot>();
        spaces.MapGet("/{id}/recent", RecentAsync).WithSummary("The last two hours of one space in steps of ten seconds; null where nothing was known").Produces<string>(contentType: "application/json");
        spaces.MapGet("/{id}/live", LiveAsync).WithSummary("Live state of one space as Server-Sent Events").OnlyGet().Produces<string>(contentType: "text/event-stream");
    }

    private static async Task<IResult> ListAsync(ClaimsPrincipal user, SiteSpaces sites, IGrainFactory grains, CancellationToken cancellation)
    {
        var site = await sites.GetAsync(cancellation);
        var updates = await Task.WhenAll((site?.Spaces ?? []).Where(space => user.Sees(space.Id)).Select(space => grains.GetGrain<ISpaceGrain>(space.Id).GetAsync())).WaitAsync(cancellation);
        return new JsonArray([.. WorstFirst(updates.Select(update => (update.Json, SpaceSnapshot.FromBytes(update.Json))))]);
    }

    private static IEnumerable<byte[]> WorstFirst(IEnumerable<(byte[] Json, SpaceSnapshot Snapshot)> spaces) =>
        spaces.OrderByDescending(space => space.Snapshot.LevelOfService.Severity())
            .ThenByDescending(space => space.Snapshot.Density ?? -1)
            .ThenBy(space => space.Snapshot.Name, StringComparer.Ordinal)
            .Select(space => space.Json);

    private static async Task<IResult> GetAsync(string id, HttpContext context, SiteSpaces sites, IGrainFactory grains, CancellationToken cancellation)
    {
        // Only spaces of the site are asked: a grain would come to life for any name.
        var site = await sites.GetAsync(cancellation);
        if (AuditRefusals.Hides(context, id) || site?.Spaces.Any(space => space.Id == id) is not true)
            return NoSpace();
        var update = await grains.GetGrain<ISpaceGrain>(id).GetAsync().WaitAsync(cancellation);
        return Results.Bytes(update.Json, "application/json");
    }

    private static async Task<IResult> RecentAsync(string id, HttpContext context, SiteSpaces sites, IGrainFactory grains, CancellationToken cancellation)
    {
        if (AuditRefusals.Hides(context, id) || (await sites.GetAsync(cancellation))?.Spaces.Any(space => space.Id == id) is not true)
            return NoSpace();
        return Results.Bytes(await grains.GetGrain<ISpaceGrain>(id).GetRecentAsync().WaitAsync(cancellation), "application/json");
    }

    private static async Task<IResult> LiveAsync(string id, HttpContext context, SiteSpaces sites, LiveFeed feed, HubClock clock, SessionCheck sessions, IHostApplicationLifetime life, CancellationToken cancellation)
    {
        if (AuditRefusals.Hides(context, id))
            return NoSpace();
        // The feed follows the site two seconds behind at most; a space it does not have yet is asked for again by the client.
        if (feed.Find(id) is null)
        {
            var known = (await sites.GetAsync(cancellation))?.Spaces.Any(space => space.Id == id) is true;
            context.Response.Headers.RetryAfter = known ? "2" : default;
            return known ? ProblemAnswers.Of(StatusCodes.Status503ServiceUnavailable, "The space is not followed yet") : NoSpace();
        }

        if (feed.Subscribe(id) is { } subscription)
            return new LiveStream(feed, subscription, id, clock, sessions, life.ApplicationStopping);
        context.Response.Headers.RetryAfter = "10";
        return ProblemAnswers.Of(StatusCodes.Status429TooManyRequests, "Too many live subscribers", "Close streams that are not read, or raise Dashboard:Live:SubscribersMax.");
    }

    // One answer for what is not there and for what is not theirs to know.
    private static ProblemHttpResult NoSpace() => ProblemAnswers.NotFound("The site has no such space");

    /// <summary>JSON documents that exist already, as one array.</summary>
    private sealed class JsonArray(IReadOnlyList<byte[]> items) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "application/json";
            var body = httpContext.Response.BodyWriter;
            await body.WriteAsync("["u8.ToArray());
            for (var i = 0; i < items.Count; i++)
            {
                if (i > 0)
                    await body.WriteAsync(","u8.ToArray());
                await body.WriteAsync(items[i]);
            }

            await body.WriteAsync("]"u8.ToArray());
        }
    }
}

using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard.Accounts;

namespace Monitoring.Dashboard.Spaces;

/// <summary><c>/api/site</c>: the stored site document, with what was adopted.</summary>
internal static class SiteApi
{
    public static void MapSite(this IEndpointRouteBuilder api) =>
        api.MapGet("/site", GetAsync).WithTags("Site").WithSummary("The stored site document; its version is the ETag").Produces<string>(contentType: "application/yaml").RequireAuthorization(Policies.Administration);

    private static async Task<IResult> GetAsync(IGrainFactory grains, CancellationToken cancellation) =>
        await grains.GetGrain<ISiteGrain>(0).GetAsync().WaitAsync(cancellation) is { } stored
            ? TypedResults.Bytes(Encoding.UTF8.GetBytes(stored.Document.Yaml), "application/yaml; charset=utf-8", entityTag: new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"{stored.Version}\"")))
            : ProblemAnswers.NotFound("No site is stored yet");
}

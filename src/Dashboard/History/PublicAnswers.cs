using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Monitoring.Dashboard.History;

/// <summary>Routes for anyone: limited per address and over all, without cookies, and kept by caches for a short time only, since numbers may be taken back.</summary>
internal static class PublicAnswers
{
    /// <summary>How long an answer may be kept, seconds.</summary>
    public const int KeptSeconds = 300;

    /// <summary>A group of such routes.</summary>
    /// <param name="app">Where they are mapped.</param>
    /// <param name="tag">Their heading in the description of the API.</param>
    public static RouteGroupBuilder MapPublic(this IEndpointRouteBuilder app, string tag) =>
        app.MapGroup("").WithTags(tag).AllowAnonymous().RequireRateLimiting(HistoryLimits.Public).AddEndpointFilter(InTurnAsync);

    private static async ValueTask<object?> InTurnAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        using var place = context.RequestServices.GetRequiredService<PublicHistory>().Enter();
        if (place is null)
            return HistoryAnswers.Busy(context);
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.CacheControl = context.Response.StatusCode == StatusCodes.Status200OK ? $"public, max-age={KeptSeconds}" : "no-store";
            return Task.CompletedTask;
        });
        return await next(invocation);
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Monitoring.Dashboard.History;

/// <summary>Routes for anyone: limited per address and over all, without cookies, and kept by caches for a short time only, since numbers may be taken back.</summary>
internal static class PublicAnswers
{
    /// <summary>How long caches of others may keep an answer, seconds.</summary>
    public const int KeptSeconds = 300;

    /// <summary>How long this process gives the same answer again without asking the history, seconds.</summary>
    public const int KeptHereSeconds = 15;

    /// <summary>Most bytes of answers that are kept here.</summary>
    public const long KeptBytesMax = 32 * 1024 * 1024;

    /// <summary>Most bytes of one answer that is kept here.</summary>
    public const long KeptBodyBytesMax = 1024 * 1024;

    // Whatever else stands in an address makes no other answer.
    private static readonly string[] Parameters = ["from", "to", "type", "space", "options", "limit", "offset"];

    /// <summary>A group of such routes.</summary>
    /// <param name="app">Where they are mapped.</param>
    /// <param name="tag">Their heading in the description of the API.</param>
    public static RouteGroupBuilder MapPublic(this IEndpointRouteBuilder app, string tag) =>
        app.MapGroup("").AnswersHead().WithTags(tag).AllowAnonymous().RequireRateLimiting(HistoryLimits.Public).AddEndpointFilter(InTurnAsync)
            .CacheOutput(kept => kept.Expire(TimeSpan.FromSeconds(KeptHereSeconds)).SetVaryByQuery(Parameters));

    /// <summary>Room for answers that are given again.</summary>
    public static IServiceCollection AddPublicAnswers(this IServiceCollection services)
    {
        services.AddSingleton<PublicHistory>();
        return services.AddOutputCache(cache => (cache.SizeLimit, cache.MaximumBodySize) = (KeptBytesMax, KeptBodyBytesMax));
    }

    private static async ValueTask<object?> InTurnAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        using var place = context.RequestServices.GetRequiredService<PublicHistory>().Enter();
        if (place is null)
            return HistoryAnswers.Busy(context);
        var answer = await next(invocation);
        context.Response.Headers.CacheControl = answer is IStatusCodeHttpResult { StatusCode: null or StatusCodes.Status200OK } ? $"public, max-age={KeptSeconds}" : "no-store";
        return answer;
    }
}

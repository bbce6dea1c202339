using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Monitoring.Dashboard.Web;

/// <summary>HEAD is answered as GET, without the body, which the server leaves out: link checkers and monitors ask so. It is the same endpoint, so the same people are let in.</summary>
internal static class HeadAnswers
{
    /// <summary>Lets what answers GET answer HEAD too.</summary>
    /// <param name="routes">One route or many.</param>
    public static TRoutes AnswersHead<TRoutes>(this TRoutes routes)
        where TRoutes : IEndpointConventionBuilder
    {
        routes.Add(endpoint =>
        {
            if (endpoint.Metadata.OfType<HttpMethodMetadata>().LastOrDefault() is { HttpMethods: var methods } && methods.Contains(HttpMethods.Get) && !methods.Contains(HttpMethods.Head))
                endpoint.Metadata.Add(new HttpMethodMetadata([.. methods, HttpMethods.Head]));
        });
        return routes;
    }

    /// <summary>Leaves a route to GET alone: an answer that goes on would have no end for whoever asks for its head.</summary>
    /// <param name="route">The route.</param>
    public static TRoute OnlyGet<TRoute>(this TRoute route)
        where TRoute : IEndpointConventionBuilder =>
        route.WithMetadata(new HttpMethodMetadata([HttpMethods.Get]));
}

using Microsoft.AspNetCore.Builder;

namespace Monitoring.Dashboard.Accounts;

/// <summary>
/// What changes something over the API with a session cookie must be JSON. The cookie is SameSite=Strict, so that another site's page does not send it;
/// and a form, the only thing such a page can post without being asked first (CORS), is never JSON. Bearer tokens need neither: no browser adds them by itself.
/// </summary>
internal static class CookieWrites
{
    public static void UseCookieWrites(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (Changes(context.Request) && context.Request.Path.StartsWithSegments("/api") && context.User.Identity?.AuthenticationType == SessionCookie.Scheme && !context.Request.HasJsonContentType())
        {
            await ProblemAnswers.Of(StatusCodes.Status415UnsupportedMediaType, "Send JSON", "With a session cookie, requests that change something need Content-Type: application/json.").ExecuteAsync(context);
            return;
        }

        await next(context);
    });

    private static bool Changes(HttpRequest request) => !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);
}

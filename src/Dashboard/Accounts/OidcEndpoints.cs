using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Monitoring.Dashboard.Accounts;

/// <summary>Sends a browser to the provider. A link and redirects only: no form leaves the hub, so that the page's form-action stays strict.</summary>
internal static class OidcEndpoints
{
    public static void MapOidc(this IEndpointRouteBuilder app) =>
        app.MapGet("/session/oidc", BeginAsync).AllowAnonymous().RequireRateLimiting(SignInEndpoints.Limited).ExcludeFromDescription();

    private static async Task BeginAsync(string? next, HttpContext context, IOptions<OidcOptions> settings, OidcScheme scheme)
    {
        if (!settings.Value.IsConfigured)
        {
            await PlainPages.TellAsync(context, StatusCodes.Status404NotFound, "No provider", "This hub has local accounts only.");
            return;
        }

        try
        {
            await context.ChallengeAsync(OidcScheme.Name, new AuthenticationProperties { RedirectUri = SignInEndpoints.LocalPath(next) });
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested && OidcScheme.IsAway(error))
        {
            await scheme.TellAwayAsync(context, error);
        }
    }
}

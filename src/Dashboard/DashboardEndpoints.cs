using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Monitoring.Dashboard.Accounts;
using Monitoring.Dashboard.Alarms;
using Monitoring.Dashboard.Equipment;
using Monitoring.Dashboard.History;
using Monitoring.Dashboard.Intake;
using Monitoring.Dashboard.Spaces;

namespace Monitoring.Dashboard;

/// <summary>The dashboard's part of the request pipeline and its routes.</summary>
public static class DashboardEndpoints
{
    /// <summary>Adds sign-in, headers, pages and the API. What comes after it and names no policy is denied to everyone.</summary>
    /// <param name="app">The application.</param>
    public static WebApplication MapDashboard(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseSecurityHeaders(app.Services.GetRequiredService<IOptions<MapOptions>>().Value.Origin);
        app.UseAuditOfRefusals();
        app.UseRefusedPages();
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.UseCookieWrites();
        // Only what anyone may read is kept; what was asked with a token or cookie never is.
        app.UseOutputCache();
        // In a group, because a build that is not published adds a route of its own for new files, which would be left without a policy.
        app.MapGroup("").AllowAnonymous().MapStaticAssets();
        app.MapOpenApi("/openapi/{documentName}.json").AnswersHead().RequireAuthorization(Policies.SignedIn);
        app.MapApi();
        app.MapPrivacy();
        app.MapOpenData();
        app.MapNgsi();
        app.MapSignIn();
        app.MapOidc();
        app.MapSetUp();
        app.MapPasskeys();
        app.MapOwnAccount();
        // The framework would send its own frame-ancestors; the one of SecurityHeaders is stricter.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null).AnswersHead().RequireAuthorization(Policies.SignedIn);
        app.MapFallback("{*path}", NothingHere).RequireAuthorization(Policies.SignedIn);
        return app;
    }

    private static IResult NothingHere(HttpContext context) => SessionCookie.IsPageWanted(context) ? TypedResults.NotFound() : ProblemAnswers.NotFound("There is nothing here");

    private static void MapApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api").AnswersHead();
        api.MapSpaces();
        api.MapThresholds();
        api.MapAlarms();
        api.MapDevices();
        api.MapPending();
        api.MapSite();
        api.MapIntake();
        api.MapClock();
        api.MapAccounts();
        api.MapAudit();
        api.MapHistory();
    }
}

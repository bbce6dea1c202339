using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Domain;

namespace Monitoring.Dashboard.Accounts;

/// <summary>The session of a person at a browser, in a cookie that this hub signs and encrypts.</summary>
internal sealed class SessionCookie(IOptions<SignInOptions> limits) : IConfigureNamedOptions<CookieAuthenticationOptions>
{
    public const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;

    public void Configure(CookieAuthenticationOptions options) => Configure(Scheme, options);

    public void Configure(string? name, CookieAuthenticationOptions options)
    {
        options.Cookie = new TlsCookie("hub-session");
        options.ExpireTimeSpan = TimeSpan.FromHours(limits.Value.SessionHours);
        options.SlidingExpiration = true;
        options.LoginPath = "/sign-in";
        options.ReturnUrlParameter = "next";
        options.Events.OnRedirectToLogin = context => Answer(context, StatusCodes.Status401Unauthorized);
        options.Events.OnRedirectToAccessDenied = context => Deny(context.HttpContext);
        options.Events.OnSigningIn = Limit;
        options.Events.OnValidatePrincipal = ValidateAsync;
    }

    /// <summary>Only a page is led to the sign-in form; whatever a program reads is told.</summary>
    public static bool IsPage(HttpContext context) =>
        (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        && !context.Request.Path.StartsWithSegments("/api") && !context.Request.Path.StartsWithSegments("/openapi") && !context.Request.Path.StartsWithSegments("/_blazor");

    /// <summary>Whether a person asked for a page. A program that names no form of answer gets problem details.</summary>
    public static bool IsPageWanted(HttpContext context) =>
        IsPage(context) && context.Request.Headers.Accept.Any(accept => accept?.Contains("text/html", StringComparison.OrdinalIgnoreCase) is true);

    private static Task Answer(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        if (IsPage(context.HttpContext))
            context.Response.Redirect(context.RedirectUri);
        else
            context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task Deny(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    // In the principal, not beside it: pages and streams that stay open look at the principal only.
    private Task Limit(CookieSigningInContext context)
    {
        if (context.Principal?.Identity is ClaimsIdentity identity && !identity.HasClaim(claim => claim.Type == HubClaims.Until))
        {
            var until = context.HttpContext.RequestServices.GetRequiredService<HubClock>().Wall.GetUtcNow().AddHours(limits.Value.SessionHoursMax);
            identity.AddClaim(new Claim(HubClaims.Until, until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        }

        return Task.CompletedTask;
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        try
        {
            if (await services.GetRequiredService<SessionCheck>().StandsAsync(context.Principal!, context.HttpContext.RequestAborted))
                return;
        }
        catch (Exception error) when (SiloAway.Is(error))
        {
            // While the silo is away nothing can be checked, and nothing but old numbers can be seen:
            // the session stands, so that the page can say that the hub is lost instead of asking for a password that nobody can verify.
            services.GetRequiredService<ILogger<SessionCookie>>().SessionNotChecked(error.GetType().Name);
            return;
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(Scheme);
    }
}

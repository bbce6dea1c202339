using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Monitoring.Domain;

namespace Monitoring.Dashboard.Accounts;

/// <summary>OpenID Connect: code flow with PKCE; the id token is looked at once and kept nowhere.</summary>
internal sealed class OidcScheme(IOptions<OidcOptions> settings, AuditTrail trail, AuditRefusals refusals, HubClock clock, ILogger<OidcScheme> log) : IConfigureNamedOptions<OpenIdConnectOptions>
{
    public const string Name = "oidc";
    public const string CallbackPath = "/session/oidc/callback";

    private OidcOptions Settings => settings.Value;

    public void Configure(OpenIdConnectOptions options) => Configure(Name, options);

    public void Configure(string? name, OpenIdConnectOptions options)
    {
        options.Authority = Settings.Authority;
        options.ClientId = Settings.ClientId;
        options.ClientSecret = Settings.ReadSecret();
        // The options are checked at start: http stands for this machine only.
        options.RequireHttpsMetadata = !new Uri(Settings.Authority).IsLoopback;
        options.CallbackPath = CallbackPath;
        options.SignInScheme = SessionCookie.Scheme;
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.SaveTokens = false;
        options.MapInboundClaims = false;
        options.DisableTelemetry = true;
        options.BackchannelTimeout = TimeSpan.FromSeconds(Settings.AnswerSeconds);
        options.TokenValidationParameters.ClockSkew = TimeSpan.FromMinutes(1);
        options.Scope.Clear();
        foreach (var scope in Settings.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            options.Scope.Add(scope);
        // Lax: the browser comes back from another site, by a link.
        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = Settings.PublicUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        }

        options.Events.OnRedirectToIdentityProvider = SendAsync;
        options.Events.OnTicketReceived = ReceiveAsync;
        options.Events.OnAccessDenied = context => RefuseAsync(context.HttpContext, context.HandleResponse, "", "denied by the provider", StatusCodes.Status403Forbidden, "The provider did not let you in", "Sign in again, or ask whoever runs the provider.");
        options.Events.OnRemoteFailure = FailAsync;
    }

    /// <summary>Whether an error says that the provider did not answer.</summary>
    public static bool IsAway(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is HttpRequestException or TaskCanceledException or IOException)
                return true;
        }

        return false;
    }

    /// <summary>Says that the provider does not answer.</summary>
    public Task TellAwayAsync(HttpContext context, Exception error)
    {
        log.ProviderAway(error.GetType().Name);
        return PlainPages.TellAsync(context, StatusCodes.Status503ServiceUnavailable, "The provider does not answer", $"Signing in with {Settings.Provider} is not possible now. Local accounts still work.");
    }

    private Task SendAsync(RedirectContext context)
    {
        if (Settings.PublicUrl.Length > 0)
            context.ProtocolMessage.RedirectUri = Settings.PublicUrl.TrimEnd('/') + CallbackPath;
        return Task.CompletedTask;
    }

    private async Task ReceiveAsync(TicketReceivedContext context)
    {
        var name = OidcPerson.NameOf(context.Principal!, Settings);
        if (OidcPerson.Of(context.Principal!, Settings, clock.Wall.GetUtcNow()) is not { } person)
        {
            await RefuseAsync(context.HttpContext, context.HandleResponse, name, "no role or scope at this hub", StatusCodes.Status403Forbidden, "You have no role at this hub", $"{Settings.Provider} knows you, but has given you no role here. Ask an administrator.");
            return;
        }

        await trail.NoteAsync("sign-in", name, name, $"OpenID Connect as {person.FindFirstValue(ClaimTypes.Role)}, subject {context.Principal!.FindFirstValue("sub")}");
        await context.HttpContext.SignInAsync(SessionCookie.Scheme, person, new AuthenticationProperties { IsPersistent = false, AllowRefresh = false, ExpiresUtc = clock.Wall.GetUtcNow().AddHours(Settings.SessionHours) });
        log.SignedIn(person.FindFirstValue(ClaimTypes.Role)!);
        context.HandleResponse();
        await PlainPages.LeadOnAsync(context.HttpContext, context.ReturnUri ?? "/");
    }

    private Task FailAsync(RemoteFailureContext context)
    {
        if (IsAway(context.Failure))
        {
            context.HandleResponse();
            return TellAwayAsync(context.HttpContext, context.Failure!);
        }

        return RefuseAsync(context.HttpContext, context.HandleResponse, "", $"provider's answer refused: {context.Failure?.GetType().Name}", StatusCodes.Status400BadRequest, "The sign-in was refused", "What came back from the provider could not be trusted: it was too old, or not for this browser. Sign in again; if it happens again, tell an administrator.");
    }

    private Task RefuseAsync(HttpContext context, Action handled, string who, string reason, int status, string title, string text)
    {
        log.ProviderSignInRefused(reason);
        refusals.Count("sign-in-refused", who, reason);
        AuditRefusals.NoteCounted(context);
        handled();
        return PlainPages.TellAsync(context, status, title, text);
    }
}

/// <summary>Registers the scheme where a provider is configured.</summary>
internal static class OidcServices
{
    public static IServiceCollection AddOidc(this IServiceCollection services)
    {
        services.AddOptions<OidcOptions>().BindConfiguration(OidcOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<OidcScheme>();
        services.AddSingleton<IConfigureOptions<OpenIdConnectOptions>>(provider => provider.GetRequiredService<OidcScheme>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<OpenIdConnectOptions>, OpenIdConnectPostConfigureOptions>());
        services.AddTransient<OpenIdConnectHandler>();
        // Not AddOpenIdConnect: a scheme without an authority would fail every request.
        services.AddOptions<AuthenticationOptions>().Configure<IOptions<OidcOptions>>((schemes, settings) =>
        {
            if (settings.Value.IsConfigured)
                schemes.AddScheme<OpenIdConnectHandler>(OidcScheme.Name, null);
        });
        return services;
    }
}

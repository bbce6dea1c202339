using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Accounts;

namespace Monitoring.Dashboard.Accounts;

/// <summary>Begins and ends sessions: two form posts with an antiforgery token, limited per address.</summary>
internal static class SignInEndpoints
{
    /// <summary>Limit of requests that try a secret.</summary>
    public const string Limited = "sign-in";

    /// <summary>Limit of requests that try a passkey.</summary>
    public const string LimitedPasskey = "sign-in-passkey";

    /// <summary>Longest field of a form.</summary>
    public const int FieldLengthMax = 256;

    /// <summary>Largest form.</summary>
    public const int FormBytesMax = 16 * 1024;

    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        app.MapPost("/session", BeginAsync).AllowAnonymous().RequireRateLimiting(Limited).ExcludeFromDescription().WithMetadata(new RequestSizeLimitAttribute(FormBytesMax));
        app.MapPost("/session/end", EndAsync).RequireAuthorization(Policies.SignedIn).ExcludeFromDescription();
    }

    public static IServiceCollection AddSignInLimit(this IServiceCollection services)
    {
        services.AddRateLimiter(limiter => limiter.OnRejected = TellAsync);
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<SignInOptions>>((limiter, options) =>
        {
            // Apart, so that whoever guesses passwords from an address does not keep its people from their passkeys; a passkey takes two requests.
            limiter.AddPolicy(Limited, context => Window(context, options.Value, options.Value.AttemptsMax));
            limiter.AddPolicy(LimitedPasskey, context => Window(context, options.Value, 2 * options.Value.AttemptsMax));
        });
        return services;
    }

    private static RateLimitPartition<string> Window(HttpContext context, SignInOptions options, int permits) =>
        RateLimitPartition.GetFixedWindowLimiter(AddressOf(context.Connection.RemoteIpAddress), _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = permits,
            Window = TimeSpan.FromSeconds(options.WindowSeconds),
            QueueLimit = 0,
        });

    private static async Task<IResult> BeginAsync([FromForm] string? user, [FromForm] string? password, [FromForm] string? next, HttpContext context, IGrainFactory grains, AuditRefusals refusals, ILogger<SignInOptions> log)
    {
        if (user is not { Length: > 0 and <= FieldLengthMax } || password is not { Length: > 0 and <= FieldLengthMax })
            return SeeOther("/sign-in?wrong=1");
        var name = user.Trim().ToLowerInvariant();
        if (await PasswordCheck.RunAsync(grains, name, password) is not { } account)
        {
            log.SignInRefused();
            refusals.CountSignIn(await grains.GetGrain<IAccountsGrain>(0).FindAsync(name));
            return SeeOther("/sign-in?wrong=1");
        }

        await context.BeginSessionAsync(account, "password");
        return SeeOther(LocalPath(next));
    }

    // The form parameter makes the framework check the antiforgery token.
    private static async Task<IResult> EndAsync([FromForm] string? reason, HttpContext context)
    {
        _ = reason;
        await context.SignOutAsync(SessionCookie.Scheme);
        return SeeOther("/sign-in");
    }

    /// <summary>Begins the session of a person who has just proved to be the account's, and notes it in the audit log.</summary>
    /// <param name="context">The request.</param>
    /// <param name="account">The account.</param>
    /// <param name="way">How: password, passkey, …</param>
    public static async Task BeginSessionAsync(this HttpContext context, Account account, string way)
    {
        await context.RequestServices.GetRequiredService<AuditTrail>().NoteAsync("sign-in", account.User, account.User, way);
        await context.SignInAsync(SessionCookie.Scheme, HubClaims.Of(account, SessionCookie.Scheme), new AuthenticationProperties { IsPersistent = false });
        context.RequestServices.GetRequiredService<ILogger<SignInOptions>>().SignedIn(account.Role.ToName());
    }

    /// <summary>Where to go after a sign-in: never to another site.</summary>
    /// <remarks>Browsers leave tabs and line ends out of an address and read a backslash as a slash: <c>/⇥/evil.example</c> would lead away.</remarks>
    public static string LocalPath(string? path) => path is ['/', ..] and not ['/', '/', ..] && !path.Any(letter => letter == '\\' || char.IsControl(letter)) ? path : "/";

    /// <summary>Leads a browser on after a form.</summary>
    public static IResult SeeOther(string to) => new Redirection(to);

    private static async ValueTask TellAsync(OnRejectedContext context, CancellationToken cancellation)
    {
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName is not (Limited or LimitedPasskey))
        {
            await TellOfReadingAsync(context);
            return;
        }

        var options = context.HttpContext.RequestServices.GetRequiredService<IOptions<SignInOptions>>().Value;
        context.HttpContext.RequestServices.GetRequiredService<ILogger<SignInOptions>>().SignInLimited(options.AttemptsMax, options.WindowSeconds);
        var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(options.WindowSeconds);
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        context.HttpContext.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.HttpContext.Response.Headers.RetryAfter = seconds;
        context.HttpContext.Response.ContentType = "text/plain; charset=utf-8";
        await context.HttpContext.Response.WriteAsync($"Too many attempts to sign in from this address. Try again in {seconds} seconds.", cancellation);
    }

    private static Task TellOfReadingAsync(OnRejectedContext context)
    {
        var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(2);
        context.HttpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return ProblemAnswers.Of(StatusCodes.Status429TooManyRequests, "Too many requests", "Ask less often, or fewer questions at once; Retry-After says when to come again.").ExecuteAsync(context.HttpContext);
    }

    /// <summary>An address as limits tell addresses apart.</summary>
    /// <param name="address">The address.</param>
    // One household or office has a whole /64 of IPv6: its addresses count as one.
    public static string AddressOf(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };

    private sealed class Redirection(string to) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = to;
            return Task.CompletedTask;
        }
    }
}

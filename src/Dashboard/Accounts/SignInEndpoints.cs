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
    public const string Limited = "sign-in";
    private const int FieldLengthMax = 256;

    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        app.MapPost("/session", BeginAsync).AllowAnonymous().RequireRateLimiting(Limited).ExcludeFromDescription().WithMetadata(new RequestSizeLimitAttribute(16 * 1024));
        app.MapPost("/session/end", EndAsync).RequireAuthorization(Policies.SignedIn).ExcludeFromDescription();
    }

    public static IServiceCollection AddSignInLimit(this IServiceCollection services)
    {
        services.AddRateLimiter(limiter => limiter.OnRejected = TellAsync);
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<SignInOptions>>((limiter, options) => limiter.AddPolicy(Limited, context =>
            RateLimitPartition.GetFixedWindowLimiter(AddressOf(context.Connection.RemoteIpAddress), _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = options.Value.AttemptsMax,
                Window = TimeSpan.FromSeconds(options.Value.WindowSeconds),
                QueueLimit = 0,
            })));
        return services;
    }

    private static async Task<IResult> BeginAsync([FromForm] string? user, [FromForm] string? password, [FromForm] string? next, HttpContext context, IGrainFactory grains, AuditTrail trail, AuditRefusals refusals, ILogger<SignInOptions> log)
    {
        if (user is not { Length: > 0 and <= FieldLengthMax } || password is not { Length: > 0 and <= FieldLengthMax })
            return SeeOther("/sign-in?wrong=1");
        var account = await grains.GetGrain<IAccountsGrain>(0).FindAsync(user.Trim().ToLowerInvariant()).WaitAsync(context.RequestAborted);
        if (!NewAccount.Verify(account, password))
        {
            log.SignInRefused();
            refusals.CountSignIn(account);
            return SeeOther("/sign-in?wrong=1");
        }

        await trail.NoteAsync("sign-in", account!.User, account.User, "password");
        await context.SignInAsync(SessionCookie.Scheme, HubClaims.Of(account, SessionCookie.Scheme), new AuthenticationProperties { IsPersistent = false });
        log.SignedIn(account.Role.ToName());
        return SeeOther(IsLocal(next) ? next! : "/");
    }

    // The form parameter makes the framework check the antiforgery token.
    private static async Task<IResult> EndAsync([FromForm] string? reason, HttpContext context)
    {
        _ = reason;
        await context.SignOutAsync(SessionCookie.Scheme);
        return SeeOther("/sign-in");
    }

    private static async ValueTask TellAsync(OnRejectedContext context, CancellationToken cancellation)
    {
        var options = context.HttpContext.RequestServices.GetRequiredService<IOptions<SignInOptions>>().Value;
        context.HttpContext.RequestServices.GetRequiredService<ILogger<SignInOptions>>().SignInLimited(options.AttemptsMax, options.WindowSeconds);
        var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(options.WindowSeconds);
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        context.HttpContext.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.HttpContext.Response.Headers.RetryAfter = seconds;
        context.HttpContext.Response.ContentType = "text/plain; charset=utf-8";
        await context.HttpContext.Response.WriteAsync($"Too many attempts to sign in from this address. Try again in {seconds} seconds.", cancellation);
    }

    public static bool IsLocal(string? path) => path is ['/', ..] and not ['/', '/' or '\\', ..] && !path.Contains('\n') && !path.Contains('\r');

    // One household or office has a whole /64 of IPv6: its addresses count as one.
    private static string AddressOf(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };

    private static Redirection SeeOther(string to) => new Redirection(to);

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

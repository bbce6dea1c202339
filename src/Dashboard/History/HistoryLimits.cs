using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Monitoring.Dashboard.Accounts;

namespace Monitoring.Dashboard.History;

/// <summary>Limits of what is read from history: at once for those who are signed in, per address for anyone.</summary>
internal static class HistoryLimits
{
    /// <summary>Questions and files at once.</summary>
    public const string AtOnce = "history";

    /// <summary>Public pages and data per address.</summary>
    public const string Public = "public";

    /// <summary>Adds the limits.</summary>
    public static IServiceCollection AddHistoryLimits(this IServiceCollection services)
    {
        services.AddOptions<HistoryReadOptions>().BindConfiguration(HistoryReadOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<HistoryReadOptions>>((limiter, options) =>
        {
            var limits = options.Value;
            limiter.AddPolicy(AtOnce, _ => RateLimitPartition.GetConcurrencyLimiter("", _ => new ConcurrencyLimiterOptions { PermitLimit = limits.AtOnceMax, QueueLimit = 0 }));
            limiter.AddPolicy(Public, context => RateLimitPartition.GetFixedWindowLimiter(SignInEndpoints.AddressOf(context.Connection.RemoteIpAddress), _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = limits.PublicRequestsMax,
                Window = TimeSpan.FromSeconds(limits.PublicWindowSeconds),
                QueueLimit = 0,
            }));
        });
        return services;
    }
}

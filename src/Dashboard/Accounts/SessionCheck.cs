using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Accounts;
using Monitoring.Domain;

namespace Monitoring.Dashboard.Accounts;

/// <summary>Looks again, now and then, whether a session or token still stands: cookies, open pages and live streams ask it.</summary>
internal sealed class SessionCheck(IGrainFactory grains, HubClock clock, IOptions<SignInOptions> options, IOptions<OidcOptions> oidc)
{
    // At most one entry per account: names come from sessions that this hub signed.
    private readonly ConcurrentDictionary<string, (string Stamp, DateTimeOffset At)> _seen = new(StringComparer.Ordinal);

    /// <summary>How often one session is looked at.</summary>
    public TimeSpan Interval { get; } = TimeSpan.FromSeconds(options.Value.RevalidateSeconds);

    /// <summary>Whether the principal's account may still do what it could. Asks the accounts at most once per interval and account.</summary>
    public async Task<bool> StandsAsync(ClaimsPrincipal principal, CancellationToken cancellation)
    {
        if (principal.FindFirstValue(HubClaims.Token) is { } token)
            return token == LocalAdminToken.ClaimValue || await Accounts.FindByTokenAsync(token).WaitAsync(cancellation) is { } holder && holder.Stamp == principal.FindFirstValue(HubClaims.Stamp);
        if (principal.HasClaim(claim => claim.Type == HubClaims.Provider))
            return OidcPerson.Stands(principal, oidc.Value, clock.Wall.GetUtcNow());
        if (principal.Identity?.Name is not { } user || principal.FindFirstValue(HubClaims.Stamp) is not { } stamp)
            return false;
        var now = clock.Wall.GetUtcNow();
        if (principal.EndsAt() is not { } end || now >= end)
            return false;
        if (_seen.TryGetValue(user, out var seen) && seen.Stamp == stamp && now - seen.At < Interval)
            return true;
        var account = await Accounts.FindAsync(user).WaitAsync(cancellation);
        if (account is null || account.Disabled || account.Stamp != stamp)
            return false;
        _seen[user] = (stamp, now);
        return true;
    }

    /// <summary>Forgets what was seen of an account that has just been changed here.</summary>
    public void Forget(string user) => _seen.TryRemove(user, out _);

    private IAccountsGrain Accounts => grains.GetGrain<IAccountsGrain>(0);
}

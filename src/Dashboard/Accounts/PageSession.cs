using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Logging;

namespace Monitoring.Dashboard.Accounts;

/// <summary>Looks again at the session of an open page: a disabled account loses the page, not only the next request.</summary>
internal sealed class PageSession(SessionCheck sessions, ILoggerFactory logs) : RevalidatingServerAuthenticationStateProvider(logs)
{
    private readonly ILogger _log = logs.CreateLogger<PageSession>();

    protected override TimeSpan RevalidationInterval => sessions.Interval;

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        try
        {
            return await sessions.StandsAsync(authenticationState.User, cancellationToken);
        }
        catch (Exception error) when (SiloAway.Is(error))
        {
            _log.SessionNotChecked(error.GetType().Name);
            return true;
        }
    }
}

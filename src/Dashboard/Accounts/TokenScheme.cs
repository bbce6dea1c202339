using System.Net;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Accounts;
using Monitoring.Domain.Accounts;

namespace Monitoring.Dashboard.Accounts;

/// <summary>Signs a request in by <c>Authorization: Bearer TOKEN</c>.</summary>
internal sealed class TokenScheme(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logs,
    UrlEncoder encoder,
    IGrainFactory grains,
    LocalAdminToken local) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string Name = "token";

    private const string Prefix = "Bearer ";
    private const int TokenLengthMax = 256;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return AuthenticateResult.NoResult();
        var token = header[Prefix.Length..].Trim();
        if (token.Length is 0 or > TokenLengthMax)
            return AuthenticateResult.Fail("The token has no plausible length.");
        return await AccountOfAsync(token) is var (account, claim)
            ? AuthenticateResult.Success(new(HubClaims.Of(account, Name, claim), Name))
            : AuthenticateResult.Fail("No token fits.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private async Task<(Account Account, string Claim)?> AccountOfAsync(string token)
    {
        // The local token is for commands on this machine: from elsewhere it is a token like any other, and unknown.
        if (Context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && local.Is(token))
            return (new Account("local", Role.Admin, "", "", Disabled: false), LocalAdminToken.ClaimValue);
        var hash = NewToken.HashOf(token);
        return await grains.GetGrain<IAccountsGrain>(0).FindByTokenAsync(hash) is { Disabled: false } account ? (account, hash) : null;
    }
}

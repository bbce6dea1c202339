using System.Security.Claims;
using Monitoring.Contracts.Accounts;
using Monitoring.Domain.Accounts;

namespace Monitoring.Dashboard.Accounts;

/// <summary>What a principal says: its name, its one role, and what it can be checked against later.</summary>
internal static class HubClaims
{
    public const string Stamp = "hub:stamp";
    public const string Token = "hub:token";

    public static ClaimsPrincipal Of(Account account, string scheme, string? tokenHash = null)
    {
        List<Claim> claims = [new(ClaimTypes.Name, account.User), new(ClaimTypes.Role, account.Role.ToName()), new(Stamp, account.Stamp)];
        if (tokenHash is not null)
            claims.Add(new(Token, tokenHash));
        return new(new ClaimsIdentity(claims, scheme));
    }

    public static Role? RoleOf(this ClaimsPrincipal principal) => RoleNames.Parse(principal.FindFirstValue(ClaimTypes.Role));
}

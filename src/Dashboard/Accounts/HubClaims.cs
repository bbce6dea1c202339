using System.Globalization;
using System.Security.Claims;
using Monitoring.Contracts.Accounts;
using Monitoring.Domain.Accounts;

namespace Monitoring.Dashboard.Accounts;

/// <summary>What a principal says: its name, its one role, and what it can be checked against later.</summary>
internal static class HubClaims
{
    public const string Stamp = "hub:stamp";
    public const string Token = "hub:token";
    public const string Space = "hub:space";
    public const string Until = "hub:until";
    public const string Provider = "hub:provider";

    public static ClaimsPrincipal Of(Account account, string scheme, string? tokenHash = null)
    {
        List<Claim> claims = [new(ClaimTypes.Name, account.User), new(ClaimTypes.Role, account.Role.ToName()), new(Stamp, account.Stamp), .. account.Spaces.Select(space => new Claim(Space, space))];
        if (tokenHash is not null)
            claims.Add(new(Token, tokenHash));
        return new(new ClaimsIdentity(claims, scheme));
    }

    /// <summary>Whether a space lies in the principal's scope. Whoever has no scope sees every space that its role may see.</summary>
    public static bool Sees(this ClaimsPrincipal principal, string spaceId) =>
        principal.Identity is { IsAuthenticated: true } && (!principal.HasClaim(claim => claim.Type == Space) || principal.HasClaim(Space, spaceId));

    /// <summary>Whether the principal sees some of the site's spaces only.</summary>
    public static bool IsScoped(this ClaimsPrincipal principal) => principal.HasClaim(claim => claim.Type == Space);

    /// <summary>When a session ends at the latest, UTC; null where the principal has no session.</summary>
    public static DateTimeOffset? EndsAt(this ClaimsPrincipal principal) =>
        long.TryParse(principal.FindFirstValue(Until), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    public static Role? RoleOf(this ClaimsPrincipal principal) => RoleNames.Parse(principal.FindFirstValue(ClaimTypes.Role));
}

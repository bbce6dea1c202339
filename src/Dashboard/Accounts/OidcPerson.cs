using System.Globalization;
using System.Security.Claims;
using Monitoring.Domain.Accounts;

namespace Monitoring.Dashboard.Accounts;

/// <summary>What an id token makes of a person at this hub.</summary>
internal static class OidcPerson
{
    /// <summary>Claims of one token that are looked at, at the most.</summary>
    private const int ClaimsMax = 1_000;

    // No local account has a colon in its name: the two cannot be taken for each other.
    private const string Prefix = "sso:";

    /// <summary>Name of the person, told apart from local accounts.</summary>
    public static string NameOf(ClaimsPrincipal token, OidcOptions options)
    {
        var name = token.FindFirstValue(options.NameClaim);
        return AuditTrail.Fit(Prefix + (string.IsNullOrWhiteSpace(name) ? token.FindFirstValue("sub") : name));
    }

    /// <summary>The session's principal; null where no role is mapped, or a scope is asked for and missing.</summary>
    public static ClaimsPrincipal? Of(ClaimsPrincipal token, OidcOptions options, DateTimeOffset now)
    {
        if (RoleOf(token, options) is not { } role || token.FindFirstValue("sub") is not { Length: > 0 })
            return null;
        var spaces = options.ScopeClaim.Length == 0 ? [] : Values(token, options.ScopeClaim);
        if (options.ScopeClaim.Length > 0 && spaces.Count == 0)
            return null;
        var until = now.AddHours(options.SessionHours).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return new(new ClaimsIdentity(
            [
                new(ClaimTypes.Name, NameOf(token, options)),
                new(ClaimTypes.Role, role.ToName()),
                new(HubClaims.Provider, options.Fingerprint),
                new(HubClaims.Until, until),
                .. spaces.Select(space => new Claim(HubClaims.Space, space)),
            ],
            SessionCookie.Scheme));
    }

    /// <summary>Whether a session that a provider opened still stands: its time is not over, and the settings are those that it was opened with.</summary>
    public static bool Stands(ClaimsPrincipal session, OidcOptions options, DateTimeOffset now) =>
        options.IsConfigured
        && session.FindFirstValue(HubClaims.Provider) == options.Fingerprint
        && long.TryParse(session.FindFirstValue(HubClaims.Until), NumberStyles.None, CultureInfo.InvariantCulture, out var until)
        && now < DateTimeOffset.FromUnixTimeSeconds(until);

    private static Role? RoleOf(ClaimsPrincipal token, OidcOptions options)
    {
        var values = Values(token, options.RoleClaim);
        return options.RoleTable!.Where(line => values.Contains(line.Value)).Select(line => (Role?)line.Role).FirstOrDefault();
    }

    private static HashSet<string> Values(ClaimsPrincipal token, string claim) =>
        [.. token.FindAll(claim).Take(ClaimsMax).Select(found => found.Value)];
}

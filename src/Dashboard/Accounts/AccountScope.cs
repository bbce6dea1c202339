using Monitoring.Contracts.Accounts;

namespace Monitoring.Dashboard.Accounts;

/// <summary>Checks the spaces that an account is to be limited to against the site.</summary>
internal sealed class AccountScope(SiteSpaces site)
{
    /// <summary>What is wrong with a scope, and what would be right; null where it fits.</summary>
    public async Task<string?> ProblemAsync(IReadOnlyList<string> spaces, CancellationToken cancellation)
    {
        if (spaces.Count > AccountLimits.SpacesMax)
            return $"Name at most {AccountLimits.SpacesMax} spaces; none is the whole site.";
        if (spaces.Count == 0)
            return null;
        var known = ((await site.GetAsync(cancellation))?.Spaces ?? []).Select(space => space.Id).ToList();
        return spaces.Any(space => !known.Contains(space)) ? $"spaces: one or more of {string.Join(", ", known)}; none is the whole site." : null;
    }

    /// <summary>A scope as it is kept: in order, each space once.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<string> spaces) => spaces.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
}

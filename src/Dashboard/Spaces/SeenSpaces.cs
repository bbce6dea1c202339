using System.Security.Claims;

namespace Monitoring.Dashboard.Spaces;

/// <summary>The one place where the pages cut live state to the spaces that a person may see.</summary>
internal static class SeenSpaces
{
    private const string ScopeClaim = "hub:space";

    /// <summary>What is known of every space in a person's scope, in no order.</summary>
    public static IReadOnlyList<SpaceLive> SeenBy(this LiveFeed feed, ClaimsPrincipal user) => [.. feed.All().Where(space => Sees(user, space.Id))];

    /// <summary>One space; null where the site has none of that id, or it lies outside the person's scope.</summary>
    public static SpaceLive? FindFor(this LiveFeed feed, ClaimsPrincipal user, string id) => Sees(user, id) ? feed.Find(id) : null;

    // Whoever has no scope sees every space that the role may see.
    private static bool Sees(ClaimsPrincipal user, string space) => !user.HasClaim(claim => claim.Type == ScopeClaim) || user.HasClaim(ScopeClaim, space);
}

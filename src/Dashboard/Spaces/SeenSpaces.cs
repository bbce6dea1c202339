using System.Security.Claims;
using Monitoring.Dashboard.Accounts;

namespace Monitoring.Dashboard.Spaces;

/// <summary>The one place where the pages cut live state to the spaces that a person may see.</summary>
internal static class SeenSpaces
{
    /// <summary>What is known of every space in a person's scope, in no order.</summary>
    public static IReadOnlyList<SpaceLive> SeenBy(this LiveFeed feed, ClaimsPrincipal user) => [.. feed.All().Where(space => user.Sees(space.Id))];

    /// <summary>One space; null where the site has none of that id, or it lies outside the person's scope.</summary>
    public static SpaceLive? FindFor(this LiveFeed feed, ClaimsPrincipal user, string id) => user.Sees(id) ? feed.Find(id) : null;

    /// <summary>When the newest message that is in any state a person sees arrived at the gateway; null before the first.</summary>
    public static DateTimeOffset? ReceivedAt(this LiveFeed feed, ClaimsPrincipal user) => feed.SeenBy(user).Max(space => space.Snapshot?.ReceivedAt);
}

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

    /// <summary>When the space in a person's scope that is silent longest last gave a sign, by the wall clock; null where one never did, or there is none.</summary>
    public static DateTimeOffset? ConfirmedAt(this LiveFeed feed, ClaimsPrincipal user) => Oldest(feed.SeenBy(user).Select(space => feed.ConfirmedAt(space.Id)));

    /// <summary>The oldest of some instants; null where one is not known, or there is none.</summary>
    public static DateTimeOffset? Oldest(IEnumerable<DateTimeOffset?> instants) => instants.DefaultIfEmpty(null).Aggregate((a, b) => a is null || b is null ? null : a < b ? a : b);

    /// <summary>When the newest message that is in any state a person sees arrived at the gateway; null before the first.</summary>
    public static DateTimeOffset? ReceivedAt(this LiveFeed feed, ClaimsPrincipal user) => feed.SeenBy(user).Max(space => space.Snapshot?.ReceivedAt);
}

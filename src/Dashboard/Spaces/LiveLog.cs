using Microsoft.Extensions.Logging;

namespace Monitoring.Dashboard.Spaces;

/// <summary>Log lines of the live feed: 3200 to 3299.</summary>
internal static partial class LiveLog
{
    [LoggerMessage(3200, LogLevel.Warning, "Space {Space} is lost: it did not answer for {Seconds} s")]
    public static partial void SpaceLost(this ILogger logger, string space, int seconds);

    [LoggerMessage(3201, LogLevel.Information, "Space {Space} is live")]
    public static partial void SpaceBack(this ILogger logger, string space);

    [LoggerMessage(3202, LogLevel.Debug, "The watch of space {Space} ended: {Error}")]
    public static partial void WatchEnded(this ILogger logger, string space, string error);

    [LoggerMessage(3203, LogLevel.Warning, "The list of spaces could not be read: {Error}")]
    public static partial void SiteNotRead(this ILogger logger, string error);

    [LoggerMessage(3204, LogLevel.Information, "The feed follows {Spaces} spaces")]
    public static partial void SpacesFollowed(this ILogger logger, int spaces);

    [LoggerMessage(3205, LogLevel.Warning, "Turned a live subscriber away: there are {SubscribersMax}")]
    public static partial void SubscriberRefused(this ILogger logger, int subscribersMax);
}

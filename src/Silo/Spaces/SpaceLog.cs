using Microsoft.Extensions.Logging;

namespace Monitoring.Silo.Spaces;

internal static partial class SpaceLog
{
    [LoggerMessage(1001, LogLevel.Warning, "Space {Space} meets journal {Journal} of gateway {Gateway} for the first time, after others: its journal was lost or replaced")]
    public static partial void NewJournal(this ILogger logger, string space, Guid journal, string gateway);

    [LoggerMessage(1002, LogLevel.Error, "Space {Space} cannot read record {Offset} of journal {Journal}; it is passed over and counted")]
    public static partial void UnreadableRecord(this ILogger logger, Exception fault, string space, long offset, Guid journal);

    [LoggerMessage(1005, LogLevel.Warning, "Space {Space} is not in the site; readings for it are set aside")]
    public static partial void NotInSite(this ILogger logger, string space);

    [LoggerMessage(1006, LogLevel.Warning, "Space {Space}: the hub's clock was put back; what was noted ahead of it is not believed any more")]
    public static partial void ClockPutBack(this ILogger logger, string space);

    [LoggerMessage(1007, LogLevel.Warning, "Space {Space} could not be told of site version {Version}; it sees it by itself within seconds of answering again")]
    public static partial void NotTold(this ILogger logger, Exception fault, string space, int version);

    [LoggerMessage(1008, LogLevel.Error, "The site cannot be saved; the one before stays in force")]
    public static partial void SiteNotSaved(this ILogger logger, Exception fault);
}

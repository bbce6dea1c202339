using Microsoft.Extensions.Logging;

namespace Monitoring.Silo.Privacy;

/// <summary>Log lines of the release ledger: 1650 to 1669. Never a number, released or not.</summary>
internal static partial class ReleaseLog
{
    [LoggerMessage(1650, LogLevel.Error, "The release ledger may be older than what is out: {Why}. No number is drawn for days that began before {BlockedBefore:O}; what was withdrawn since it was copied has to be withdrawn again")]
    public static partial void LedgerPutBack(this ILogger logger, string why, DateTimeOffset blockedBefore);

    [LoggerMessage(1651, LogLevel.Error, "Cells of space {Space} cannot be released: the release ledger is not written. They wait, and are tried again each second")]
    public static partial void CannotRelease(this ILogger logger, Exception fault, string space);

    [LoggerMessage(1652, LogLevel.Information, "Cells of space {Space} are released again")]
    public static partial void ReleasesAgain(this ILogger logger, string space);

    [LoggerMessage(1653, LogLevel.Warning, "Whether the release ledger was put back to an older state could not be asked of {Copy}: {Why}. Numbers are drawn; it is asked again before the next head is kept there")]
    public static partial void HeadNotCompared(this ILogger logger, string copy, string why);
}

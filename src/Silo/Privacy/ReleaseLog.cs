using Microsoft.Extensions.Logging;

namespace Monitoring.Silo.Privacy;

/// <summary>Log lines of the release ledger: 1650 to 1669. Never a number, released or not.</summary>
internal static partial class ReleaseLog
{
    [LoggerMessage(1650, LogLevel.Error, "The release ledger may be older than what is out: {Why}. No number is drawn for days that began before {BlockedBefore:O}; what was withdrawn since it was copied has to be withdrawn again")]
    public static partial void LedgerPutBack(this ILogger logger, string why, DateTimeOffset blockedBefore);
}

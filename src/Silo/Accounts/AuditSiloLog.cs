using Microsoft.Extensions.Logging;

namespace Monitoring.Silo.Accounts;

/// <summary>Log lines of audit log and accounts: 1100 to 1199. Never what stands in an entry.</summary>
internal static partial class AuditSiloLog
{
    [LoggerMessage(1100, LogLevel.Error, "The audit log cannot be used; sign-ins and changes are refused until it can")]
    public static partial void AuditAway(this ILogger logger, Exception fault);

    [LoggerMessage(1101, LogLevel.Error, "The accounts cannot be saved; what was asked for was not done")]
    public static partial void AccountsNotSaved(this ILogger logger, Exception fault);
}

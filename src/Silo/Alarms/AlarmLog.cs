using Microsoft.Extensions.Logging;

namespace Monitoring.Silo.Alarms;

/// <summary>Log lines of alarms: 1300 to 1399.</summary>
internal static partial class AlarmLog
{
    [LoggerMessage(1300, LogLevel.Warning, "Alarms that are over cannot be moved into the archive; they stay with their space and are tried again")]
    public static partial void CannotArchive(this ILogger logger, Exception fault);

    [LoggerMessage(1302, LogLevel.Error, "{Owner} cannot save its state; it goes on in memory and tries again")]
    public static partial void CannotSave(this ILogger logger, Exception fault, string owner);

    [LoggerMessage(1303, LogLevel.Information, "{Owner} saves its state again")]
    public static partial void SavesAgain(this ILogger logger, string owner);

    [LoggerMessage(1301, LogLevel.Warning, "The audit does not take what people did; it waits with its space and is handed over again")]
    public static partial void AuditWaits(this ILogger logger, Exception fault);
}

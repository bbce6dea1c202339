using Microsoft.Extensions.Logging;

namespace Monitoring.Dashboard.Equipment;

/// <summary>Log lines of the equipment pages: 3400 to 3499.</summary>
internal static partial class EquipmentLog
{
    [LoggerMessage(3400, LogLevel.Warning, "The equipment pages could not ask: {Error}")]
    public static partial void EquipmentNotAsked(this ILogger logger, string error);
}

using Microsoft.Extensions.Logging;

namespace Monitoring.Dashboard.Web;

/// <summary>Log lines of the dashboard as a whole: 3000 to 3099.</summary>
internal static partial class DashboardLog
{
    [LoggerMessage(3000, LogLevel.Warning, "The silo did not answer a request: {Error}")]
    public static partial void SiloDidNotAnswer(this ILogger logger, string error);
}

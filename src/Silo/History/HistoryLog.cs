using Microsoft.Extensions.Logging;

namespace Monitoring.Silo.History;

/// <summary>Log lines of the history: 1700 to 1719.</summary>
internal static partial class HistoryLog
{
    [LoggerMessage(1700, LogLevel.Warning, "The copy {Copy} of the history is away; nothing is lost, it is made up for later. {Problem}")]
    public static partial void CopyIsAway(this ILogger logger, string copy, string problem);

    [LoggerMessage(1701, LogLevel.Information, "The copy {Copy} of the history is back and up to date")]
    public static partial void CopyIsBack(this ILogger logger, string copy);

    [LoggerMessage(1702, LogLevel.Error, "The history cannot be copied")]
    public static partial void CannotCopy(this ILogger logger, Exception fault);

    [LoggerMessage(1703, LogLevel.Information, "{Cells} released cells are older than they are kept and became sums of months")]
    public static partial void Forgotten(this ILogger logger, int cells);

    [LoggerMessage(1704, LogLevel.Warning, "The history has not answered at the start; the hub starts without it, and what is released is copied once it does")]
    public static partial void NotAwake(this ILogger logger);

    [LoggerMessage(1705, LogLevel.Warning, "Space {Space} does not say on which terms its days are released; its notice tells what it said last, or what the site says")]
    public static partial void TermsUnknown(this ILogger logger, Exception fault, string space);

    [LoggerMessage(1706, LogLevel.Warning, "Space {Space} does not say how its equipment is; the history misses that instant of it")]
    public static partial void HealthUnknown(this ILogger logger, Exception fault, string space);

    [LoggerMessage(1707, LogLevel.Warning, "The audit log cannot be told which months of released numbers are over their time; they stay, and it is tried again in an hour")]
    public static partial void NotForgotten(this ILogger logger, Exception fault);

    [LoggerMessage(1708, LogLevel.Warning, "The audit log cannot be told which numbers were refused; the ledger has them, and it is tried again")]
    public static partial void RefusalsUntold(this ILogger logger, Exception fault);
}

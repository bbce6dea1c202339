namespace Monitoring.Gateway.Intake;

internal static partial class IntakeLog
{
    [LoggerMessage(2101, LogLevel.Error, "The ingest journal cannot be written; messages are refused until it can")]
    public static partial void JournalFailed(this ILogger log, Exception fault);

    [LoggerMessage(2102, LogLevel.Information, "The ingest journal can be written again")]
    public static partial void JournalRecovered(this ILogger log);

    [LoggerMessage(2103, LogLevel.Error, "{Count} damaged journal rows between offsets {First} and {Last} were put into quarantine")]
    public static partial void RowsQuarantined(this ILogger log, int count, long first, long last);

    [LoggerMessage(2104, LogLevel.Error, "The ingest journal is over {BytesMax} bytes; messages are refused until spaces have saved theirs")]
    public static partial void JournalFull(this ILogger log, long bytesMax);

    [LoggerMessage(2105, LogLevel.Warning, "{Path} was of schema {From} and is now of {To}; the copy {Copy} is as it was before and is deleted after {Hours} hours")]
    public static partial void JournalMigrated(this ILogger log, string path, int from, int to, string copy, double hours);

    [LoggerMessage(2106, LogLevel.Error, "Messages that came before {Before:O} and that no space has saved are over the age limit of {Minutes} minutes: their counts are overwritten, and they are set aside as expired unless their space saves what it has of them in memory")]
    public static partial void MessagesExpired(this ILogger log, DateTimeOffset before, int minutes);

    [LoggerMessage(2111, LogLevel.Warning, "Space {Space} cannot be reached; its messages wait in the journal")]
    public static partial void SpaceAway(this ILogger log, string space, Exception fault);

    [LoggerMessage(2112, LogLevel.Information, "Space {Space} is reached again")]
    public static partial void SpaceBack(this ILogger log, string space);

    [LoggerMessage(2113, LogLevel.Warning, "Space {Space} has {Applied} of {Sent}: its messages are sent again from the journal")]
    public static partial void SpaceRewound(this ILogger log, string space, long applied, long sent);

    [LoggerMessage(2114, LogLevel.Error, "The journal cannot be read or tidied; trying again")]
    public static partial void TidyFailed(this ILogger log, Exception fault);

    [LoggerMessage(2121, LogLevel.Warning, "The silo cannot be reached; the gateway accepts and journals meanwhile")]
    public static partial void SiloAway(this ILogger log, Exception fault);

    [LoggerMessage(2122, LogLevel.Information, "Entered at the silo as {Gateway}")]
    public static partial void SiloBack(this ILogger log, string gateway);
}

using Microsoft.Extensions.Logging;
using Monitoring.Storage;

namespace Monitoring.Silo.State;

internal static partial class StateLog
{
    public static void StateMigrated(this ILogger log, SqliteMigration done) => log.Migrated(done.Path, done.From, done.To, done.Copy, SqliteMigration.CopyKeptFor.TotalHours);

    [LoggerMessage(1501, LogLevel.Warning, "{Path} was of schema {From} and is now of {To}; the copy {Copy} is as it was before and is deleted after {Hours} hours")]
    private static partial void Migrated(this ILogger log, string path, int from, int to, string copy, double hours);
}

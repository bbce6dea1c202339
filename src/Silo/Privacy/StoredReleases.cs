using Microsoft.Data.Sqlite;
using Monitoring.Storage;

namespace Monitoring.Silo.Privacy;

/// <summary>The release ledger of a data folder, read and copied also while a hub holds it: nothing is written to it.</summary>
public static class StoredReleases
{
    /// <summary>Walks the chains and the charges.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <returns>Null where the folder has no ledger.</returns>
    /// <exception cref="StoreException">The file cannot be read at all, or is of another form.</exception>
    public static ReleaseWalk? Walk(string dataFolder)
    {
        // Before the ledger: what is written to it meanwhile takes it further.
        var head = LedgerHead.Read(LedgerHead.FileIn(dataFolder));
        return Read(dataFolder, (file, moment) =>
        {
            var walk = ReleaseWalk.Over(file, moment);
            return walk.Fault is null && head is { IsOfRestore: false } && !head.IsReachedBy(file, moment)
                ? walk with { Fault = new ReleaseFault(head.Number, "", null, $"it was the newest once and is not there: the ledger was put back to an older state, or its end was cut off") }
                : walk;
        });
    }

    /// <summary>Copies one moment of the ledger.</summary>
    /// <param name="dataFolder">The data folder that is copied.</param>
    /// <param name="targetFolder">The data folder that gets the copy; it has no ledger yet.</param>
    /// <returns>How many rows are in it; null where the folder has no ledger.</returns>
    /// <exception cref="StoreException">The file cannot be read or copied.</exception>
    public static long? Copy(string dataFolder, string targetFolder) => Read<long?>(dataFolder, (file, _) =>
    {
        var target = ReleaseStore.FileIn(targetFolder);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        using var command = file.CreateCommand();
        command.CommandText = "VACUUM INTO $file";
        command.Parameters.AddWithValue("$file", target);
        command.ExecuteNonQuery();
        using var copy = SqliteFile.Connect(target);
        return (long)SqliteFile.Scalar(copy, "SELECT COUNT(*) FROM release")!;
    }, ownMoment: true);

    /// <summary>Makes the ledger of a folder that came out of a backup, whatever is in it, one that may be older than what is out.</summary>
    /// <param name="dataFolder">The data folder.</param>
    public static void LeaveRestored(string dataFolder) => LedgerHead.LeaveRestored(dataFolder);

    private static T? Read<T>(string dataFolder, Func<SqliteConnection, SqliteTransaction?, T> work, bool ownMoment = false)
    {
        var path = ReleaseStore.FileIn(dataFolder);
        if (!File.Exists(path))
            return default;
        try
        {
            using var file = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 5 }.ToString());
            file.Open();
            if (SqliteFile.SchemaOf(file) is var found && (found < 1 || found > ReleaseSchema.Newest.Version))
                throw new StoreException($"{path} has schema {found}, this program reads 1 to {ReleaseSchema.Newest.Version}: use the program that runs the hub");
            // One moment of the file: the hub may be writing.
            using var moment = ownMoment ? null : file.BeginTransaction(deferred: true);
            return work(file, moment);
        }
        catch (SqliteException fault)
        {
            throw new StoreException($"{path} cannot be read ({fault.Message}): restore it from a copy", fault);
        }
    }
}

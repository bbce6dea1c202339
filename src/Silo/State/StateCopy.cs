using System.Text.Json;
using Microsoft.Data.Sqlite;
using Monitoring.Domain.Spaces;
using Monitoring.Storage;

namespace Monitoring.Silo.State;

/// <summary>Copies the grains' state of a data folder, also while a hub writes there, without counts: those live in two places only, and a copy is neither.</summary>
public static class StateCopy
{
    private const string SpaceRows = "space";

    /// <summary>Copies one moment of the state.</summary>
    /// <param name="dataFolder">The data folder that is copied.</param>
    /// <param name="targetFolder">The data folder that gets the copy; it has no state yet.</param>
    /// <returns>How many rows were copied.</returns>
    /// <exception cref="StoreException">The folder has no state, or a row of it is damaged.</exception>
    public static int Write(string dataFolder, string targetFolder)
    {
        var path = SqliteGrainStorage.FileIn(dataFolder);
        if (!File.Exists(path))
            throw new StoreException($"{dataFolder} holds no state of a hub: name the data folder with --data");
        try
        {
            using var source = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 5 }.ToString());
            source.Open();
            if (SqliteFile.SchemaOf(source) is var found && found != SqliteGrainStorage.Schema.Version)
                throw new StoreException($"{path} has schema {found}, this program copies {SqliteGrainStorage.Schema.Version}: make the backup with the program that runs the hub");
            using var moment = source.BeginTransaction(deferred: true);
            using var target = SqliteFile.Open(SqliteGrainStorage.FileIn(targetFolder), SqliteGrainStorage.Schema);
            using var writing = target.BeginTransaction();
            var rows = CopyRows(source, moment, target, writing, path);
            writing.Commit();
            SqliteFile.TruncateLog(target);
            return rows;
        }
        catch (SqliteException fault)
        {
            throw new StoreException($"{path} cannot be copied ({fault.Message}): look at the disk and try again", fault);
        }
    }

    private static int CopyRows(SqliteConnection source, SqliteTransaction moment, SqliteConnection target, SqliteTransaction writing, string path)
    {
        using var reading = source.CreateCommand();
        reading.Transaction = moment;
        reading.CommandText = "SELECT kind, key, etag, body, checksum FROM grain_state";
        using var insert = target.CreateCommand();
        insert.Transaction = writing;
        insert.CommandText = "INSERT INTO grain_state (kind, key, etag, body, checksum) VALUES ($kind, $key, $etag, $body, $checksum)";
        var rows = 0;
        using var row = reading.ExecuteReader();
        for (; row.Read(); rows++)
        {
            var (kind, key, body) = (row.GetString(0), row.GetString(1), row.GetFieldValue<byte[]>(3));
            if (SqliteGrainStorage.Checksum(kind, key, body) != row.GetInt64(4))
                throw new StoreException($"{path}: the state of {kind} '{key}' is damaged: a copy of it would be no backup");
            var kept = kind == SpaceRows ? WithoutCounts(body) : body;
            insert.Parameters.Clear();
            insert.Parameters.AddWithValue("$kind", kind);
            insert.Parameters.AddWithValue("$key", key);
            insert.Parameters.AddWithValue("$etag", row.GetInt64(2));
            insert.Parameters.AddWithValue("$body", kept);
            insert.Parameters.AddWithValue("$checksum", SqliteGrainStorage.Checksum(kind, key, kept));
            insert.ExecuteNonQuery();
        }

        return rows;
    }

    private static byte[] WithoutCounts(byte[] body) =>
        JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize<SpaceState>(body, SqliteGrainStorage.Json)!.WithoutCounts(), SqliteGrainStorage.Json);
}

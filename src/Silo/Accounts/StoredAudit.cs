using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Monitoring.Domain.Accounts;
using Monitoring.Silo.State;
using Monitoring.Storage;

namespace Monitoring.Silo.Accounts;

/// <summary>Reads the audit log from the state file and walks it, also while a hub holds the file: nothing is written.</summary>
public static class StoredAudit
{
    private const string Rows = "SELECT key, body, checksum FROM grain_state WHERE kind = $kind AND key <> $head ORDER BY key";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Walks the log of a data folder; null where the folder has no state file.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <exception cref="StoreException">The file cannot be read at all.</exception>
    public static AuditWalk? Walk(string dataFolder)
    {
        var path = SqliteGrainStorage.FileIn(dataFolder);
        if (!File.Exists(path))
            return null;
        try
        {
            using var file = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 5 }.ToString());
            file.Open();
            // One moment of the file: the hub may be writing.
            using var moment = file.BeginTransaction(deferred: true);
            var head = Head(file, moment);
            return AuditWalk.Over(Blocks(file, moment).Where(block => block.Segment != head?.Dropping), head?.Known);
        }
        catch (SqliteException fault)
        {
            throw new StoreException($"{path} cannot be read ({fault.Message}): restore it from a copy", fault);
        }
    }

    private static AuditHead? Head(SqliteConnection file, SqliteTransaction moment)
    {
        using var command = Command(file, moment, "SELECT key, body, checksum FROM grain_state WHERE kind = $kind AND key = $head");
        using var row = command.ExecuteReader();
        return row.Read() && !IsDamaged(row) ? Parse<AuditHead>(row) : null;
    }

    private static IEnumerable<AuditBlock> Blocks(SqliteConnection file, SqliteTransaction moment)
    {
        using var command = Command(file, moment, Rows);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var key = row.GetString(0).Split('/');
            var index = key.Length == 2 && int.TryParse(key[1], NumberStyles.None, CultureInfo.InvariantCulture, out var found) ? found : -1;
            yield return new(key[0], index, Parse<AuditBlockState>(row)?.Lines, IsDamaged(row));
        }
    }

    private static SqliteCommand Command(SqliteConnection file, SqliteTransaction moment, string sql)
    {
        var command = file.CreateCommand();
        command.Transaction = moment;
#pragma warning disable CA2100 // Both callers pass fixed text.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$kind", AuditRows.Kind);
        command.Parameters.AddWithValue("$head", AuditRows.Head);
        return command;
    }

    private static bool IsDamaged(SqliteDataReader row) =>
        SqliteGrainStorage.Checksum(AuditRows.Kind, row.GetString(0), row.GetFieldValue<byte[]>(1)) != row.GetInt64(2);

    private static T? Parse<T>(SqliteDataReader row)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(row.GetFieldValue<byte[]>(1), Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

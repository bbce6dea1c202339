using System.Text.Json;
using Microsoft.Data.Sqlite;
using Monitoring.Domain.Spaces;

namespace Monitoring.Faults.Spaces;

/// <summary>What a hub has on disk, read beside it: its files allow that.</summary>
internal sealed class StoredHub(string data)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The journal's file.</summary>
    public string Journal => Path.Combine(data, "gateway", "journal.db");

    /// <summary>Messages that are accepted and that not every space has saved.</summary>
    public long JournaledRows() => (long)Read(Journal, "SELECT COUNT(*) FROM rows", reader => reader.GetInt64(0))[0];

    /// <summary>What the journal keeps of messages that wait.</summary>
    public IReadOnlyList<string> JournaledBodies() => Read(Journal, "SELECT CAST(body AS TEXT) FROM rows", reader => reader.GetString(0));

    /// <summary>Bodies of damaged rows.</summary>
    public IReadOnlyList<string> Quarantined() => Read(Journal, "SELECT CAST(body AS TEXT) FROM quarantine ORDER BY offset", reader => reader.IsDBNull(0) ? "" : reader.GetString(0));

    /// <summary>What a space remembers; nothing where it was never saved.</summary>
    public SpaceState Space(string id)
    {
        var rows = Read(Path.Combine(data, "silo", "state.db"), "SELECT body FROM grain_state WHERE kind = 'space' AND key = $key", reader => reader.GetFieldValue<byte[]>(0), id);
        return rows.Count == 0 ? new SpaceState() : JsonSerializer.Deserialize<SpaceState>(rows[0], Json)!;
    }

    private static List<T> Read<T>(string path, string sql, Func<SqliteDataReader, T> row, string? key = null)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 10 }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Fixed texts of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        if (key is not null)
            command.Parameters.AddWithValue("$key", key);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }
}

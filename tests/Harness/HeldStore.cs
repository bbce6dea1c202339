using Microsoft.Data.Sqlite;

namespace Monitoring.Harness;

/// <summary>Another program that holds a store of the hub: no write of the hub's gets through until it lets go.</summary>
public sealed class HeldStore : IDisposable
{
    private readonly SqliteConnection _held;

    private HeldStore(SqliteConnection held) => _held = held;

    /// <summary>Holds the state store of a data folder.</summary>
    /// <param name="data">The data folder.</param>
    public static HeldStore State(string data) => Hold(Path.Combine(data, "silo", "state.db"));

    /// <summary>Holds the journal of a data folder.</summary>
    /// <param name="data">The data folder.</param>
    public static HeldStore Journal(string data) => Hold(Path.Combine(data, "gateway", "journal.db"));

    /// <summary>Holds the release ledger of a data folder.</summary>
    /// <param name="data">The data folder.</param>
    public static HeldStore Releases(string data) => Hold(Path.Combine(data, "silo", "releases.db"));

    /// <summary>Whether a saved row says something.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="kind">Kind of row.</param>
    /// <param name="text">What its body has to hold.</param>
    public static bool StateHas(string data, string kind, string text)
    {
        using var store = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "silo", "state.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        store.Open();
        using var command = store.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM grain_state WHERE kind = $kind AND instr(CAST(body AS TEXT), $text) > 0";
        command.Parameters.AddWithValue("$kind", kind);
        command.Parameters.AddWithValue("$text", text);
        return command.ExecuteScalar() is > 0L;
    }

    /// <summary>Lets go.</summary>
    public void Dispose() => _held.Dispose();

    private static HeldStore Hold(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return new HeldStore(connection);
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;
using Monitoring.Contracts;
using Monitoring.Domain.History;

namespace Monitoring.Silo.Privacy;

/// <summary>How far the release ledger had come, kept outside of it: a ledger that does not reach it was put back to an older state.</summary>
/// <remarks>
/// The file lies in the data folder itself, not in <c>silo</c>: so it also tells of a <c>silo</c> folder that was put back. It is written after each commit and before anything of it is
/// out, because a whole step lies between the two. It is not in backups. A copy of the whole data folder brings its own; that is seen only from heads that were kept elsewhere (<see cref="HeadWatch"/>).
/// </remarks>
/// <param name="Seq">Last place in what copies read.</param>
/// <param name="Number">Number of the newest row; 0 where there was none.</param>
/// <param name="Hash">Its hash.</param>
internal sealed record LedgerHead(long Seq, long Number, string Hash)
{
    /// <summary>What a restore leaves: no ledger reaches it.</summary>
    private static readonly LedgerHead Restored = new(long.MaxValue, 0, "");

    /// <summary>Whether a restore left it.</summary>
    [JsonIgnore]
    public bool IsOfRestore => Seq == long.MaxValue;

    /// <summary>Where it lies in a data folder.</summary>
    public static string FileIn(string dataFolder) => Path.Combine(dataFolder, "releases.head");

    /// <summary>Reads it.</summary>
    /// <returns>Null where there is none, or one that says nothing.</returns>
    public static LedgerHead? Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<LedgerHead>(File.ReadAllBytes(file)) is { Hash: not null } head ? head : null : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Makes a data folder one whose ledger, whatever is in it, may be older than what is out.</summary>
    public static void LeaveRestored(string dataFolder) => Restored.Write(FileIn(dataFolder));

    /// <summary>Writes it.</summary>
    public void Write(string file) => PrivateFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(this));

    /// <summary>The head of a ledger now.</summary>
    public static LedgerHead Of(SqliteConnection connection, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"""
            SELECT {ReleaseRows.NextSeq} - 1, COALESCE(number, 0), COALESCE(hash, '')
            FROM (SELECT 1) LEFT JOIN (SELECT number, hash FROM (SELECT * FROM (SELECT number, hash FROM release ORDER BY number DESC LIMIT 1) UNION ALL SELECT number, hash FROM anchor) ORDER BY number DESC LIMIT 1)
            """;
        using var row = command.ExecuteReader();
        row.Read();
        return new LedgerHead(row.GetInt64(0), row.GetInt64(1), row.GetString(2));
    }

    /// <summary>The head as places away from this machine know it.</summary>
    public static LedgerHead Of(LedgerMark mark) => new(mark.Seq, mark.Number, mark.Hash);

    /// <inheritdoc cref="Of(LedgerMark)"/>
    public LedgerMark ToMark() => new(Seq, Number, Hash);

    /// <summary>Whether a ledger has come this far, on the same way.</summary>
    public bool IsReachedBy(SqliteConnection connection, SqliteTransaction? transaction = null)
    {
        if (Of(connection, transaction).Seq < Seq)
            return false;
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT $number = 0 OR EXISTS (SELECT 1 FROM release WHERE number = $number AND hash = $hash) OR EXISTS (SELECT 1 FROM anchor WHERE number = $number AND hash = $hash)";
        command.Parameters.AddWithValue("$number", Number);
        command.Parameters.AddWithValue("$hash", Hash);
        return command.ExecuteScalar() is 1L;
    }
}

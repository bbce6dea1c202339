using Microsoft.Data.Sqlite;

namespace Monitoring.Silo.Privacy;

/// <summary>What a walk over the release ledger found.</summary>
/// <param name="Releases">Releases that were looked at.</param>
/// <param name="Spaces">Spaces that have some.</param>
/// <param name="Newest">Number of the newest; 0 where there is none.</param>
/// <param name="Hash">Its hash; empty where there is none.</param>
/// <param name="Fault">The first that is bad; null where none is.</param>
public sealed record ReleaseWalk(long Releases, int Spaces, long Newest, string Hash, ReleaseFault? Fault)
{
    // A charge that belongs to no release, or one whose streams are not found: either would open or hide a second budget.
    private const string LooseCharge = """
        SELECT c.number, c.space, c.from_ms FROM charge c
        WHERE NOT EXISTS (SELECT 1 FROM release r WHERE r.number = c.number AND r.space = c.space AND r.kind = c.kind AND r.day = c.day)
           OR NOT json_valid(c.streams)
           OR EXISTS (SELECT value FROM json_each(c.streams) EXCEPT SELECT s.stream FROM charge_stream s WHERE s.space = c.space AND s.kind = c.kind AND s.from_ms = c.from_ms)
        ORDER BY c.number LIMIT 1
        """;

    /// <summary>Walks the chain of every space, and the charges. Nothing is written.</summary>
    /// <param name="connection">Open connection to a ledger.</param>
    /// <param name="transaction">One moment of it; null where nobody writes.</param>
    internal static ReleaseWalk Over(SqliteConnection connection, SqliteTransaction? transaction = null)
    {
        var (last, anchors) = (new Dictionary<string, string>(StringComparer.Ordinal), Anchors(connection, transaction));
        var spaces = new HashSet<string>(StringComparer.Ordinal);
        var (releases, newest, hash) = (0L, 0L, "");
        using var command = Command(connection, transaction, $"SELECT {ReleaseRows.Columns}, {ChargeRows.Columns} FROM release r LEFT JOIN charge c ON c.number = r.number ORDER BY r.number");
        using (var row = command.ExecuteReader())
        {
            for (; row.Read(); releases++)
            {
                var space = row.GetString(1);
                spaces.Add(space);
                while (anchors.TryGetValue(space, out var forgotten) && forgotten.TryPeek(out var anchor) && anchor.Number < row.GetInt64(0))
                    last[space] = forgotten.Dequeue().Hash;
                if (!ReleaseRows.IsAsStored(row, last.GetValueOrDefault(space) ?? ""))
                    return new(releases, spaces.Count, newest, hash, new ReleaseFault(row.GetInt64(0), space, CellOf(row), "it, its charge, or what stood before it is not as it was stored"));
                (newest, hash) = (row.GetInt64(0), row.GetString(16));
                last[space] = hash;
            }
        }

        return new(releases, spaces.Count, newest, hash, Loose(connection, transaction));
    }

    // Hashes of forgotten rows, by their place in the chain.
    private static Dictionary<string, Queue<(long Number, string Hash)>> Anchors(SqliteConnection connection, SqliteTransaction? transaction)
    {
        var anchors = new Dictionary<string, Queue<(long, string)>>(StringComparer.Ordinal);
        using var command = Command(connection, transaction, "SELECT space, number, hash FROM anchor ORDER BY number");
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            if (!anchors.TryGetValue(row.GetString(0), out var of))
                anchors[row.GetString(0)] = of = [];
            of.Enqueue((row.GetInt64(1), row.GetString(2)));
        }

        return anchors;
    }

    private static ReleaseFault? Loose(SqliteConnection connection, SqliteTransaction? transaction)
    {
        using var command = Command(connection, transaction, LooseCharge);
        using var row = command.ExecuteReader();
        return row.Read() ? new ReleaseFault(row.GetInt64(0), row.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)), "a charge does not belong to the release that it names, or its streams are not found") : null;
    }

    private static DateTimeOffset? CellOf(SqliteDataReader row)
    {
        try
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3));
        }
        catch (Exception odd) when (odd is ArgumentException or InvalidCastException)
        {
            return null;
        }
    }

    private static SqliteCommand Command(SqliteConnection connection, SqliteTransaction? transaction, string sql)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Fixed texts of this file and of the rows.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}

/// <summary>A release that does not say what it said when it was stored.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Space">Its space.</param>
/// <param name="From">UTC start of its cell, of a charge of its day; null where not even that can be read.</param>
/// <param name="What">What is wrong.</param>
public sealed record ReleaseFault(long Number, string Space, DateTimeOffset? From, string What);

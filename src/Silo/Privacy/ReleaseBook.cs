using Microsoft.Data.Sqlite;
using Monitoring.Privacy;

namespace Monitoring.Silo.Privacy;

/// <summary>Charges and releases as one transaction of the store sees them.</summary>
/// <param name="connection">The connection that writes.</param>
/// <param name="transaction">The transaction.</param>
/// <param name="blockedBefore">Before this instant a number may be out of which the store does not know; the beginning of time where there is no such doubt.</param>
/// <param name="now">The current instant.</param>
internal sealed class ReleaseBook(SqliteConnection connection, SqliteTransaction transaction, DateTimeOffset blockedBefore, DateTimeOffset now) : IReleaseBook
{
    // No day, in whatever zone, began this long before the start of another that overlaps it.
    private static readonly TimeSpan DayMax = TimeSpan.FromDays(2);

    public Released? Find(CellKey key)
    {
        using var command = Command($"SELECT {ReleaseRows.Columns} FROM release r WHERE space = $space AND series = $series AND from_ms = $from");
        command.Parameters.AddWithValue("$space", key.Space);
        command.Parameters.AddWithValue("$series", key.Series);
        command.Parameters.AddWithValue("$from", key.From.ToUnixTimeMilliseconds());
        using var row = command.ExecuteReader();
        return row.Read() ? ReleaseRows.Read(row).Release : null;
    }

    public bool MayBeOut(CivilDay day) => day.From < blockedBefore;

    public IReadOnlyCollection<Charge> ChargesBeside(Charge wanted)
    {
        using var command = Command($"""
            SELECT {ChargeRows.Columns} FROM charge c WHERE c.space = $space AND c.from_ms < $to AND c.from_ms > $earliest
            UNION
            SELECT {ChargeRows.Columns}
            FROM json_each($streams) wanted
            JOIN charge_stream s ON s.stream = wanted.value AND s.from_ms < $to AND s.from_ms > $earliest
            JOIN charge c ON c.space = s.space AND c.kind = s.kind AND c.from_ms = s.from_ms
            """);
        command.Parameters.AddWithValue("$space", wanted.Space);
        command.Parameters.AddWithValue("$to", wanted.To.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$earliest", (wanted.From - DayMax).ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$streams", ChargeRows.TextOf(wanted.Streams));
        using var row = command.ExecuteReader();
        var found = new List<Charge>();
        while (row.Read())
            found.Add(ChargeRows.Read(row));
        return found;
    }

    public Released Add(Released released, Charge? charge)
    {
        if (ReleaseRows.TryInsert(Command, released, charge, ReleaseTick.Of(released.To, now)) is not { } number)
            return Find(released.Key)!;
        if (charge is not null)
            ChargeRows.Insert(Command, charge, number);
        return released;
    }

    private SqliteCommand Command(string sql)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Fixed texts of this file and its rows.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}

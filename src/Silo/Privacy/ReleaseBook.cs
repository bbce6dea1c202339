using System.Globalization;
using System.Text.Json;
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
        using var command = Command($"SELECT {ReleaseRows.Columns} FROM release WHERE space = $space AND series = $series AND from_ms = $from");
        command.Parameters.AddWithValue("$space", key.Space);
        command.Parameters.AddWithValue("$series", key.Series);
        command.Parameters.AddWithValue("$from", key.From.ToUnixTimeMilliseconds());
        using var row = command.ExecuteReader();
        return row.Read() ? ReleaseRows.Read(row).Release : null;
    }

    public bool MayBeOut(CivilDay day) => day.From < blockedBefore;

    public IReadOnlyCollection<Charge> ChargesBeside(Charge wanted)
    {
        using var command = Command("""
            SELECT space, kind, day, from_ms, to_ms, epsilon, budget, promise, streams FROM charge WHERE space = $space AND from_ms < $to AND from_ms > $earliest
            UNION
            SELECT c.space, c.kind, c.day, c.from_ms, c.to_ms, c.epsilon, c.budget, c.promise, c.streams
            FROM json_each($streams) wanted
            JOIN charge_stream s ON s.stream = wanted.value AND s.from_ms < $to AND s.from_ms > $earliest
            JOIN charge c ON c.space = s.space AND c.kind = s.kind AND c.from_ms = s.from_ms
            """);
        command.Parameters.AddWithValue("$space", wanted.Space);
        command.Parameters.AddWithValue("$to", wanted.To.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$earliest", (wanted.From - DayMax).ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$streams", TextOf(wanted.Streams));
        using var row = command.ExecuteReader();
        var found = new List<Charge>();
        while (row.Read())
            found.Add(Read(row));
        return found;
    }

    public Released Add(Released released, Charge? charge)
    {
        if (!ReleaseRows.TryInsert(Command, released, ReleaseTick.Of(released.To, now)))
            return Find(released.Key)!;
        if (charge is not null)
            Add(charge);
        return released;
    }

    private void Add(Charge charge)
    {
        using var command = Command("INSERT INTO charge (space, kind, day, from_ms, to_ms, epsilon, budget, promise, streams) VALUES ($space, $kind, $day, $from, $to, $epsilon, $budget, $promise, $streams)");
        command.Parameters.AddWithValue("$space", charge.Space);
        command.Parameters.AddWithValue("$kind", ReleaseRows.NameOf(charge.Kind));
        command.Parameters.AddWithValue("$day", charge.Day.ToString("O", CultureInfo.InvariantCulture));
        command.Parameters.AddWithValue("$from", charge.From.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$to", charge.To.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$epsilon", charge.Epsilon.Micro);
        command.Parameters.AddWithValue("$budget", charge.Budget.Micro);
        command.Parameters.AddWithValue("$promise", charge.Promise);
        command.Parameters.AddWithValue("$streams", TextOf(charge.Streams));
        command.ExecuteNonQuery();
        command.CommandText = "INSERT INTO charge_stream (stream, from_ms, space, kind) SELECT value, $from, $space, $kind FROM json_each($streams)";
        command.ExecuteNonQuery();
    }

    private static Charge Read(SqliteDataReader row) => new(
        row.GetString(0),
        DateOnly.ParseExact(row.GetString(2), "O", CultureInfo.InvariantCulture),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
        ReleaseRows.KindOf(row.GetString(1)),
        new Epsilon(row.GetInt64(5)),
        new Epsilon(row.GetInt64(6)),
        row.GetString(7),
        [.. JsonSerializer.Deserialize<List<string>>(row.GetString(8))!.Select(stream => new StreamId(stream))]);

    private static string TextOf(IEnumerable<StreamId> streams) => JsonSerializer.Serialize(streams.Select(stream => stream.Text));

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

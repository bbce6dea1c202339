using System.Text.Json;
using Microsoft.Data.Sqlite;
using Monitoring.Privacy;

namespace Monitoring.Silo.Privacy;

/// <summary>Charges as rows. Each belongs to the release that caused it, whose hash covers it.</summary>
internal static class ChargeRows
{
    /// <summary>What is read of a charge, from the table under the name <c>c</c>.</summary>
    public const string Columns = "c.space, c.kind, c.day, c.from_ms, c.to_ms, c.epsilon, c.budget, c.promise, c.streams";

    /// <summary>Inserts a charge.</summary>
    /// <param name="command">Makes a command of the transaction.</param>
    /// <param name="charge">The charge.</param>
    /// <param name="number">Number of the release that caused it.</param>
    public static void Insert(Func<string, SqliteCommand> command, Charge charge, long number)
    {
        using var insert = command("INSERT INTO charge (space, kind, day, from_ms, to_ms, epsilon, budget, promise, streams, number) VALUES ($space, $kind, $day, $from, $to, $epsilon, $budget, $promise, $streams, $number)");
        insert.Parameters.AddWithValue("$space", charge.Space);
        insert.Parameters.AddWithValue("$kind", ReleaseRows.NameOf(charge.Kind));
        insert.Parameters.AddWithValue("$day", ReleaseRows.TextOf(charge.Day));
        insert.Parameters.AddWithValue("$from", charge.From.ToUnixTimeMilliseconds());
        insert.Parameters.AddWithValue("$to", charge.To.ToUnixTimeMilliseconds());
        insert.Parameters.AddWithValue("$epsilon", charge.Epsilon.Micro);
        insert.Parameters.AddWithValue("$budget", charge.Budget.Micro);
        insert.Parameters.AddWithValue("$promise", charge.Promise);
        insert.Parameters.AddWithValue("$streams", TextOf(charge.Streams));
        insert.Parameters.AddWithValue("$number", number);
        insert.ExecuteNonQuery();
        insert.CommandText = "INSERT INTO charge_stream (stream, from_ms, space, kind) SELECT value, $from, $space, $kind FROM json_each($streams)";
        insert.ExecuteNonQuery();
    }

    /// <summary>Reads <see cref="Columns"/>.</summary>
    /// <param name="row">The row.</param>
    /// <param name="first">Index of the first of them.</param>
    public static Charge Read(SqliteDataReader row, int first = 0) => new(
        row.GetString(first),
        ReleaseRows.DayOf(row.GetString(first + 2)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(first + 3)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(first + 4)),
        ReleaseRows.KindOf(row.GetString(first + 1)),
        new Epsilon(row.GetInt64(first + 5)),
        new Epsilon(row.GetInt64(first + 6)),
        row.GetString(first + 7),
        [.. JsonSerializer.Deserialize<List<string>>(row.GetString(first + 8))!.Select(stream => new StreamId(stream))]);

    /// <summary>Streams as one text.</summary>
    public static string TextOf(IEnumerable<StreamId> streams) => JsonSerializer.Serialize(streams.Select(stream => stream.Text));

    /// <summary>All that a charge says, in one line: what the hash of its release covers.</summary>
    public static string TextOf(Charge charge) => JsonSerializer.Serialize(new object[]
    {
        charge.Space,
        ReleaseRows.NameOf(charge.Kind),
        ReleaseRows.TextOf(charge.Day),
        charge.From.ToUnixTimeMilliseconds(),
        charge.To.ToUnixTimeMilliseconds(),
        charge.Epsilon.Micro,
        charge.Budget.Micro,
        charge.Promise,
        TextOf(charge.Streams),
    });
}

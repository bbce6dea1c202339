using System.Text.Json;
using DuckDB.NET.Data;
using Monitoring.Domain.History;

namespace Monitoring.History;

/// <summary>How devices were, as rows.</summary>
internal static class HealthRows
{
    /// <summary>The table; the values are a JSON object by name.</summary>
    public const string Create = "CREATE TABLE health (space VARCHAR NOT NULL, device VARCHAR NOT NULL, at_utc TIMESTAMPTZ NOT NULL, state VARCHAR NOT NULL, silent_seconds BIGINT, device_values VARCHAR NOT NULL);";

    /// <summary>Where a batch is gathered, in memory and of one connection.</summary>
    public const string CreateIncoming = "CREATE TEMP TABLE incoming_health AS FROM health LIMIT 0;";

    private const string Columns = "space, device, at_utc, state, silent_seconds, device_values";

    private const string Incoming = "incoming_health";

    // A batch that comes again because its answer was lost is there once.
    private const string Replace = $"""
        DELETE FROM health USING {Incoming} new WHERE health.at_utc = new.at_utc AND health.device = new.device AND health.space = new.space;
        INSERT INTO health FROM {Incoming};
        DELETE FROM {Incoming};
        """;

    /// <summary>Writes points; inside a transaction.</summary>
    public static void Append(DuckDBConnection connection, IReadOnlyList<HealthPoint> points)
    {
        using (var appender = connection.CreateAppender("temp", "main", Incoming))
        {
            foreach (var point in points)
                appender.CreateRow().AppendValue(point.Space).AppendValue(point.Device).AppendValue((DateTime?)point.At.UtcDateTime).AppendValue(point.State).AppendValue(point.SilentSeconds).AppendValue(JsonSerializer.Serialize(point.Values)).EndRow();
        }

        Sql.Execute(connection, Replace);
    }

    /// <summary>How one device was, by instant.</summary>
    public static IReadOnlyList<HealthPoint> Read(DuckDBConnection connection, string device, DateTimeOffset from, DateTimeOffset to, int max)
    {
        using var command = Sql.Command(connection, $"SELECT {Columns} FROM health WHERE device = $device AND at_utc >= $from AND at_utc < $to ORDER BY at_utc, space LIMIT $max",
            ("device", device), ("from", from.ToUniversalTime()), ("to", to.ToUniversalTime()), ("max", max));
        return Sql.Rows(command, Read);
    }

    /// <summary>How all devices were at the first instants after one, by instant.</summary>
    public static IReadOnlyList<HealthPoint> ReadAfter(DuckDBConnection connection, DateTimeOffset after, int instants)
    {
        using var command = Sql.Command(
            connection,
            $"""
            SELECT {Columns} FROM health
            WHERE at_utc > $after AND at_utc <= (SELECT max(at_utc) FROM (SELECT DISTINCT at_utc FROM health WHERE at_utc > $after ORDER BY at_utc LIMIT $instants)) ORDER BY at_utc, space, device
            """,
            ("after", after.ToUniversalTime()),
            ("instants", instants));
        return Sql.Rows(command, Read);
    }

    private static HealthPoint Read(DuckDBDataReader row) =>
        new(row.GetString(0), row.GetString(1), PointRows.Instant(row, 2), row.GetString(3), row.IsDBNull(4) ? null : row.GetInt64(4), JsonSerializer.Deserialize<Dictionary<string, double>>(row.GetString(5)) ?? []);
}

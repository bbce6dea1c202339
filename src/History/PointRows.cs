using DuckDB.NET.Data;
using Monitoring.Domain.History;

namespace Monitoring.History;

/// <summary>Points of releases as rows. No primary key: its index costs eight times the space of the rows, so replacing is done by the join below.</summary>
internal static class PointRows
{
    /// <summary>The table. Instants are UTC; the local day and the hour of the week are written, so that no question needs a time zone.</summary>
    public const string Create = """
        CREATE TABLE points (
          space VARCHAR NOT NULL, series VARCHAR NOT NULL, grid VARCHAR NOT NULL, from_utc TIMESTAMPTZ NOT NULL, to_utc TIMESTAMPTZ NOT NULL,
          kind VARCHAR NOT NULL, local_day DATE NOT NULL, hour_of_week UTINYINT NOT NULL,
          value BIGINT, reason VARCHAR, err95 BIGINT NOT NULL,
          alive INTEGER NOT NULL, total INTEGER NOT NULL, unconfirmed BOOLEAN NOT NULL, cells INTEGER NOT NULL, cells_released INTEGER NOT NULL,
          noisy BIGINT, epsilon_micro BIGINT NOT NULL, sensitivity BIGINT NOT NULL, terms INTEGER NOT NULL);
        """;

    /// <summary>Where a batch is gathered, in memory and of one connection.</summary>
    public const string CreateIncoming = "CREATE TEMP TABLE incoming_points AS FROM points LIMIT 0;";

    /// <summary>Columns in the order that <see cref="Read"/> expects.</summary>
    public const string Columns = "space, series, grid, from_utc, to_utc, kind, local_day, hour_of_week, value, reason, err95, alive, total, unconfirmed, cells, cells_released, noisy, epsilon_micro, sensitivity, terms";

    private const string Incoming = "incoming_points";

    // The engine narrows the scan to the span of the batch by itself: with 20 million rows, a batch that replaces nothing costs about as much as one of an empty table.
    private const string Replace = $"""
        DELETE FROM points USING {Incoming} new
        WHERE points.from_utc = new.from_utc AND points.space = new.space AND points.series = new.series AND points.grid = new.grid;
        INSERT INTO points FROM {Incoming};
        DELETE FROM {Incoming};
        """;

    /// <summary>Writes points in place of those with their keys; inside a transaction.</summary>
    public static void Append(DuckDBConnection connection, IReadOnlyList<HistoryPoint> points)
    {
        using (var appender = connection.CreateAppender("temp", "main", Incoming))
        {
            foreach (var point in points)
                Append(appender.CreateRow(), point);
        }

        Sql.Execute(connection, Replace);
    }

    /// <summary>The point of a row that was selected by <see cref="Columns"/>.</summary>
    public static HistoryPoint Read(DuckDBDataReader row)
    {
        var key = new HistoryKey(row.GetString(0), row.GetString(1), HistoryGridText.Of(row.GetString(2))!.Value, Instant(row, 3));
        var shown = new ShownValue(Number(row, 8), row.IsDBNull(9) ? null : row.GetString(9), row.GetInt64(10));
        var coverage = new HistoryCoverage(row.GetInt32(11), row.GetInt32(12), row.GetBoolean(13), row.GetInt32(14), row.GetInt32(15));
        var noise = new HistoryNoise(Number(row, 16), row.GetInt64(17), row.GetInt64(18));
        return new(key, Instant(row, 4), HistoryKindText.Of(row.GetString(5))!.Value, row.GetFieldValue<DateOnly>(6), row.GetByte(7), shown, coverage, noise, row.GetInt32(19));
    }

    /// <summary>An instant, UTC.</summary>
    public static DateTimeOffset Instant(DuckDBDataReader row, int column) => new(DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc));

    private static long? Number(DuckDBDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private static void Append(IDuckDBAppenderRow row, HistoryPoint point)
    {
        var (key, coverage, noise) = (point.Key, point.Coverage, point.Noise);
        row.AppendValue(key.Space).AppendValue(key.Series).AppendValue(key.Grid.ToName()).AppendValue((DateTime?)key.From.UtcDateTime).AppendValue((DateTime?)point.To.UtcDateTime);
        row.AppendValue(point.Kind.ToName()).AppendValue((DateOnly?)point.LocalDay).AppendValue((byte?)checked((byte)point.HourOfWeek));
        row.AppendValue(point.Shown.Value).AppendValue(point.Shown.Reason).AppendValue((long?)point.Shown.Err95);
        row.AppendValue((int?)coverage.Alive).AppendValue((int?)coverage.Total).AppendValue((bool?)coverage.Unconfirmed).AppendValue((int?)coverage.Cells).AppendValue((int?)coverage.CellsReleased);
        row.AppendValue(noise.Noisy).AppendValue((long?)noise.EpsilonMicro).AppendValue((long?)noise.Sensitivity).AppendValue((int?)point.TermsVersion);
        row.EndRow();
    }
}

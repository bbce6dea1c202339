using System.Globalization;
using DuckDB.NET.Data;
using Monitoring.Domain.History;

namespace Monitoring.History;

/// <summary>What is asked of points.</summary>
internal static class PointQuestions
{
    /// <summary>Most series of a space that are listed.</summary>
    public const int SeriesMax = 10_000;

    /// <summary>Points that have an instant in common with a range.</summary>
    public const string InRange = "grid = $grid AND space = $space AND from_utc < $to AND to_utc > $from";

    private const string Points = $"SELECT {PointRows.Columns} FROM points WHERE series = $series AND {InRange} ORDER BY from_utc LIMIT $max";

    // Sums are of noisy numbers, and of whole hours only: an hour with a cell that is missing would pull its sum down as if nobody had come.
    // After a change of the plan a point may be an hour, a night or a day. Only those as long as the newest are added up, or the mean would be of neither; what is as long says PieceLength. Half an hour that clocks cut off is in no mean.
    private static readonly string Week = string.Create(CultureInfo.InvariantCulture, $"""
        WITH found AS (
          SELECT *, epoch(to_utc) - epoch(from_utc) AS length, arg_max(epoch(to_utc) - epoch(from_utc), from_utc) OVER (PARTITION BY hour_of_week) AS newest
          FROM points WHERE series = $series AND {InRange} AND epoch(to_utc) - epoch(from_utc) >= {PieceLength.Hour.TotalSeconds})
        SELECT hour_of_week,
          coalesce(sum(noisy) FILTER (WHERE cells_released = cells), 0)::BIGINT,
          count(*) FILTER (WHERE cells_released = cells)::INTEGER,
          coalesce(sum(cells) FILTER (WHERE cells_released = cells), 0)::INTEGER,
          count(*) FILTER (WHERE cells_released < cells)::INTEGER,
          epsilon_micro, sensitivity, any_value(newest // 60)::INTEGER
        FROM found WHERE length = newest OR (length > {PieceLength.Hour.TotalSeconds} AND newest > {PieceLength.Hour.TotalSeconds} AND abs(length - newest) <= {PieceLength.ClocksMax.TotalSeconds})
        GROUP BY hour_of_week, epsilon_micro, sensitivity ORDER BY hour_of_week, epsilon_micro, sensitivity
        """);

    private const string Series = "SELECT series, kind, min(from_utc), max(to_utc) FROM points WHERE space = $space GROUP BY series, kind ORDER BY series, kind LIMIT $max";

    /// <summary>Points of a range, by start.</summary>
    public static IReadOnlyList<HistoryPoint> Read(DuckDBConnection connection, HistoryRange range)
    {
        using var command = Sql.Command(connection, Points, [.. Range(range), ("max", range.Max)]);
        return Sql.Rows(command, PointRows.Read);
    }

    /// <summary>Hours of a range, added up by hour of the week and kind of noise.</summary>
    public static IReadOnlyList<HourOfWeekSum> ByHourOfWeek(DuckDBConnection connection, HistoryRange range)
    {
        using var command = Sql.Command(connection, Week, Range(range));
        return Sql.Rows(command, row => new HourOfWeekSum(row.GetByte(0), row.GetInt64(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4), row.GetInt64(5), row.GetInt64(6), row.GetInt32(7)));
    }

    /// <summary>The series of a space.</summary>
    public static IReadOnlyList<HistorySeries> SeriesOf(DuckDBConnection connection, string space)
    {
        using var command = Sql.Command(connection, Series, ("space", space), ("max", SeriesMax));
        return Sql.Rows(command, row => new HistorySeries(space, row.GetString(0), HistoryKindText.Of(row.GetString(1))!.Value, PointRows.Instant(row, 2), PointRows.Instant(row, 3)));
    }

    private static (string, object?)[] Range(HistoryRange range) =>
        [("space", range.Space), ("series", range.Series), ("grid", range.Grid.ToName()), ("from", range.From.ToUniversalTime()), ("to", range.To.ToUniversalTime())];
}

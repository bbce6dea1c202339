using Microsoft.Data.Sqlite;
using Monitoring.Domain.History;

namespace Monitoring.Benchmarks.History;

/// <summary>The same rows in SQLite, as durable, with an index for the questions that name a series.</summary>
internal sealed class SqliteContender : HistoryContender
{
    private const string Create = """
        PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
        CREATE TABLE IF NOT EXISTS points (
          space TEXT NOT NULL, series TEXT NOT NULL, grid TEXT NOT NULL, from_utc INTEGER NOT NULL, to_utc INTEGER NOT NULL, kind TEXT NOT NULL, local_day INTEGER NOT NULL, hour_of_week INTEGER NOT NULL,
          value INTEGER, reason TEXT, err95 INTEGER NOT NULL, alive INTEGER NOT NULL, total INTEGER NOT NULL, unconfirmed INTEGER NOT NULL, cells INTEGER NOT NULL, cells_released INTEGER NOT NULL,
          noisy INTEGER, epsilon_micro INTEGER NOT NULL, sensitivity INTEGER NOT NULL, terms INTEGER NOT NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS points_by_series ON points (space, series, grid, from_utc);
        CREATE TABLE IF NOT EXISTS cursor (copied_to INTEGER NOT NULL);
        """;

    private const string Sums = "sum(CASE WHEN cells_released = cells THEN noisy END), sum(cells_released = cells), sum(cells_released < cells)";

    private readonly SqliteConnection _connection;

    public SqliteContender(string folder)
    {
        _connection = new SqliteConnection($"Data Source={Path.Combine(folder, "history.db")};Pooling=False");
        _connection.Open();
        using var create = Command(Create);
        create.ExecuteNonQuery();
    }

    public override Task AppendAsync(IReadOnlyList<HistoryPoint> points, long cursor, CancellationToken cancellation)
    {
        using var transaction = _connection.BeginTransaction();
        using var insert = Command($"INSERT OR REPLACE INTO points VALUES ({string.Join(", ", Enumerable.Range(0, 20).Select(column => $"$p{column}"))})");
        insert.Transaction = transaction;
        var values = Enumerable.Range(0, 20).Select(column => insert.Parameters.Add(new SqliteParameter($"$p{column}", null))).ToList();
        foreach (var (key, to, kind, day, hour, shown, coverage, noise, terms) in points)
        {
            object?[] row =
            [
                key.Space, key.Series, key.Grid.ToName(), key.From.ToUnixTimeSeconds(), to.ToUnixTimeSeconds(), kind.ToName(), day.DayNumber, hour, shown.Value, shown.Reason, shown.Err95,
                coverage.Alive, coverage.Total, coverage.Unconfirmed, coverage.Cells, coverage.CellsReleased, noise.Noisy, noise.EpsilonMicro, noise.Sensitivity, terms,
            ];
            for (var column = 0; column < row.Length; column++)
                values[column].Value = row[column] ?? DBNull.Value;
            insert.ExecuteNonQuery();
        }

        using var move = Command("DELETE FROM cursor; INSERT INTO cursor VALUES ($cursor)", ("$cursor", cursor));
        move.Transaction = transaction;
        move.ExecuteNonQuery();
        transaction.Commit();
        return Task.CompletedTask;
    }

    public override Task SettleAsync(CancellationToken cancellation)
    {
        using var settle = Command("PRAGMA wal_checkpoint(TRUNCATE); ANALYZE");
        settle.ExecuteNonQuery();
        return Task.CompletedTask;
    }

    public override Task<int> ProfileOfAllAsync(CancellationToken cancellation) =>
        Count(Command($"SELECT space, series, hour_of_week, epsilon_micro, sensitivity, {Sums} FROM points WHERE grid = 'PT1H' GROUP BY 1, 2, 3, 4, 5"));

    public override Task<int> ProfileAsync(HistoryRange range, CancellationToken cancellation) =>
        Count(Command($"SELECT hour_of_week, epsilon_micro, sensitivity, {Sums} FROM points WHERE space = $space AND series = $series AND grid = $grid AND from_utc < $to AND to_utc > $from GROUP BY 1, 2, 3", Range(range)));

    public override Task<int> ReadAsync(HistoryRange range, CancellationToken cancellation) =>
        Count(Command("SELECT * FROM points WHERE space = $space AND series = $series AND grid = $grid AND from_utc < $to AND to_utc > $from ORDER BY from_utc LIMIT $max", [.. Range(range), ("$max", range.Max)]));

    public override ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static (string, object)[] Range(HistoryRange range) =>
        [("$space", range.Space), ("$series", range.Series), ("$grid", range.Grid.ToName()), ("$from", range.From.ToUnixTimeSeconds()), ("$to", range.To.ToUnixTimeSeconds())];

    private static Task<int> Count(SqliteCommand command)
    {
        using (command)
        using (var reader = command.ExecuteReader())
        {
            var (rows, values) = (0, new object[reader.FieldCount]);
            for (; reader.Read(); rows++)
                reader.GetValues(values);
            return Task.FromResult(rows);
        }
    }

    private SqliteCommand Command(string sql, params (string Name, object Value)[] parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Fixed text.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}

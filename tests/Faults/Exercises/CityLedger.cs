using Microsoft.Data.Sqlite;

namespace Monitoring.Faults.Exercises;

/// <summary>A cell as the ledger has it.</summary>
internal sealed record LedgerCell(long Number, string Space, string Series, DateTimeOffset From, DateTimeOffset To, string Day, string Kind, long? Value, string? Reason, int Terms, int Alive, int Total, bool Unconfirmed, long EpsilonMicro, long Sensitivity);

/// <summary>Reads the ledger of a running hub now and then, so that what it has forgotten since is still known.</summary>
internal sealed class CityLedger(string data)
{
    private readonly Dictionary<long, LedgerCell> _cells = [];
    private readonly Dictionary<(string Space, string Day, string Kind), long> _charges = [];

    /// <summary>All cells that were ever read.</summary>
    public IReadOnlyCollection<LedgerCell> Cells => _cells.Values;

    /// <summary>All charges that were ever read, millionths.</summary>
    public IReadOnlyDictionary<(string Space, string Day, string Kind), long> Charges => _charges;

    /// <summary>Reads what is there now.</summary>
    /// <returns>The cells that are there now.</returns>
    public IReadOnlyList<LedgerCell> Read()
    {
        var now = Read("SELECT number, space, series, from_ms, to_ms, day, kind, value, reason, terms, alive, total, unconfirmed, epsilon, sensitivity FROM release", row => new LedgerCell(
            row.GetInt64(0), row.GetString(1), row.GetString(2), Instant(row, 3), Instant(row, 4), row.GetString(5), row.GetString(6), Number(row, 7), row.IsDBNull(8) ? null : row.GetString(8),
            row.GetInt32(9), row.GetInt32(10), row.GetInt32(11), row.GetBoolean(12), row.GetInt64(13), row.GetInt64(14)));
        foreach (var cell in now)
        {
            // A number that was read once is that number for ever.
            if (!_cells.TryAdd(cell.Number, cell))
                Assert.Equal(_cells[cell.Number], cell);
        }

        foreach (var (key, epsilon) in Read("SELECT space, day, kind, epsilon FROM charge", row => ((row.GetString(0), row.GetString(1), row.GetString(2)), row.GetInt64(3))))
        {
            if (!_charges.TryAdd(key, epsilon))
                Assert.Equal(_charges[key], epsilon);
        }

        return now;
    }

    /// <summary>Cells and noisy sums of months of which days were forgotten.</summary>
    public IReadOnlyDictionary<(string Space, string Series, string Month), (long Cells, long Released, long? Value)> Months() =>
        Read("SELECT space, series, month, SUM(cells), SUM(released), SUM(value) FROM month_sum GROUP BY space, series, month", row => (Key: (row.GetString(0), row.GetString(1), row.GetString(2)), Sum: (row.GetInt64(3), row.GetInt64(4), Number(row, 5))))
            .ToDictionary(month => month.Key, month => month.Sum);

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "silo", "releases.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 30 }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Fixed texts of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var row = command.ExecuteReader();
        var found = new List<T>();
        while (row.Read())
            found.Add(read(row));
        return found;
    }

    private static DateTimeOffset Instant(SqliteDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static long? Number(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}

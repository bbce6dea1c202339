using System.Globalization;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>What a hub left in its ledger and in the copy that it reads, without the noisy numbers.</summary>
/// <param name="Releases">Rows of the ledger by space, in their order: everything that is there but the number; of its salt, commitment and hash the length. Which of two spaces stores first within a tick is left to the threads.</param>
/// <param name="Values">The numbers.</param>
/// <param name="Charges">Rows of the charges.</param>
/// <param name="Pages">Pages of the ledger's file.</param>
/// <param name="PagesWithoutValues">Pages of a copy of it in which each number is zero.</param>
/// <param name="CopiedRows">Tables of the copy, and how many rows each has.</param>
internal sealed record TwinFiles(IReadOnlyList<string> Releases, IReadOnlyList<long> Values, IReadOnlyList<string> Charges, long Pages, long PagesWithoutValues, IReadOnlyList<(string Table, long Rows)> CopiedRows)
{
    /// <summary>Bytes of a page.</summary>
    public const int PageBytes = 4_096;

    /// <summary>Reads a data folder whose hub has ended.</summary>
    public static TwinFiles Of(string data)
    {
        var (file, copy) = (ReleaseStore.FileIn(data), Path.Combine(data, "ledger-without-values.db"));
        using var ledger = Open(file);
        Assert.Equal(PageBytes, Number(ledger, "PRAGMA page_size"));
        Rows(ledger, $"VACUUM INTO '{copy}'");
        using var without = Open(copy);
        Rows(without, "UPDATE release SET value = 0 WHERE value IS NOT NULL");
        Rows(without, "VACUUM");
        return new TwinFiles(
            Rows(ledger, """
                SELECT space, series, from_ms, to_ms, day, kind, terms, epsilon, sensitivity, alive, total, unconfirmed, value IS NULL, COALESCE(reason, '-'), publish_ms, visible_ms, withdrawn,
                    length(hash), length(commitment), length(salt) FROM release ORDER BY space, number
                """),
            [.. Rows(ledger, "SELECT value FROM release WHERE value IS NOT NULL ORDER BY from_ms").Select(value => long.Parse(value, CultureInfo.InvariantCulture))],
            Rows(ledger, "SELECT space, kind, from_ms, to_ms, day, epsilon, budget, promise, streams FROM charge ORDER BY space, from_ms"),
            Number(ledger, "PRAGMA page_count"),
            Number(without, "PRAGMA page_count"),
            Copied(Path.Combine(data, "silo", "history.duckdb")));
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static long Number(SqliteConnection connection, string sql) => long.Parse(Rows(connection, sql).Single(), CultureInfo.InvariantCulture);

    private static List<string> Rows(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Fixed texts of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var row = command.ExecuteReader();
        var rows = new List<string>();
        while (row.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, row.FieldCount).Select(row.GetValue)));
        return rows;
    }

    // Not of the health of equipment: it is looked at by a beat of the wall clock, which misses quarters of a replay.
    private static List<(string, long)> Copied(string file)
    {
        using var connection = new DuckDBConnection($"DataSource={file};access_mode=READ_ONLY");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT table_name FROM duckdb_tables() WHERE table_name <> 'health' ORDER BY table_name";
        var tables = new List<string>();
        using (var row = command.ExecuteReader())
        {
            while (row.Read())
                tables.Add(row.GetString(0));
        }

        return [.. tables.Select(table =>
        {
#pragma warning disable CA2100 // Names of tables of the hub's own.
            command.CommandText = $"SELECT COUNT(*) FROM \"{table}\"";
#pragma warning restore CA2100
            return (table, (long)command.ExecuteScalar()!);
        })];
    }
}

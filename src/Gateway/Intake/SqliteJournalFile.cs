using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Monitoring.Storage;

namespace Monitoring.Gateway.Intake;

/// <summary>The journal in SQLite: one connection writes, one reads.</summary>
internal sealed class SqliteJournalFile : IJournalFile
{
    // AUTOINCREMENT keeps the highest offset ever used, in the same transaction: a truncated journal never uses one again.
    private const string Schema = """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE rows (offset INTEGER PRIMARY KEY AUTOINCREMENT, space TEXT NOT NULL, body BLOB NOT NULL, checksum INTEGER NOT NULL);
        CREATE TABLE quarantine (offset INTEGER PRIMARY KEY, space TEXT, body BLOB, checksum INTEGER, found_at TEXT NOT NULL)
        """;

    private readonly Lock _writing = new();
    private readonly Lock _reading = new();
    private readonly SqliteConnection _writer;
    private readonly SqliteConnection _reader;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _read;
    private readonly long _pageBytes;

    public SqliteJournalFile(string path)
    {
        _writer = SqliteFile.Open(path, 1, Schema);
        Id = ReadOrCreateId();
        HighWater = ReadHighWater();
        _pageBytes = Number("PRAGMA page_size");
        _reader = SqliteFile.Connect(path);
        _insert = Prepare(_writer, "INSERT INTO rows (offset, space, body, checksum) VALUES ($offset, $space, $body, $checksum)", "$offset", "$space", "$body", "$checksum");
        _read = Prepare(_reader, "SELECT offset, space, body, checksum FROM rows WHERE offset > $after ORDER BY offset LIMIT $max", "$after", "$max");
    }

    public Guid Id { get; }

    public long HighWater { get; }

    public void Insert(IReadOnlyList<JournalRow> rows)
    {
        lock (_writing)
        {
            using var transaction = _writer.BeginTransaction(deferred: false);
            _insert.Transaction = transaction;
            foreach (var row in rows)
            {
                _insert.Parameters[0].Value = row.Offset;
                _insert.Parameters[1].Value = row.Space;
                _insert.Parameters[2].Value = row.Body;
                _insert.Parameters[3].Value = row.Checksum;
                _insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }
    }

    public JournalRead Read(long after, int max)
    {
        var rows = new List<JournalRow>();
        var damaged = new List<long>();
        var through = after;
        lock (_reading)
        {
            _read.Parameters[0].Value = after;
            _read.Parameters[1].Value = max;
            using var reader = _read.ExecuteReader();
            while (reader.Read())
            {
                through = reader.GetInt64(0);
                var row = new JournalRow(through, Text(reader, 1), Bytes(reader, 2));
                if (reader.GetValue(3) is long checksum && checksum == row.Checksum)
                    rows.Add(row);
                else
                    damaged.Add(through);
            }
        }

        return new JournalRead(rows, damaged, through);
    }

    public IReadOnlyDictionary<string, long> HighestBySpace()
    {
        var highest = new Dictionary<string, long>(StringComparer.Ordinal);
        lock (_reading)
        {
            using var command = _reader.CreateCommand();
            command.CommandText = "SELECT space, MAX(offset) FROM rows GROUP BY space";
            using var reader = command.ExecuteReader();
            while (reader.Read())
                highest[Text(reader, 0)] = reader.GetInt64(1);
        }

        return highest;
    }

    public int Delete(long through, int max)
    {
        lock (_writing)
        {
            using var command = _writer.CreateCommand();
            command.CommandText = "DELETE FROM rows WHERE offset IN (SELECT offset FROM rows WHERE offset <= $through ORDER BY offset LIMIT $max)";
            command.Parameters.AddWithValue("$through", through);
            command.Parameters.AddWithValue("$max", max);
            return command.ExecuteNonQuery();
        }
    }

    public void Quarantine(IReadOnlyList<long> offsets, DateTimeOffset foundAt)
    {
        lock (_writing)
        {
            using var transaction = _writer.BeginTransaction(deferred: false);
            foreach (var offset in offsets)
            {
                using var command = _writer.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = """
                    INSERT OR IGNORE INTO quarantine (offset, space, body, checksum, found_at) SELECT offset, space, body, checksum, $found FROM rows WHERE offset = $offset;
                    DELETE FROM rows WHERE offset = $offset
                    """;
                command.Parameters.AddWithValue("$offset", offset);
                command.Parameters.AddWithValue("$found", foundAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
                command.ExecuteNonQuery();
            }

            transaction.Commit();
        }
    }

    public long UsedBytes()
    {
        lock (_writing)
            return (Number("PRAGMA page_count") - Number("PRAGMA freelist_count")) * _pageBytes;
    }

    public void Checkpoint()
    {
        lock (_writing)
            SqliteFile.Execute(_writer, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    public void Dispose()
    {
        lock (_reading)
        {
            _read.Dispose();
            _reader.Dispose();
        }

        lock (_writing)
        {
            _insert.Dispose();
            _writer.Dispose();
        }
    }

    private Guid ReadOrCreateId()
    {
        if (SqliteFile.Scalar(_writer, "SELECT value FROM meta WHERE key = 'journal'") is string text)
            return Guid.Parse(text, CultureInfo.InvariantCulture);
        var id = new Guid(RandomNumberGenerator.GetBytes(16));
        using var command = _writer.CreateCommand();
        command.CommandText = "INSERT INTO meta (key, value) VALUES ('journal', $id)";
        command.Parameters.AddWithValue("$id", id.ToString());
        command.ExecuteNonQuery();
        return id;
    }

    private long ReadHighWater() => Math.Max(
        Number("SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'rows'), 0)"),
        Number("SELECT COALESCE(MAX(offset), 0) FROM rows"));

    private long Number(string sql) => Convert.ToInt64(SqliteFile.Scalar(_writer, sql), CultureInfo.InvariantCulture);

    private static SqliteCommand Prepare(SqliteConnection connection, string sql, params ReadOnlySpan<string> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Callers pass fixed text.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var parameter in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        return command;
    }

    // A flipped bit may also change the type of a column; then it is damage, not an exception.
    private static string Text(SqliteDataReader reader, int column) => reader.GetValue(column) as string ?? "";

    private static byte[] Bytes(SqliteDataReader reader, int column) => reader.GetValue(column) as byte[] ?? [];
}

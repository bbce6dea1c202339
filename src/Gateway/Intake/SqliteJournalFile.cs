using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Monitoring.Storage;

namespace Monitoring.Gateway.Intake;

/// <summary>The journal in SQLite: one connection writes, one reads.</summary>
internal sealed class SqliteJournalFile : IJournalFile
{
    // AUTOINCREMENT keeps the highest offset ever used, in the same transaction: a truncated journal never uses one again.
    private const string Tables = """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE rows (offset INTEGER PRIMARY KEY AUTOINCREMENT, space TEXT NOT NULL, body BLOB NOT NULL, checksum INTEGER NOT NULL, kept_since INTEGER NOT NULL);
        CREATE TABLE quarantine (offset INTEGER PRIMARY KEY, space TEXT, body BLOB, checksum INTEGER, found_at TEXT NOT NULL, kept_since INTEGER NOT NULL)
        """;

    // Rows of the first form do not say how old they are; on a replay clock their arrival is years ago. They begin anew.
    private const string KeptSince = """
        ALTER TABLE rows ADD COLUMN kept_since INTEGER NOT NULL DEFAULT 0;
        UPDATE rows SET kept_since = unixepoch() * 1000
        """;

    // How old the bodies in quarantine are was not known before: they go at the next look.
    private const string QuarantinedSince = "ALTER TABLE quarantine ADD COLUMN kept_since INTEGER NOT NULL DEFAULT 0";

    private static readonly SqliteSchema Schema = new(Tables, KeptSince, QuarantinedSince);

    private readonly string _path;
    private readonly Lock _writing = new();
    private readonly Lock _reading = new();
    private readonly SqliteConnection _writer;
    private readonly LoggedCommits _commits;
    private readonly SqliteConnection _reader;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _read;
    private readonly long _pageBytes;

    public SqliteJournalFile(string path, ILogger log)
    {
        _path = path;
        _writer = SqliteFile.Open(path, Schema, done => log.JournalMigrated(done.Path, done.From, done.To, done.Copy, SqliteMigration.CopyKeptFor.TotalHours));
        _commits = new LoggedCommits(_writer);
        Id = ReadOrCreateId();
        HighWater = ReadHighWater();
        _pageBytes = Number("PRAGMA page_size");
        _reader = SqliteFile.Connect(path);
        _insert = Prepare(_writer, "INSERT INTO rows (offset, space, body, checksum, kept_since) VALUES ($offset, $space, $body, $checksum, $kept_since)", "$offset", "$space", "$body", "$checksum", "$kept_since");
        _read = Prepare(_reader, "SELECT offset, space, body, checksum, kept_since FROM rows WHERE offset > $after ORDER BY offset LIMIT $max", "$after", "$max");
    }

    public Guid Id { get; }

    public long HighWater { get; }

    public void Insert(IReadOnlyList<JournalRow> rows)
    {
        lock (_writing)
        {
            using var transaction = _commits.Begin();
            _insert.Transaction = transaction;
            foreach (var row in rows)
            {
                _insert.Parameters[0].Value = row.Offset;
                _insert.Parameters[1].Value = row.Space;
                _insert.Parameters[2].Value = row.Body;
                _insert.Parameters[3].Value = row.Checksum;
                _insert.Parameters[4].Value = row.KeptSince.ToUnixTimeMilliseconds();
                _insert.ExecuteNonQuery();
            }

            _commits.Commit(transaction);
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
                var row = new JournalRow(through, Text(reader, 1), Bytes(reader, 2), Instant(reader, 4));
                if (reader.GetValue(3) is long checksum && checksum == row.Checksum)
                    rows.Add(row);
                else
                    damaged.Add(through);
            }
        }

        return new JournalRead(rows, damaged, through);
    }

    public void KeepNoneAfter(DateTimeOffset now)
    {
        lock (_writing)
        {
            // The newest tells whether the clock was put back; only then is the whole table gone through.
            if (Number("SELECT COALESCE((SELECT kept_since FROM rows ORDER BY offset DESC LIMIT 1), 0)") > now.ToUnixTimeMilliseconds())
                _ = Scalar("UPDATE rows SET kept_since = $at WHERE kept_since > $at", now.ToUnixTimeMilliseconds());
            _ = Scalar("UPDATE quarantine SET kept_since = $at WHERE kept_since > $at", now.ToUnixTimeMilliseconds());
        }
    }

    public void Replace(IReadOnlyList<JournalRow> rows)
    {
        lock (_writing)
        {
            using var transaction = _commits.Begin();
            using var command = _writer.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "UPDATE rows SET body = $body, checksum = $checksum, kept_since = $kept_since WHERE offset = $offset";
            foreach (var row in rows)
            {
                command.Parameters.Clear();
                command.Parameters.AddWithValue("$body", row.Body);
                command.Parameters.AddWithValue("$checksum", row.Checksum);
                command.Parameters.AddWithValue("$kept_since", row.KeptSince.ToUnixTimeMilliseconds());
                command.Parameters.AddWithValue("$offset", row.Offset);
                command.ExecuteNonQuery();
            }

            _commits.Commit(transaction);
        }
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
            using var transaction = _commits.Begin();
            foreach (var offset in offsets)
            {
                using var command = _writer.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = """
                    INSERT OR IGNORE INTO quarantine (offset, space, body, checksum, found_at, kept_since)
                    SELECT offset, space, body, checksum, $found, CASE WHEN typeof(kept_since) = 'integer' THEN MIN(kept_since, $now) ELSE 0 END FROM rows WHERE offset = $offset;
                    SELECT space FROM rows WHERE offset = $offset
                    """;
                command.Parameters.AddWithValue("$offset", offset);
                command.Parameters.AddWithValue("$found", Sortable(foundAt));
                command.Parameters.AddWithValue("$now", foundAt.ToUnixTimeMilliseconds());
                var empty = new JournalRow(offset, command.ExecuteScalar() as string ?? "", [], foundAt);
                command.CommandText = empty.Space.Length > 0
                    ? "UPDATE rows SET space = $space, body = X'', checksum = $checksum, kept_since = CASE WHEN typeof(kept_since) = 'integer' THEN MIN(kept_since, $now) ELSE $now END WHERE offset = $offset"
                    : "DELETE FROM rows WHERE offset = $offset";
                command.Parameters.AddWithValue("$space", empty.Space);
                command.Parameters.AddWithValue("$checksum", empty.Checksum);
                command.ExecuteNonQuery();
            }

            _commits.Commit(transaction);
        }
    }

    public void EmptyQuarantine(DateTimeOffset keptBefore)
    {
        lock (_writing)
            _ = Scalar("UPDATE quarantine SET body = NULL WHERE body IS NOT NULL AND kept_since < $at", keptBefore.ToUnixTimeMilliseconds());
    }

    public long Quarantined(DateTimeOffset foundSince)
    {
        lock (_writing)
            return Convert.ToInt64(Scalar("SELECT COUNT(*) FROM quarantine WHERE found_at >= $at", Sortable(foundSince)), CultureInfo.InvariantCulture);
    }

    public long UsedBytes()
    {
        lock (_writing)
            return (Number("PRAGMA page_count") - Number("PRAGMA freelist_count")) * _pageBytes;
    }

    public void Checkpoint(DateTimeOffset now)
    {
        lock (_writing)
            SqliteFile.TruncateLog(_writer);
        SqliteMigration.DeleteOldCopies(_path, now);
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

    private object? Scalar(string sql, object at)
    {
        using var command = Prepare(_writer, sql);
        command.Parameters.AddWithValue("$at", at);
        return command.ExecuteScalar();
    }

    private static string Sortable(DateTimeOffset instant) => instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

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

    private static DateTimeOffset Instant(SqliteDataReader reader, int column) =>
        reader.GetValue(column) is long ms and >= 0 and < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : DateTimeOffset.UnixEpoch;

    private static byte[] Bytes(SqliteDataReader reader, int column) => reader.GetValue(column) as byte[] ?? [];
}

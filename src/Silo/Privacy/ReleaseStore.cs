using System.Globalization;
using Microsoft.Data.Sqlite;
using Monitoring.Privacy;
using Monitoring.Storage;

namespace Monitoring.Silo.Privacy;

/// <summary>The release ledger: what was charged and what was released, for all spaces. It is the only authority on both; nothing in it depends on a single passage but through noise.</summary>
/// <remarks>
/// A file of its own beside the grains' state: that one holds true counts and is written by people's deeds, which must not wait for the releases of a tick. Draws are made here,
/// within the transaction that stores them. Callers do it on the thread of a timer, never on one that answers a request.
/// </remarks>
internal sealed class ReleaseStore : IDisposable
{
    internal static readonly SqliteSchema Schema = new("""
        CREATE TABLE mark (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE charge (
            space TEXT NOT NULL, kind TEXT NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, day TEXT NOT NULL,
            epsilon INTEGER NOT NULL, budget INTEGER NOT NULL, promise TEXT NOT NULL, streams TEXT NOT NULL, PRIMARY KEY (space, kind, from_ms)) WITHOUT ROWID;
        CREATE TABLE charge_stream (stream TEXT NOT NULL, from_ms INTEGER NOT NULL, space TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (stream, from_ms, space, kind)) WITHOUT ROWID;
        CREATE TABLE release (
            number INTEGER PRIMARY KEY AUTOINCREMENT, space TEXT NOT NULL, series TEXT NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, day TEXT NOT NULL, kind TEXT NOT NULL,
            terms INTEGER NOT NULL, epsilon INTEGER NOT NULL, sensitivity INTEGER NOT NULL, alive INTEGER NOT NULL, total INTEGER NOT NULL, unconfirmed INTEGER NOT NULL,
            value INTEGER, reason TEXT, publish_ms INTEGER NOT NULL, hash TEXT NOT NULL, commitment TEXT, salt BLOB, withdrawn INTEGER NOT NULL DEFAULT 0,
            UNIQUE (space, series, from_ms));
        CREATE INDEX release_of_space ON release (space, number)
        """);

    private const string BlockedBefore = "blocked-before";

    private readonly Lock _writing = new();
    private readonly Lock _reading = new();
    private readonly SqliteConnection _writer;
    private readonly SqliteConnection _reader;
    private readonly LoggedCommits _commits;

    /// <summary>Opens or creates the file.</summary>
    /// <exception cref="StoreException">It is damaged, or of a newer program.</exception>
    public ReleaseStore(string path)
    {
        _writer = SqliteFile.Open(path, Schema);
        _commits = new LoggedCommits(_writer);
        _reader = SqliteFile.Connect(path);
    }

    /// <summary>Where the ledger lies in a data folder.</summary>
    public static string FileIn(string dataFolder) => Path.Combine(dataFolder, "silo", "releases.db");

    /// <summary>Releases cells of one day, all or none, or finds what was released for them before.</summary>
    /// <param name="day">The terms on that day.</param>
    /// <param name="cells">The cells.</param>
    /// <param name="now">The current instant.</param>
    /// <returns>What is stored for each cell, now and for ever, in the order of the cells.</returns>
    /// <exception cref="ArgumentException">A cell has not ended: readings would still come for it.</exception>
    /// <exception cref="SqliteException">Nothing was released; what was drawn is forgotten, unseen.</exception>
    public IReadOnlyList<Released> Release(ReleaseDay day, IReadOnlyList<SealedCell> cells, DateTimeOffset now)
    {
        if (cells.FirstOrDefault(cell => cell.Cell.To > now) is { } open)
            throw new ArgumentException($"{open.Cell} of '{open.Series}' has not ended.", nameof(cells));
        return Write<IReadOnlyList<Released>>(transaction =>
        {
            var book = new ReleaseBook(_writer, transaction, Blocked(transaction), now);
            return [.. cells.Select(cell => ReleaseMechanism.Release(book, day, cell))];
        });
    }

    /// <summary>Releases that may be seen, in the order in which they were stored.</summary>
    /// <param name="after">Number of the last one that is known; 0 for none.</param>
    /// <param name="now">The current instant: none is given before its time, nor one that was stored after such a one.</param>
    /// <param name="max">Most that are given, 1 or more.</param>
    public IReadOnlyList<StoredRelease> Published(long after, DateTimeOffset now, int max)
    {
        lock (_reading)
        {
            using var command = _reader.CreateCommand();
            command.CommandText = $"""
                SELECT {ReleaseRows.Columns} FROM release
                WHERE number > $after AND number < COALESCE((SELECT MIN(number) FROM release WHERE number > $after AND publish_ms > $now), 9223372036854775807)
                ORDER BY number LIMIT $max
                """;
            command.Parameters.AddWithValue("$after", after);
            command.Parameters.AddWithValue("$now", now.ToUnixTimeMilliseconds());
            command.Parameters.AddWithValue("$max", max);
            using var row = command.ExecuteReader();
            var found = new List<StoredRelease>();
            while (row.Read())
                found.Add(ReleaseRows.Read(row));
            return found;
        }
    }

    /// <summary>What a space has spent on a day, in millionths of epsilon, with the groups that spent it.</summary>
    public IReadOnlyDictionary<ReleaseKind, long> Spent(string space, DateOnly day)
    {
        lock (_reading)
        {
            using var command = _reader.CreateCommand();
            command.CommandText = "SELECT kind, SUM(epsilon) FROM charge WHERE space = $space AND day = $day GROUP BY kind";
            command.Parameters.AddWithValue("$space", space);
            command.Parameters.AddWithValue("$day", day.ToString("O", CultureInfo.InvariantCulture));
            using var row = command.ExecuteReader();
            var spent = new Dictionary<ReleaseKind, long>();
            while (row.Read())
                spent[ReleaseRows.KindOf(row.GetString(0))] = row.GetInt64(1);
            return spent;
        }
    }

    /// <summary>Takes back the numbers of a space and day, for numbers that were wrong. What was spent stays spent, and nothing is drawn in their place.</summary>
    /// <returns>How many numbers were taken back.</returns>
    public int Withdraw(string space, DateOnly day)
    {
        var withdrawn = Write(transaction =>
        {
            using var command = _writer.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "UPDATE release SET value = NULL, salt = NULL, withdrawn = 1 WHERE space = $space AND day = $day AND withdrawn = 0 AND value IS NOT NULL";
            command.Parameters.AddWithValue("$space", space);
            command.Parameters.AddWithValue("$day", day.ToString("O", CultureInfo.InvariantCulture));
            return command.ExecuteNonQuery();
        });
        CutLog();
        return withdrawn;
    }

    /// <summary>Says that this file may be older than what is out: no number is drawn any more for a day that begins before an instant, but what is in it stands. What was spent on such a day is not known either.</summary>
    /// <param name="instant">UTC. It never moves back.</param>
    public void BlockBefore(DateTimeOffset instant)
    {
        Write(transaction =>
        {
            if (instant <= Blocked(transaction))
                return 0;
            using var command = _writer.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "INSERT INTO mark (key, value) VALUES ($key, $value) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
            command.Parameters.AddWithValue("$key", BlockedBefore);
            command.Parameters.AddWithValue("$value", instant.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
            return command.ExecuteNonQuery();
        });
    }

    /// <summary>Walks the chain of every space.</summary>
    /// <returns>Number of the first release that does not say what it said when it was stored; null where all do.</returns>
    public long? FirstChanged()
    {
        lock (_reading)
        {
            using var command = _reader.CreateCommand();
            command.CommandText = $"SELECT {ReleaseRows.Columns} FROM release ORDER BY number";
            using var row = command.ExecuteReader();
            var last = new Dictionary<string, string>(StringComparer.Ordinal);
            while (row.Read())
            {
                var space = row.GetString(1);
                if (!ReleaseRows.IsAsStored(row, last.GetValueOrDefault(space) ?? ""))
                    return row.GetInt64(0);
                last[space] = row.GetString(16);
            }

            return null;
        }
    }

    public void Dispose()
    {
        lock (_reading)
            _reader.Dispose();
        lock (_writing)
            _writer.Dispose();
    }

    // What was drawn and could not be stored must not stay in the log: with the number that is drawn next, somebody who has the files would have two.
    private T Write<T>(Func<SqliteTransaction, T> work)
    {
        lock (_writing)
        {
            try
            {
                using var transaction = _commits.Begin();
                var done = work(transaction);
                _commits.Commit(transaction);
                return done;
            }
            catch
            {
                CutLog();
                throw;
            }
        }
    }

    // Where another program holds it, the next time does.
    private void CutLog()
    {
        lock (_writing)
        {
            try
            {
                SqliteFile.TruncateLog(_writer);
            }
            catch (SqliteException)
            {
                // The disk is what failed the work before, which its caller is told.
            }
        }
    }

    private DateTimeOffset Blocked(SqliteTransaction transaction)
    {
        using var command = _writer.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT value FROM mark WHERE key = $key";
        command.Parameters.AddWithValue("$key", BlockedBefore);
        return command.ExecuteScalar() is string text ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(text, CultureInfo.InvariantCulture)) : DateTimeOffset.MinValue;
    }
}

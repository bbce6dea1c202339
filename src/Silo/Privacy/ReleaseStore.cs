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
internal sealed partial class ReleaseStore : IDisposable
{
    private const string BlockedBefore = "blocked-before";

    private readonly string _path;
    private readonly Lock _writing = new();
    private readonly SqliteConnection _writer;
    private readonly LoggedCommits _commits;

    /// <summary>Opens or creates the file. The hub does it through <see cref="Open"/>.</summary>
    /// <param name="path">Path of the ledger.</param>
    /// <param name="headFile">Where <see cref="LedgerHead"/> is kept; null for nowhere.</param>
    /// <exception cref="StoreException">It is damaged, or of a newer program.</exception>
    public ReleaseStore(string path, string? headFile = null)
    {
        (_path, _headFile) = (path, headFile);
        _writer = SqliteFile.Open(path, ReleaseSchema.Newest);
        // A copy of the older form would keep what is withdrawn or forgotten from now on; also one that a kill has left.
        SqliteMigration.DeleteOldCopies(path, DateTimeOffset.MaxValue);
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
    public IReadOnlyList<Released> Release(ReleaseDay day, IReadOnlyList<SealedCell> cells, DateTimeOffset now) => Release([.. cells.Select(cell => (day, cell))], now);

    /// <summary>Releases cells of several days or spaces in one transaction, all or none, or finds what was released for them before. All cells of a tick together cost one write to the disk.</summary>
    /// <param name="cells">The cells, each with the terms on its day.</param>
    /// <param name="now">The current instant.</param>
    /// <returns>What is stored for each cell, now and for ever, in the order of the cells.</returns>
    /// <exception cref="ArgumentException">A cell has not ended: readings would still come for it.</exception>
    /// <exception cref="SqliteException">Nothing was released; what was drawn is forgotten, unseen.</exception>
    /// <exception cref="IOException">It is released, but how far the ledger has come could not be written; the same call again does it.</exception>
    public IReadOnlyList<Released> Release(IReadOnlyList<(ReleaseDay Day, SealedCell Cell)> cells, DateTimeOffset now)
    {
        if (cells.Select(cell => cell.Cell).FirstOrDefault(cell => cell.Cell.To > now) is { } open)
            throw new ArgumentException($"{open.Cell} of '{open.Series}' has not ended.", nameof(cells));
        var released = Write<IReadOnlyList<Released>>(transaction =>
        {
            var book = new ReleaseBook(_writer, transaction, Blocked(transaction), now);
            return [.. cells.Select(cell => ReleaseMechanism.Release(book, cell.Day, cell.Cell))];
        });
        KeepHead();
        return released;
    }

    /// <summary>Takes back the numbers of a space and day, for numbers that were wrong. What was spent stays spent, and nothing is drawn in their place.</summary>
    /// <param name="space">The space.</param>
    /// <param name="day">The day in its zone.</param>
    /// <param name="now">The current instant. Copies see it from the next tick on, behind what was stored before and is not out yet.</param>
    /// <returns>How many numbers were taken back.</returns>
    public int Withdraw(string space, DateOnly day, DateTimeOffset now)
    {
        var withdrawn = Write(transaction =>
        {
            using var command = Command(transaction, $"""
                UPDATE release SET value = NULL, salt = NULL, withdrawn = 1, seq = next.seq, visible_ms = MAX(publish_ms, $tick)
                FROM (SELECT number AS moved, {ReleaseRows.NextSeq} - 1 + ROW_NUMBER() OVER (ORDER BY number) AS seq
                      FROM release WHERE space = $space AND day = $day AND withdrawn = 0 AND value IS NOT NULL) AS next
                WHERE number = next.moved
                """);
            command.Parameters.AddWithValue("$space", space);
            command.Parameters.AddWithValue("$day", ReleaseRows.TextOf(day));
            command.Parameters.AddWithValue("$tick", ReleaseTick.After(now).ToUnixTimeMilliseconds());
            return command.ExecuteNonQuery();
        });
        CutLog();
        KeepHead();
        return withdrawn;
    }

    /// <summary>Says that this file may be older than what is out: no number is drawn any more for a day that begins before an instant, but what is in it stands. What was spent on such a day is not known either.</summary>
    /// <param name="instant">UTC. It never moves back.</param>
    public void BlockBefore(DateTimeOffset instant) => Write(transaction =>
    {
        Block(transaction, instant);
        return 0;
    });

    /// <summary>Walks the chain of every space.</summary>
    /// <returns>Number of the first release that does not say what it said when it was stored, or whose charge does not; null where all do.</returns>
    public long? FirstChanged()
    {
        // On a connection of its own: it can take minutes, and others read meanwhile.
        using var own = SqliteFile.Connect(_path);
        using var moment = own.BeginTransaction(deferred: true);
        return ReleaseWalk.Over(own, moment).Fault?.Number;
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

    private void Block(SqliteTransaction transaction, DateTimeOffset before)
    {
        if (before > Blocked(transaction))
            Mark(transaction, BlockedBefore, before.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
    }

    private DateTimeOffset Blocked(SqliteTransaction transaction) =>
        Marked(transaction, BlockedBefore) is { } text ? InstantOf(text) : DateTimeOffset.MinValue;

    private string? Marked(SqliteTransaction transaction, string key)
    {
        using var command = Command(transaction, "SELECT value FROM mark WHERE key = $key");
        command.Parameters.AddWithValue("$key", key);
        return command.ExecuteScalar() as string;
    }

    private void Mark(SqliteTransaction transaction, string key, string value)
    {
        using var command = Command(transaction, "INSERT INTO mark (key, value) VALUES ($key, $value) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
        command.Parameters.AddWithValue("$key", key);
        command.Parameters.AddWithValue("$value", value);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(SqliteTransaction transaction, string sql)
    {
        var command = _writer.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Fixed texts of this file and of the rows.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}

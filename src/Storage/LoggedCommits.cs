using Microsoft.Data.Sqlite;

namespace Monitoring.Storage;

/// <summary>Commits of one connection. After one that failed the write-ahead log begins anew.</summary>
/// <remarks>
/// The frames of a failed commit stay behind the end of the log. A shorter commit leaves part of them there, and after a power cut that would look like damage:
/// see <see cref="WriteAheadLog"/>.
/// </remarks>
/// <param name="connection">Open connection that writes.</param>
public sealed class LoggedCommits(SqliteConnection connection)
{
    private bool _hasLeftovers;

    /// <summary>Begins a transaction that holds the file from its beginning.</summary>
    /// <exception cref="SqliteException">Another program holds the file, or the disk does not take what the log holds.</exception>
    public SqliteTransaction Begin()
    {
        // Where a reader holds the log, it is as it was, and the next time empties it.
        if (_hasLeftovers && SqliteFile.TruncateLog(connection))
            _hasLeftovers = false;
        return connection.BeginTransaction(deferred: false);
    }

    /// <summary>Makes a transaction durable.</summary>
    /// <param name="transaction">The one that was begun.</param>
    /// <exception cref="SqliteException">It is not durable.</exception>
    public void Commit(SqliteTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        try
        {
            transaction.Commit();
        }
        catch
        {
            _hasLeftovers = true;
            throw;
        }
    }
}

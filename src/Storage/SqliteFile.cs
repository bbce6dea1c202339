using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Monitoring.Storage;

/// <summary>Opens SQLite files the way every store of the hub needs them: durable, private, checked, of a known schema.</summary>
public static class SqliteFile
{
    /// <summary>How often the write-ahead log is emptied and cut, so that overwritten rows do not live on in it.</summary>
    public static readonly TimeSpan TruncateLogEvery = TimeSpan.FromMinutes(5);

    /// <summary>How long a write waits for another program that holds the file. Shorter than a call to a grain may last, so that its caller still hears why.</summary>
    private const int BusySeconds = 1;

    /// <summary>Opens or creates a file.</summary>
    /// <param name="path">Path of the file; its folder is created.</param>
    /// <param name="schema">The form that this program writes; a file of an older form is copied, then migrated.</param>
    /// <param name="migrated">Told of the copy where there was one to make.</param>
    /// <returns>An open connection; <c>synchronous=FULL</c>, write-ahead log, deleted rows overwritten.</returns>
    /// <exception cref="StoreException">The file or its write-ahead log is damaged, it was written by a newer program, or cannot be migrated; it is as it was.</exception>
    public static SqliteConnection Open(string path, SqliteSchema schema, Action<SqliteMigration>? migrated = null)
    {
        ArgumentNullException.ThrowIfNull(schema);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        CreatePrivately(path);
        if (WriteAheadLog.DamagedAt($"{path}-wal") is { } at)
            throw new StoreException($"{path}-wal is damaged at byte {at}, and what was kept after it would be lost without a word: keep a copy of the folder, look at the disk, then open {path} once with sqlite3, which keeps what was written before the damage, and start again");
        var connection = Connect(path);
        try
        {
            Execute(connection, $"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA busy_timeout={BusySeconds * 1000};");
            Check(connection, path);
            BeginLog(connection);
            var found = SchemaOf(connection);
            if (found > schema.Version)
                throw new StoreException($"{path} has schema {found}; this program knows up to {schema.Version}: start the newer program, or restore an older copy");
            if (found == 0)
                Execute(connection, $"BEGIN IMMEDIATE; {schema.Create}; PRAGMA user_version={schema.Version}; COMMIT;");
            else if (found < schema.Version)
                Migrate(connection, path, found, schema, migrated);
            return connection;
        }
        catch (SqliteException fault)
        {
            connection.Dispose();
            throw new StoreException($"{path} cannot be opened ({fault.Message}): restore it, or move it away to begin empty", fault);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Number of the form of a file's tables; 0 where it has none yet.</summary>
    /// <param name="connection">Open connection.</param>
    public static int SchemaOf(SqliteConnection connection) => Convert.ToInt32(Scalar(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture);

    /// <summary>Opens a second connection to a file that is open already, for reading.</summary>
    /// <param name="path">Path of the file.</param>
    public static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = BusySeconds }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>Empties and cuts the write-ahead log; where a reader holds it, the next time does.</summary>
    /// <param name="connection">Open connection.</param>
    /// <returns>Whether the log is empty now.</returns>
    public static bool TruncateLog(SqliteConnection connection) => Scalar(connection, "PRAGMA wal_checkpoint(TRUNCATE)") is 0L;

    /// <summary>Runs SQL that returns nothing.</summary>
    /// <param name="connection">Open connection.</param>
    /// <param name="sql">Fixed text; values go into parameters elsewhere.</param>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Callers pass fixed text.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Runs SQL that returns one value.</summary>
    /// <param name="connection">Open connection.</param>
    /// <param name="sql">Fixed text.</param>
    public static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Callers pass fixed text.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    // A transaction that a power cut broke off leaves its frames behind the end of the log. They bear the mark of the log's round, so that the next broken one
    // would look like damage: with an empty log a round of this process begins. A reader that holds it, or a full disk, must not keep the hub from starting.
    private static void BeginLog(SqliteConnection connection)
    {
        try
        {
            TruncateLog(connection);
        }
        catch (SqliteException)
        {
            // What is wrong with the disk fails the next commit, which tells it.
        }
    }

    private static void Migrate(SqliteConnection connection, string path, int found, SqliteSchema schema, Action<SqliteMigration>? migrated)
    {
        var done = SqliteMigration.Run(connection, path, found, schema);
        migrated?.Invoke(done);
    }

    private static void Check(SqliteConnection connection, string path)
    {
        if (Scalar(connection, "PRAGMA quick_check(1)") is not "ok")
            throw new StoreException($"{path} is damaged: restore it from a copy, or move it away to begin empty");
    }

    // SQLite creates its -wal and -shm files with the mode of the main file.
    internal static void CreatePrivately(string path)
    {
        if (File.Exists(path))
            return;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(path, options).Dispose();
    }
}

/// <summary>A store that cannot be used; the message says which file and what to do.</summary>
public sealed class StoreException : Exception
{
    /// <summary>Creates it.</summary>
    /// <param name="message">Which file, what is wrong, what to do.</param>
    public StoreException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with its cause.</summary>
    /// <param name="message">Which file, what is wrong, what to do.</param>
    /// <param name="inner">The cause.</param>
    public StoreException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

using System.Globalization;
using DuckDB.NET.Data;

namespace Monitoring.History;

/// <summary>The file of the history: opened privately, checked, its engine held within limits.</summary>
/// <remarks>One process opens it; inside it, connections with the same text share one engine.</remarks>
internal sealed class DuckDbFile
{
    /// <summary>Form of the tables that this program writes.</summary>
    public const int Schema = 1;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder;
    private readonly int _spillMb;
    private readonly string _connection;

    public DuckDbFile(string path, HistoryOptions options)
    {
        (Path, _spillMb) = (System.IO.Path.GetFullPath(path), options.SpillMb);
        _folder = System.IO.Path.GetDirectoryName(Path)!;
        Exports = System.IO.Path.Combine(_folder, "history-exports");
        _connection = new DuckDBConnectionStringBuilder
        {
            DataSource = Path,
            ["memory_limit"] = string.Create(CultureInfo.InvariantCulture, $"{options.MemoryMb}MB"),
            ["threads"] = options.Threads.ToString(CultureInfo.InvariantCulture),
            ["temp_directory"] = $"{Path}.spill",
            ["autoinstall_known_extensions"] = "false",
            ["autoload_known_extensions"] = "false",
        }.ConnectionString;
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Folder of files that are being fetched; emptied whenever the history is opened.</summary>
    public string Exports { get; }

    /// <summary>Opens or creates the file. The connection keeps its engine alive.</summary>
    /// <exception cref="UnusableFileException">It is damaged, of another program, or of a newer one.</exception>
    /// <exception cref="DuckDBException">It cannot be opened now.</exception>
    public DuckDBConnection Open()
    {
        Directory.CreateDirectory(_folder);
        EmptyExports();
        DuckDBConnection? connection = null;
        try
        {
            connection = Connect();
            LockUp(connection);
            CheckSchema(connection);
            Sql.Execute(connection, PointRows.CreateIncoming + HealthRows.CreateIncoming);
            Restrict();
            return connection;
        }
        catch (DuckDBException fault) when (DuckDbFault.IsUnreadable(fault))
        {
            connection?.Dispose();
            throw new UnusableFileException(DuckDbFault.Unusable(fault, Path), fault);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    /// <summary>One more connection to the engine that is open.</summary>
    public DuckDBConnection Connect()
    {
        var connection = new DuckDBConnection(_connection);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Leaves the file and its log to their owner. The engine makes its log anew again and again, and asks nobody for the mode.</summary>
    public void Restrict()
    {
        if (OperatingSystem.IsWindows())
            return;
        foreach (var file in (IEnumerable<string>)[Path, $"{Path}.wal"])
        {
            if (File.Exists(file) && File.GetUnixFileMode(file) != OwnerOnly)
                File.SetUnixFileMode(file, OwnerOnly);
        }
    }

    /// <summary>Moves a file that cannot be used aside, in place of the one that was put there before.</summary>
    public void SetAside()
    {
        foreach (var end in (IEnumerable<string>)["", ".wal"])
        {
            if (File.Exists(Path + end))
                File.Move(Path + end, $"{Path}.aside{end}", overwrite: true);
            else
                File.Delete($"{Path}.aside{end}");
        }
    }

    private void EmptyExports()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(Exports);
        else
            Directory.CreateDirectory(Exports, OwnerOnly | UnixFileMode.UserExecute);
        foreach (var left in Directory.EnumerateFiles(Exports))
            File.Delete(left);
    }

    // No statement reads or writes any other file, and none can change that. The limit of the disk is set here: given while opening, the engine (1.5.6) shows it and does not hold it.
    private void LockUp(DuckDBConnection connection)
    {
        var exports = Exports.Replace("'", "''", StringComparison.Ordinal);
        if (Sql.Scalar(connection, "SELECT current_setting('enable_external_access')") is true)
            Sql.Execute(connection, $"SET max_temp_directory_size='{_spillMb}MB'; SET allowed_directories=['{exports}/']; SET enable_external_access=false; SET lock_configuration=true");
    }

    private void CheckSchema(DuckDBConnection connection)
    {
        var tables = Convert.ToInt64(Sql.Scalar(connection, "SELECT count(*) FROM duckdb_tables() WHERE NOT temporary"), CultureInfo.InvariantCulture);
        if (tables == 0)
        {
            using var transaction = connection.BeginTransaction();
            Sql.Execute(connection, $"CREATE TABLE monitoring_history (schema_version INTEGER NOT NULL, copied_to BIGINT NOT NULL); INSERT INTO monitoring_history VALUES ({Schema}, 0); {PointRows.Create} {HealthRows.Create}");
            transaction.Commit();
            return;
        }

        if (Sql.Scalar(connection, "SELECT count(*) FROM duckdb_tables() WHERE table_name IN ('monitoring_history', 'points', 'health') AND NOT temporary") is not 3L)
            throw new UnusableFileException($"{Path} is a file of another program: move it away, or make the history again with 'monitoring history rebuild', which puts this file aside.");
        var found = Convert.ToInt64(Sql.Scalar(connection, "SELECT max(schema_version) FROM monitoring_history") ?? 0, CultureInfo.InvariantCulture);
        if (found != Schema)
            throw new UnusableFileException($"{Path} has schema {found}, and this program knows {Schema}: start the newer program, or make the history again with 'monitoring history rebuild', which puts this file aside.");
    }
}

/// <summary>A file that no waiting mends; what to do is in the message.</summary>
internal sealed class UnusableFileException(string message, Exception? fault = null) : Exception(message, fault);

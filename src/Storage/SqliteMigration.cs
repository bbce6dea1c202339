using Microsoft.Data.Sqlite;

namespace Monitoring.Storage;

/// <summary>A file of an older form that was copied and then migrated.</summary>
/// <param name="Path">The file.</param>
/// <param name="From">Its form before.</param>
/// <param name="To">Its form now.</param>
/// <param name="Copy">The copy as it was before, beside the file and as private.</param>
public sealed record SqliteMigration(string Path, int From, int To, string Copy)
{
    /// <summary>How long the copy is kept: it may hold counts, which live no longer than in the journal.</summary>
    public static readonly TimeSpan CopyKeptFor = TimeSpan.FromHours(6);

    private const string CopyMark = ".schema-";

    /// <summary>Deletes copies whose time is over.</summary>
    /// <param name="path">The file that they are copies of.</param>
    /// <param name="now">The current instant, by the clock that the file system uses.</param>
    public static void DeleteOldCopies(string path, DateTimeOffset now)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        foreach (var copy in Directory.EnumerateFiles(folder, $"{System.IO.Path.GetFileName(path)}{CopyMark}*"))
        {
            if (now - File.GetLastWriteTimeUtc(copy) > CopyKeptFor)
                File.Delete(copy);
        }
    }

    // All steps are one transaction: a crash on the way leaves the file as it was.
    internal static SqliteMigration Run(SqliteConnection connection, string path, int from, SqliteSchema schema)
    {
        var copy = Copied(connection, path, from);
        try
        {
            SqliteFile.Execute(connection, $"BEGIN IMMEDIATE; {string.Join("; ", schema.Migrations.Skip(from - 1))}; PRAGMA user_version={schema.Version}; COMMIT;");
        }
        catch (SqliteException fault)
        {
            throw new StoreException($"{path} has schema {from} and cannot be migrated to {schema.Version} ({fault.Message}): it is as it was; start the older program, and keep the copy {copy}", fault);
        }

        return new SqliteMigration(path, from, schema.Version, copy);
    }

    // Under another name until it is whole: half a copy never bears the name of one.
    private static string Copied(SqliteConnection connection, string path, int from)
    {
        var copy = FormattableString.Invariant($"{path}{CopyMark}{from}");
        var unfinished = copy + ".part";
        File.Delete(unfinished);
        SqliteFile.CreatePrivately(unfinished);
        using var command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO $file";
        command.Parameters.AddWithValue("$file", unfinished);
        command.ExecuteNonQuery();
        File.Move(unfinished, copy, overwrite: true);
        return copy;
    }
}

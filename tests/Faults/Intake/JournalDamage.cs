using Microsoft.Data.Sqlite;

namespace Monitoring.Faults.Intake;

/// <summary>Damage to a journal's files while no hub has them open.</summary>
internal static class JournalDamage
{
    /// <summary>Brings what is in the write-ahead log into the main file.</summary>
    public static void Checkpoint(string journal)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = journal, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        command.ExecuteNonQuery();
    }

    /// <summary>Flips the lowest bit of the last byte of a text, everywhere in a file.</summary>
    /// <returns>How often it was found.</returns>
    public static int Flip(string file, byte[] text)
    {
        var bytes = File.ReadAllBytes(file);
        var found = 0;
        for (var at = 0; (at = Next(bytes, text, at)) >= 0; at += text.Length)
        {
            bytes[at + text.Length - 1] ^= 1;
            found++;
        }

        File.WriteAllBytes(file, bytes);
        return found;
    }

    /// <summary>Flips a bit in the middle of a file.</summary>
    public static void FlipMiddle(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    /// <summary>Cuts a file.</summary>
    public static void Cut(string file, int bytes)
    {
        using var stream = new FileStream(file, FileMode.Open);
        stream.SetLength(stream.Length - bytes);
    }

    /// <summary>Adds bytes by chance, as an unfinished write leaves them.</summary>
    public static void Append(string file, byte[] bytes)
    {
        using var stream = new FileStream(file, FileMode.Append);
        stream.Write(bytes);
    }

    private static int Next(byte[] bytes, byte[] text, int from) => bytes.AsSpan(from).IndexOf(text) is >= 0 and var at ? from + at : -1;
}

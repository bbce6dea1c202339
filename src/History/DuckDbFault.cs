using DuckDB.NET.Data;
using Monitoring.Domain.History;

namespace Monitoring.History;

/// <summary>What a fault of the engine means to the person who runs the hub.</summary>
internal static class DuckDbFault
{
    // The engine tells these apart in words only.
    private static readonly string[] Unreadable =
    [
        "not a valid DuckDB database file", "Corrupt database file", "Could not read enough bytes", "Could not read from file", "does not match stored checksum", "replaying WAL", "WAL file", "Serialization Error", "INTERNAL Error",
    ];

    /// <summary>Whether the file itself is damaged or something else, so that only a new one helps.</summary>
    public static bool IsUnreadable(DuckDBException fault) => IsNewer(fault.Message) || Unreadable.Any(words => fault.Message.Contains(words, StringComparison.Ordinal));

    /// <summary>Whether the engine answers nothing any more until it is opened again.</summary>
    public static bool EndsEngine(Exception fault) => fault is DuckDBException && (fault.Message.Contains("FATAL", StringComparison.Ordinal) || fault.Message.Contains("has been invalidated", StringComparison.Ordinal));

    /// <summary>Whether it was broken off by an interrupt.</summary>
    public static bool IsInterrupt(DuckDBException fault) => fault.Message.StartsWith("INTERRUPT Error", StringComparison.Ordinal);

    /// <summary>What to do about a file that only a new one replaces.</summary>
    /// <param name="fault">What the engine says.</param>
    /// <param name="file">Path of the file.</param>
    public static string Unusable(DuckDBException fault, string file) => IsNewer(fault.Message)
        ? $"{file} was written by a newer program ({Said(fault)}): start that one, or make the history again with 'monitoring history rebuild', which puts this file aside."
        : $"{file} is damaged or no history ({Said(fault)}): make it again from the ledger with 'monitoring history rebuild', which puts this file aside.";

    /// <summary>The fault as the port tells it.</summary>
    /// <param name="fault">What the engine says.</param>
    /// <param name="file">Path of the file.</param>
    /// <param name="options">Limits of the engine.</param>
    public static HistoryAwayException Of(DuckDBException fault, string file, HistoryOptions options)
    {
        if (fault.Message.Contains("Could not set lock on file", StringComparison.Ordinal))
            return new($"{file} is open in another program: end that one, and the history goes on by itself.", fault) { NeedsPerson = true };
        if (IsUnreadable(fault))
            return new(Unusable(fault, file), fault) { NeedsPerson = true };
        if (fault.Message.Contains("Out of Memory", StringComparison.OrdinalIgnoreCase))
            return new($"The question needs more than the engine has: ask for a shorter range, or raise Silo:History:MemoryMb ({options.MemoryMb}) or Silo:History:SpillMb ({options.SpillMb}).", fault);
        return new($"{file} cannot be used now ({Said(fault)}); it is tried again. Look at the disk if it stays.", fault);
    }

    private static string Said(DuckDBException fault) => fault.Message.Split('\n')[0];

    private static bool IsNewer(string message) => message.Contains("version number", StringComparison.Ordinal);
}

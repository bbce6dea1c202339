using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>Breaks off what a release ledger does, at a point within its transaction, for as long as it is open.</summary>
/// <remarks>By views, triggers and a hook that only the ledger's own connection knows, and that are not in its file: nothing in the hub is there for it.</remarks>
internal static class BrokenOffLedger
{
    /// <summary>When it asks what was charged: nothing is drawn.</summary>
    public static void BeforeCharge(ReleaseStore ledger) =>
        With(ledger, 1, "CREATE TEMP VIEW charge AS WITH here AS MATERIALIZED (SELECT break_off() AS none) SELECT c.* FROM here, main.charge c WHERE none = 0");

    /// <summary>When the number of a row is drawn, and the row is not written.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="row">Which of the rows to come.</param>
    public static void AfterDraw(ReleaseStore ledger, int row) => With(ledger, row, "CREATE TEMP TRIGGER break_off BEFORE INSERT ON main.release BEGIN SELECT break_off(); END");

    /// <summary>When the day is charged.</summary>
    public static void AfterCharge(ReleaseStore ledger) => With(ledger, 1, "CREATE TEMP TRIGGER break_off AFTER INSERT ON main.charge BEGIN SELECT break_off(); END");

    /// <summary>When all is written, and not committed.</summary>
    public static void BeforeCommit(ReleaseStore ledger)
    {
        lock (WritingOf(ledger))
            SQLitePCL.raw.sqlite3_commit_hook(WriterOf(ledger).Handle, _ => 1, null);
    }

    private static void With(ReleaseStore ledger, int time, string sql)
    {
        lock (WritingOf(ledger))
        {
            var writer = WriterOf(ledger);
            writer.CreateFunction("break_off", () => --time > 0 ? 0 : throw new InvalidOperationException("broken off"));
            using var command = writer.CreateCommand();
#pragma warning disable CA2100 // Fixed texts of this file.
            command.CommandText = sql;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_writer")]
    private static extern ref SqliteConnection WriterOf(ReleaseStore ledger);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_writing")]
    private static extern ref Lock WritingOf(ReleaseStore ledger);
}

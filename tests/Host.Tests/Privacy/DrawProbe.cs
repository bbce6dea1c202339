using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>Notes of each row of a release ledger on which thread it is written, and in answer to which request. Its number is drawn there, a few lines before.</summary>
/// <remarks>By a trigger that only the ledger's own connection knows, and that is not in its file: nothing in the hub is there for it.</remarks>
internal sealed class DrawProbe
{
    private readonly ConcurrentQueue<(string? Thread, bool IsPool, string? Request)> _seen = new();

    /// <summary>Begins.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="written">Called for each row, before it is committed.</param>
    public DrawProbe(ReleaseStore ledger, Action? written = null)
    {
        lock (WritingOf(ledger))
        {
            var writer = WriterOf(ledger);
            writer.CreateFunction("note_draw", () =>
            {
                _seen.Enqueue((Thread.CurrentThread.Name, Thread.CurrentThread.IsThreadPoolThread, Request.Value));
                written?.Invoke();
                return 0;
            });
            using var trigger = writer.CreateCommand();
            trigger.CommandText = "CREATE TEMP TRIGGER note_draw AFTER INSERT ON main.release BEGIN SELECT note_draw(); END";
            trigger.ExecuteNonQuery();
        }
    }

    /// <summary>The request that is being answered; goes wherever its work goes. Null where there is none.</summary>
    public static AsyncLocal<string?> Request { get; } = new();

    /// <summary>What was noted.</summary>
    public IReadOnlyCollection<(string? Thread, bool IsPool, string? Request)> Seen => _seen;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_writer")]
    private static extern ref SqliteConnection WriterOf(ReleaseStore ledger);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_writing")]
    private static extern ref Lock WritingOf(ReleaseStore ledger);
}

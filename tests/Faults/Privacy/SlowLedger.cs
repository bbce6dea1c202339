using Microsoft.Data.Sqlite;

namespace Monitoring.Faults.Privacy;

/// <summary>A release ledger that takes very long about a row: before it is written, when its number is drawn, or after, before it is committed.</summary>
/// <remarks>By a trigger of the test's in the hub's file, so that nothing in the hub is there for it. It is taken out again while the hub is down.</remarks>
internal sealed class SlowLedger : IDisposable
{
    private const string Slow = "SELECT COUNT(*) FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 4000000000) SELECT i FROM n)";

    private readonly SqliteConnection _ledger;

    private SlowLedger(string data, string trigger)
    {
        _ledger = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "silo", "releases.db"), Pooling = false, DefaultTimeout = 10 }.ToString());
        _ledger.Open();
        Execute(trigger);
    }

    /// <summary>Slow when a number is drawn and nothing is written.</summary>
    public static SlowLedger AfterDraw(string data) => new(data, $"CREATE TRIGGER slow BEFORE INSERT ON release BEGIN {Slow}; END");

    /// <summary>Slow when the numbers of all series of a cell are written, and not committed.</summary>
    public static SlowLedger BeforeCommit(string data, int series) =>
        new(data, $"CREATE TRIGGER slow AFTER INSERT ON release WHEN (SELECT COUNT(*) FROM release WHERE from_ms = NEW.from_ms) >= {series} BEGIN {Slow}; END");

    /// <summary>Whether the hub is in the middle of a transaction.</summary>
    public bool IsHeld()
    {
        try
        {
            Execute("BEGIN IMMEDIATE; ROLLBACK", seconds: 1);
            return false;
        }
        catch (SqliteException busy) when (busy.SqliteErrorCode == 5)
        {
            return true;
        }
    }

    /// <summary>Makes it as it was.</summary>
    public void Dispose()
    {
        Execute("DROP TRIGGER slow");
        _ledger.Dispose();
    }

    private void Execute(string sql, int seconds = 30)
    {
        using var command = _ledger.CreateCommand();
#pragma warning disable CA2100 // Fixed texts of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.CommandTimeout = seconds;
        command.ExecuteNonQuery();
    }
}

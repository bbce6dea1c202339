using Microsoft.Data.Sqlite;
using Monitoring.Privacy;

namespace Monitoring.Silo.Privacy;

/// <summary>What becomes of cells whose time is over: sums of months, without a way back to a day.</summary>
internal sealed partial class ReleaseStore
{
    /// <summary>Most cells that one transaction forgets: the releases of a tick must not wait long behind it.</summary>
    public const int ForgetMax = 5_000;

    private const string ForgottenSeq = "forgotten-seq";
    private const string ForgottenBefore = "forgotten-before";

    // What is forgotten of a space is the beginning of its chain, so that what is left still hangs together. A cell that was stored behind one of a later day goes with that one.
    private const string Oldest = """
        WITH RECURSIVE s (space) AS (SELECT MIN(space) FROM release UNION ALL SELECT (SELECT MIN(n.space) FROM release n WHERE n.space > s.space) FROM s WHERE s.space IS NOT NULL)
        SELECT s.space, (SELECT MAX(number) FROM (
            SELECT b.number FROM release b WHERE b.space = s.space
                AND b.number < COALESCE((SELECT n.number FROM release n INDEXED BY release_of_space WHERE n.space = s.space AND n.day >= $before ORDER BY n.number LIMIT 1), 9223372036854775807)
            ORDER BY b.number LIMIT $max)) AS last
        FROM s WHERE s.space IS NOT NULL AND EXISTS (SELECT 1 FROM release d WHERE d.space = s.space AND d.day < $before) AND last IS NOT NULL LIMIT 1
        """;

    private const string AddUp = """
        INSERT INTO month_sum (space, series, kind, month, from_ms, to_ms, cells, released, value, epsilon, sensitivity, alive, total, unconfirmed, terms)
        SELECT space, series, kind, substr(day, 1, 7) AS month, MIN(from_ms), MAX(to_ms), COUNT(*), COUNT(value), SUM(value),
            CASE WHEN MIN(epsilon) = MAX(epsilon) THEN MIN(epsilon) END, CASE WHEN MIN(sensitivity) = MAX(sensitivity) THEN MIN(sensitivity) END,
            MIN(alive), MAX(total), MAX(unconfirmed), MAX(terms)
        FROM release WHERE space = $space AND number <= $last GROUP BY series, kind, month
        ON CONFLICT (space, series, kind, month) DO UPDATE SET
            from_ms = MIN(from_ms, excluded.from_ms), to_ms = MAX(to_ms, excluded.to_ms), cells = cells + excluded.cells, released = released + excluded.released,
            value = COALESCE(value + excluded.value, value, excluded.value),
            epsilon = CASE WHEN epsilon = excluded.epsilon THEN epsilon END, sensitivity = CASE WHEN sensitivity = excluded.sensitivity THEN sensitivity END,
            alive = MIN(alive, excluded.alive), total = MAX(total, excluded.total), unconfirmed = MAX(unconfirmed, excluded.unconfirmed), terms = MAX(terms, excluded.terms)
        """;

    private const string Delete = """
        INSERT INTO anchor (space, number, hash) SELECT space, number, hash FROM release WHERE number = $last AND space = $space
        ON CONFLICT (space) DO UPDATE SET number = excluded.number, hash = excluded.hash;
        DELETE FROM charge_stream WHERE (stream, from_ms, space, kind) IN
            (SELECT j.value, c.from_ms, c.space, c.kind FROM charge c JOIN json_each(c.streams) j WHERE c.space = $space AND c.number <= $last);
        DELETE FROM charge WHERE space = $space AND number <= $last;
        DELETE FROM release WHERE space = $space AND number <= $last
        """;

    /// <summary>Forgets the oldest cells of one space, and the charges they caused: they are added to the sums of their months. Nothing is drawn any more for a day of which a cell was forgotten, nor for one before it.</summary>
    /// <remarks>A month into which a day went cannot be taken apart: a day is withdrawn before it is forgotten, or not at all.</remarks>
    /// <param name="before">Cells of days before it go, at most <see cref="ForgetMax"/> at once. A day is one of the space's zone.</param>
    /// <returns>How many cells went; with 0 there is nothing left to forget, otherwise it is to be called again.</returns>
    /// <exception cref="SqliteException">Nothing was forgotten.</exception>
    public int Forget(DateOnly before)
    {
        var forgotten = Write(transaction =>
        {
            using var command = Command(transaction, Oldest);
            command.Parameters.AddWithValue("$before", ReleaseRows.TextOf(before));
            command.Parameters.AddWithValue("$max", ForgetMax);
            KeepForgotten(transaction, before);
            if (First(command) is not var (space, last))
                return 0;
            command.Parameters.AddWithValue("$space", space);
            command.Parameters.AddWithValue("$last", last);
            command.CommandText = "SELECT MAX(to_ms) FROM (SELECT to_ms FROM release WHERE space = $space AND number <= $last UNION ALL SELECT to_ms FROM charge WHERE space = $space AND number <= $last)";
            Block(transaction, DateTimeOffset.FromUnixTimeMilliseconds((long)command.ExecuteScalar()!));
            command.CommandText = "SELECT COUNT(*) FROM release WHERE space = $space AND number <= $last";
            var cells = (int)(long)command.ExecuteScalar()!;
            command.CommandText = AddUp;
            command.ExecuteNonQuery();
            command.CommandText = Delete;
            command.ExecuteNonQuery();
            return cells;
        });
        CutLog();
        KeepHead();
        return forgotten;
    }

    /// <summary>What was forgotten of a space, by month, series and kind.</summary>
    /// <param name="space">The space.</param>
    public IReadOnlyList<MonthSum> Months(string space) => Read(
        $"""
        SELECT month, series, kind, from_ms, to_ms, cells, released, value, epsilon, sensitivity, alive, total, unconfirmed, terms,
            month < substr((SELECT value FROM mark WHERE key = '{ForgottenBefore}'), 1, 7) AND NOT EXISTS (SELECT 1 FROM release r WHERE r.space = m.space AND r.day <= m.month || '-31')
        FROM month_sum m WHERE space = $space ORDER BY month, series, kind
        """,
        DateTimeOffset.UnixEpoch,
        row => new MonthSum(
            space,
            row.GetString(1),
            ReleaseRows.KindOf(row.GetString(2)),
            ReleaseRows.DayOf($"{row.GetString(0)}-01"),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
            row.GetInt32(5),
            row.GetInt32(6),
            row.IsDBNull(7) ? null : row.GetInt64(7),
            row.IsDBNull(8) ? null : new Epsilon(row.GetInt64(8)),
            row.IsDBNull(9) ? null : new Sensitivity(row.GetInt64(9)),
            new CellCoverage(row.GetInt32(10), row.GetInt32(11), row.GetBoolean(12)),
            row.GetInt32(13),
            row.GetBoolean(14)),
        ("$space", space));

    private static (string Space, long Last)? First(SqliteCommand command)
    {
        using var row = command.ExecuteReader();
        return row.Read() ? (row.GetString(0), row.GetInt64(1)) : null;
    }

    // A place that copies have read is not given a second time, also when every row is gone.
    private void KeepForgotten(SqliteTransaction transaction, DateOnly before)
    {
        using var command = Command(transaction, $"SELECT CAST({ReleaseRows.NextSeq} - 1 AS TEXT)");
        Mark(transaction, ForgottenSeq, (string)command.ExecuteScalar()!);
        if (string.CompareOrdinal(Marked(transaction, ForgottenBefore), ReleaseRows.TextOf(before)) < 0)
            Mark(transaction, ForgottenBefore, ReleaseRows.TextOf(before));
    }
}

/// <summary>What the forgotten cells of a series and month add up to.</summary>
/// <param name="Space">The space.</param>
/// <param name="Series">The series.</param>
/// <param name="Kind">What is counted.</param>
/// <param name="Month">First day of the month, in the space's zone.</param>
/// <param name="From">UTC start of its oldest cell.</param>
/// <param name="To">UTC end of its newest cell.</param>
/// <param name="Cells">Its cells.</param>
/// <param name="Released">Those that had a number.</param>
/// <param name="Value">Their noisy sum, signed; null where none had one.</param>
/// <param name="Epsilon">What the group spent in a day; null where that changed within the month.</param>
/// <param name="Sensitivity">How far one person could move the group's numbers of a day; null where that changed.</param>
/// <param name="Coverage">Fewest sources that were alive, most that there were, and whether one was ever without a heartbeat.</param>
/// <param name="TermsVersion">Newest version of the terms.</param>
/// <param name="Complete">Whether all cells of the month that were kept are in it.</param>
internal sealed record MonthSum(
    string Space, string Series, ReleaseKind Kind, DateOnly Month, DateTimeOffset From, DateTimeOffset To, int Cells, int Released, long? Value, Epsilon? Epsilon, Sensitivity? Sensitivity,
    CellCoverage Coverage, int TermsVersion, bool Complete);

using System.Globalization;
using Microsoft.Data.Sqlite;
using Monitoring.Contracts.Accounts;
using Monitoring.Privacy;

namespace Monitoring.Silo.Privacy;

/// <summary>What becomes of cells whose time is over: sums of whole months, without a way back to a day.</summary>
internal sealed partial class ReleaseStore
{
    /// <summary>Most cells that one transaction forgets: the releases of a tick must not wait long behind it.</summary>
    public const int ForgetMax = 5_000;

    private const string ForgottenSeq = "forgotten-seq";

    // NULL after the last space.
    private const string Spaces = "WITH RECURSIVE s (space) AS (SELECT MIN(space) FROM release UNION ALL SELECT (SELECT MIN(n.space) FROM release n WHERE n.space > s.space) FROM s WHERE s.space IS NOT NULL)";

    // The last cell, by day, of what goes next: of one space the oldest days, so that months become whole one after the other.
    private const string Oldest = $"""
        {Spaces}
        SELECT space, day, number FROM (
            SELECT r.space, r.day, r.number FROM release r INDEXED BY release_of_day
            WHERE r.space = (SELECT s.space FROM s WHERE EXISTS (SELECT 1 FROM release d WHERE d.space = s.space AND d.day < $before) LIMIT 1) AND r.day < $before
            ORDER BY r.day, r.number LIMIT $max)
        ORDER BY day DESC, number DESC LIMIT 1
        """;

    private const string Goes = "space = $space AND (day, number) <= ($day, $last)";

    // A month takes several transactions, and a cell of it may be stored after the others went.
    private const string AddUp = $"""
        INSERT INTO month_sum (space, series, kind, month, epsilon, sensitivity, from_ms, to_ms, cells, released, value, alive, total, unconfirmed, terms)
        SELECT space, series, kind, substr(day, 1, 7) AS month, epsilon, sensitivity, MIN(from_ms), MAX(to_ms), COUNT(*), COUNT(value), SUM(value), MIN(alive), MAX(total), MAX(unconfirmed), MAX(terms)
        FROM release WHERE {Goes} GROUP BY series, kind, month, epsilon, sensitivity
        ON CONFLICT DO UPDATE SET
            from_ms = MIN(from_ms, excluded.from_ms), to_ms = MAX(to_ms, excluded.to_ms), cells = cells + excluded.cells, released = released + excluded.released,
            value = COALESCE(value + excluded.value, value, excluded.value),
            alive = MIN(alive, excluded.alive), total = MAX(total, excluded.total), unconfirmed = MAX(unconfirmed, excluded.unconfirmed), terms = MAX(terms, excluded.terms)
        """;

    // Of what goes, the hashes stay on which what is left depends: that before each gap's end, and the newest. A cell that was stored among those of a later day leaves a gap among them.
    private const string Delete = $"""
        INSERT INTO anchor (space, number, hash) SELECT space, number, hash FROM release WHERE {Goes};
        DELETE FROM charge_stream WHERE (stream, from_ms, space, kind) IN
            (SELECT j.value, c.from_ms, c.space, c.kind FROM (SELECT * FROM charge WHERE {Goes}) c JOIN json_each(c.streams) j);
        DELETE FROM charge WHERE {Goes};
        DELETE FROM release WHERE {Goes};
        DELETE FROM anchor WHERE space = $space AND number < (SELECT MAX(n.number) FROM anchor n WHERE n.space = $space)
            AND NOT EXISTS (SELECT 1 FROM release r WHERE r.space = $space AND r.number > anchor.number
                AND r.number < (SELECT MIN(n.number) FROM anchor n WHERE n.space = $space AND n.number > anchor.number))
        """;

    /// <summary>Forgets the oldest cells of one space, and the charges they caused: they are added to the sums of their months. Nothing is drawn any more for a day of which a cell was forgotten, nor for one before it.</summary>
    /// <remarks>A month into which a day went cannot be taken apart: a day is withdrawn before it is forgotten, or not at all.</remarks>
    /// <param name="before">First day that stays, in each space's zone: the first of a month, since half a month would be neither days nor a sum. At most <see cref="ForgetMax"/> cells go at once.</param>
    /// <returns>How many cells went; with 0 there is nothing left to forget, otherwise it is to be called again.</returns>
    /// <exception cref="SqliteException">Nothing was forgotten.</exception>
    public int Forget(DateOnly before)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(before.Day, 1, nameof(before));
        var forgotten = Write(transaction =>
        {
            using var command = Command(transaction, Oldest);
            command.Parameters.AddWithValue("$before", ReleaseRows.TextOf(before));
            command.Parameters.AddWithValue("$max", ForgetMax);
            KeepForgotten(transaction);
            if (First(command) is not var (space, day, last))
                return 0;
            command.Parameters.AddWithValue("$space", space);
            command.Parameters.AddWithValue("$day", day);
            command.Parameters.AddWithValue("$last", last);
            command.CommandText = $"SELECT MAX(to_ms) FROM (SELECT to_ms FROM release WHERE {Goes} UNION ALL SELECT to_ms FROM charge WHERE {Goes})";
            Block(transaction, DateTimeOffset.FromUnixTimeMilliseconds((long)command.ExecuteScalar()!));
            command.CommandText = $"SELECT COUNT(*) FROM release WHERE {Goes}";
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

    /// <summary>What <see cref="Forget"/> is going to forget, by space and month.</summary>
    /// <param name="before">First day that stays.</param>
    public IReadOnlyList<DueMonth> Due(DateOnly before) => Read(
        $"""
        {Spaces}
        SELECT r.space, substr(r.day, 1, 7) AS month, COUNT(*), MAX(r.number)
        FROM s JOIN release r INDEXED BY release_of_day ON r.space = s.space WHERE r.day < $before GROUP BY r.space, month ORDER BY r.space, month
        """,
        DateTimeOffset.UnixEpoch,
        row => new DueMonth(row.GetString(0), ReleaseRows.DayOf($"{row.GetString(1)}-01"), row.GetInt64(2), row.GetInt64(3)),
        ("$before", ReleaseRows.TextOf(before)));

    /// <summary>What was forgotten of a space, by month, series and kind: months of which no cell is left. Without those of which an earlier form did not keep the noise.</summary>
    /// <param name="space">The space.</param>
    public IReadOnlyList<MonthSum> Months(string space) => [.. Read(
        """
        SELECT month, series, kind, from_ms, to_ms, cells, released, value, epsilon, sensitivity, alive, total, unconfirmed, terms
        FROM month_sum m WHERE space = $space AND NOT EXISTS (SELECT 1 FROM release r WHERE r.space = m.space AND r.day BETWEEN m.month || '-01' AND m.month || '-31')
            AND NOT EXISTS (SELECT 1 FROM month_sum o WHERE (o.space, o.series, o.kind, o.month) = (m.space, m.series, m.kind, m.month) AND o.epsilon = 0)
        ORDER BY month, series, kind, terms, from_ms
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
            row.IsDBNull(7) ? null : row.GetInt64(7),
            [new MonthNoise(new Epsilon(row.GetInt64(8)), new Sensitivity(row.GetInt64(9)), row.GetInt32(6))],
            new CellCoverage(row.GetInt32(10), row.GetInt32(11), row.GetBoolean(12)),
            row.GetInt32(13)),
        ("$space", space))
        .GroupBy(part => (part.Month, part.Series, part.Kind), (_, parts) => parts.Aggregate(MonthSum.Joined))];

    private static (string Space, string Day, long Last)? First(SqliteCommand command)
    {
        using var row = command.ExecuteReader();
        return row.Read() ? (row.GetString(0), row.GetString(1), row.GetInt64(2)) : null;
    }

    // A place that copies have read is not given a second time, also when every row is gone.
    private void KeepForgotten(SqliteTransaction transaction)
    {
        using var command = Command(transaction, $"SELECT CAST({ReleaseRows.NextSeq} - 1 AS TEXT)");
        Mark(transaction, ForgottenSeq, (string)command.ExecuteScalar()!);
    }
}

/// <summary>A month of a space that is going to be forgotten.</summary>
/// <param name="Space">The space.</param>
/// <param name="Month">First day of the month, in the space's zone.</param>
/// <param name="Cells">Its cells that are left.</param>
/// <param name="Newest">Number of the newest of them.</param>
internal sealed record DueMonth(string Space, DateOnly Month, long Cells, long Newest)
{
    /// <summary>What the audit log is told before it goes. Told again, by a hub that was stopped on the way, it is the same fact.</summary>
    /// <param name="days">How many days the ledger keeps at least.</param>
    /// <param name="at">UTC by the wall clock.</param>
    public AuditFact ToFact(int days, DateTimeOffset at) => new(
        string.Create(CultureInfo.InvariantCulture, $"release-forgotten/{Space}/{Month:yyyy-MM}/{Newest}"),
        at,
        "release-forgotten",
        "hub",
        Space,
        string.Create(CultureInfo.InvariantCulture, $"{Month:yyyy-MM}: {Cells} cells and what they cost became the sum of their month; days kept at least: {days}"));
}

/// <summary>What the cells of a series and month add up to that are all forgotten.</summary>
/// <param name="Space">The space.</param>
/// <param name="Series">The series.</param>
/// <param name="Kind">What is counted.</param>
/// <param name="Month">First day of the month, in the space's zone.</param>
/// <param name="From">UTC start of its oldest cell.</param>
/// <param name="To">UTC end of its newest cell.</param>
/// <param name="Cells">Its cells.</param>
/// <param name="Value">Their noisy sum, signed; null where none had a number.</param>
/// <param name="Noises">What they were drawn with, 1 or more; the newest comes last.</param>
/// <param name="Coverage">Fewest sources that were alive, most that there were, and whether one was ever without a heartbeat.</param>
/// <param name="TermsVersion">Newest version of the terms.</param>
internal sealed record MonthSum(
    string Space, string Series, ReleaseKind Kind, DateOnly Month, DateTimeOffset From, DateTimeOffset To, int Cells, long? Value, IReadOnlyList<MonthNoise> Noises,
    CellCoverage Coverage, int TermsVersion)
{
    /// <summary>Those of the cells that had a number.</summary>
    public int Released => Noises.Sum(noise => noise.Released);

    /// <summary>Two parts of a month as one, that of the older terms first.</summary>
    public static MonthSum Joined(MonthSum one, MonthSum other) => one with
    {
        From = one.From < other.From ? one.From : other.From,
        To = one.To > other.To ? one.To : other.To,
        Cells = one.Cells + other.Cells,
        Value = one.Value is null ? other.Value : one.Value + (other.Value ?? 0),
        Noises = [.. one.Noises, .. other.Noises],
        Coverage = new CellCoverage(Math.Min(one.Coverage.Alive, other.Coverage.Alive), Math.Max(one.Coverage.Total, other.Coverage.Total), one.Coverage.Unconfirmed || other.Coverage.Unconfirmed),
        TermsVersion = Math.Max(one.TermsVersion, other.TermsVersion),
    };
}

/// <summary>The noise with which cells of a month were drawn.</summary>
/// <param name="Epsilon">What the group spent in a day.</param>
/// <param name="Sensitivity">How far one person could move the group's numbers of a day.</param>
/// <param name="Released">How many of the cells had a number.</param>
internal sealed record MonthNoise(Epsilon Epsilon, Sensitivity Sensitivity, int Released);

using System.Globalization;
using Microsoft.Data.Sqlite;
using Monitoring.Contracts.Accounts;
using Monitoring.Privacy;

namespace Monitoring.Silo.Privacy;

/// <summary>What others may know of the ledger. Nothing here gives a row before its time, nor one that was stored after such a row.</summary>
internal sealed partial class ReleaseStore
{
    /// <summary>Most cells that one read of a span gives: more than a year of quarter-hours.</summary>
    public const int BetweenMax = 40_000;

    // A row that was withdrawn is so at once: its number is gone. Copies hear of it at the next tick.
    private const string IsOut = "r.publish_ms <= $now AND r.number < COALESCE((SELECT MIN(w.number) FROM release w INDEXED BY release_by_tick WHERE w.visible_ms > $now AND w.publish_ms > $now), 9223372036854775807) AND r.number <= $heldNumber";

    // No cell is longer.
    private static readonly TimeSpan CellMax = TimeSpan.FromDays(2);

    private readonly Lock _reading = new();
    private readonly SqliteConnection _reader;

    /// <summary>Releases that may be seen, in the order of their <see cref="StoredRelease.Seq"/>. One that is withdrawn after it was read comes again, without its number.</summary>
    /// <param name="after">The last place that is known; 0 for none.</param>
    /// <param name="now">The current instant: none is given before its time, nor one that stands after such a one.</param>
    /// <param name="max">Most that are given, 1 or more.</param>
    public IReadOnlyList<StoredRelease> Published(long after, DateTimeOffset now, int max) => Releases(
        "r.seq > $after AND r.seq < COALESCE((SELECT MIN(w.seq) FROM release w INDEXED BY release_by_tick WHERE w.visible_ms > $now AND w.seq > $after), 9223372036854775807) AND r.seq <= $heldSeq ORDER BY r.seq LIMIT $max",
        now, ("$after", after), ("$max", max));

    /// <summary>The last place that <see cref="Published"/> gives; 0 where there is none. What a copy lags behind is measured against it.</summary>
    /// <param name="now">The current instant.</param>
    public long LastPublished(DateTimeOffset now) => Read(
        "SELECT COALESCE(MAX(r.seq), 0) FROM release r WHERE r.seq < COALESCE((SELECT MIN(w.seq) FROM release w INDEXED BY release_by_tick WHERE w.visible_ms > $now), 9223372036854775807) AND r.seq <= $heldSeq",
        now, row => row.GetInt64(0))[0];

    /// <summary>Refusals that are the first of their space, day, kind and reason, in a part of what copies may read.</summary>
    /// <param name="after">Place before it; 0 for all from the beginning.</param>
    /// <param name="to">Its last place.</param>
    public IReadOnlyList<ReleaseRefusal> Refusals(long after, long to) => Read(
        $"""
        SELECT r.space, r.day, r.kind, r.reason, MIN(r.from_ms) FROM release r
        WHERE r.seq > $after AND r.seq <= $to AND r.reason IN ('{ReleaseReason.BudgetSpent}', '{ReleaseReason.TermsChanged}', '{ReleaseReason.StreamElsewhere}')
            AND NOT EXISTS (SELECT 1 FROM release e INDEXED BY release_of_day WHERE e.space = r.space AND e.day = r.day AND e.kind = r.kind AND e.reason = r.reason AND e.seq <= $after)
        GROUP BY r.space, r.day, r.kind, r.reason ORDER BY MIN(r.seq)
        """,
        DateTimeOffset.UnixEpoch,
        row => new ReleaseRefusal(row.GetString(0), ReleaseRows.DayOf(row.GetString(1)), ReleaseRows.KindOf(row.GetString(2)), row.GetString(3), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4))),
        ("$after", after), ("$to", to));

    /// <summary>Cells of a series that have an instant in common with a span, by their start.</summary>
    /// <param name="space">The space.</param>
    /// <param name="series">The series.</param>
    /// <param name="from">UTC, included.</param>
    /// <param name="to">UTC, excluded.</param>
    /// <param name="now">The current instant.</param>
    /// <param name="max">Most that are given, the earliest; who needs to know of more asks for one more.</param>
    public IReadOnlyList<StoredRelease> Between(string space, string series, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now, int max = BetweenMax) => Releases(
        $"r.space = $space AND r.series = $series AND r.from_ms < $to AND r.from_ms > $earliest AND r.to_ms > $from AND {IsOut} ORDER BY r.from_ms LIMIT $max",
        now, ("$space", space), ("$series", series), ("$from", from.ToUnixTimeMilliseconds()), ("$to", to.ToUnixTimeMilliseconds()), ("$earliest", Earlier(from).ToUnixTimeMilliseconds()), ("$max", max));

    /// <summary>Whether anything was ever released for a space and is kept, out or not.</summary>
    /// <param name="space">The space.</param>
    public bool Knows(string space) => Read("SELECT EXISTS (SELECT 1 FROM release WHERE space = $space)", DateTimeOffset.UnixEpoch, row => row.GetBoolean(0), ("$space", space))[0];

    /// <summary>What a space has spent on a day, in millionths of epsilon, with the groups that spent it; also before anything of it is out.</summary>
    /// <param name="space">The space.</param>
    /// <param name="day">The day in its zone.</param>
    public IReadOnlyDictionary<ReleaseKind, long> Spent(string space, DateOnly day) => Read(
        "SELECT kind, SUM(epsilon) FROM charge WHERE space = $space AND day = $day GROUP BY kind",
        DateTimeOffset.UnixEpoch, row => (Kind: ReleaseRows.KindOf(row.GetString(0)), Micro: row.GetInt64(1)), ("$space", space), ("$day", ReleaseRows.TextOf(day))).ToDictionary(spent => spent.Kind, spent => spent.Micro);

    /// <summary>What a space spent, and how many cells have a number or why not, for each day and kind of which anything is out and kept.</summary>
    /// <param name="space">The space.</param>
    /// <param name="from">First day in its zone.</param>
    /// <param name="to">Last day.</param>
    /// <param name="now">The current instant.</param>
    public IReadOnlyList<SpentDay> SpentOn(string space, DateOnly from, DateOnly to, DateTimeOffset now)
    {
        var charges = Charges(space, from, to, now).ToLookup(charge => (charge.Day, charge.Kind), charge => charge.Epsilon.Micro);
        var cells = Read(
            $"""
            SELECT r.day, r.kind, CASE WHEN r.withdrawn THEN '{ReleaseReason.Withdrawn}' ELSE r.reason END AS why, COUNT(*)
            FROM release r INDEXED BY release_of_day WHERE r.space = $space AND r.day >= $from AND r.day <= $to AND {IsOut} GROUP BY r.day, r.kind, why
            """,
            now,
            row => (Day: ReleaseRows.DayOf(row.GetString(0)), Kind: ReleaseRows.KindOf(row.GetString(1)), Why: row.IsDBNull(2) ? null : row.GetString(2), Cells: row.GetInt32(3)),
            ("$space", space), ("$from", ReleaseRows.TextOf(from)), ("$to", ReleaseRows.TextOf(to)));
        return [.. cells.GroupBy(cell => (cell.Day, cell.Kind)).OrderBy(group => group.Key).Select(group => new SpentDay(
            group.Key.Day,
            group.Key.Kind,
            charges[group.Key].Sum(),
            group.Where(cell => cell.Why is null).Sum(cell => cell.Cells),
            group.Where(cell => cell.Why is not null).ToDictionary(cell => cell.Why!, cell => cell.Cells)))];
    }

    /// <summary>The charges of a space, with what was promised for each, by day.</summary>
    /// <param name="space">The space.</param>
    /// <param name="from">First day in its zone.</param>
    /// <param name="to">Last day.</param>
    /// <param name="now">The current instant: a charge is out with the release that caused it.</param>
    public IReadOnlyList<Charge> Charges(string space, DateOnly from, DateOnly to, DateTimeOffset now) => Read(
        $"SELECT {ChargeRows.Columns} FROM charge c JOIN release r ON r.number = c.number WHERE c.space = $space AND c.day >= $from AND c.day <= $to AND {IsOut} ORDER BY c.from_ms, c.kind",
        now, row => ChargeRows.Read(row), ("$space", space), ("$from", ReleaseRows.TextOf(from)), ("$to", ReleaseRows.TextOf(to)));

    private static DateTimeOffset Earlier(DateTimeOffset from) => from - DateTimeOffset.MinValue > CellMax ? from - CellMax : DateTimeOffset.MinValue;

    private List<StoredRelease> Releases(string where, DateTimeOffset now, params ReadOnlySpan<(string Name, object Value)> more) =>
        Read($"SELECT {ReleaseRows.Columns} FROM release r WHERE {where}", now, ReleaseRows.Read, more);

    private List<T> Read<T>(string sql, DateTimeOffset now, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object Value)> more)
    {
        lock (_reading)
        {
            using var command = _reader.CreateCommand();
#pragma warning disable CA2100 // Fixed texts of this file and of the rows.
            command.CommandText = sql;
#pragma warning restore CA2100
            var hold = _hold.At(now);
            command.Parameters.AddWithValue("$now", now.ToUnixTimeMilliseconds());
            command.Parameters.AddWithValue("$heldNumber", hold.Number);
            command.Parameters.AddWithValue("$heldSeq", hold.Seq);
            foreach (var (name, value) in more)
                command.Parameters.AddWithValue(name, value);
            using var row = command.ExecuteReader();
            var found = new List<T>();
            while (row.Read())
                found.Add(read(row));
            return found;
        }
    }
}

/// <summary>A day of one kind in a space.</summary>
/// <param name="Day">The day in the space's zone.</param>
/// <param name="Kind">What is counted.</param>
/// <param name="SpentMicro">What was spent, millionths of epsilon.</param>
/// <param name="Released">Cells that have a number.</param>
/// <param name="Without">Cells that have none, by their reason (<see cref="ReleaseReason"/>).</param>
internal sealed record SpentDay(DateOnly Day, ReleaseKind Kind, long SpentMicro, int Released, IReadOnlyDictionary<string, int> Without);

/// <summary>That cells of a space, day and kind were refused a number.</summary>
/// <param name="Space">The space.</param>
/// <param name="Day">The day, in the space's zone.</param>
/// <param name="Kind">What is counted.</param>
/// <param name="Reason">Why, as in <see cref="ReleaseReason"/>.</param>
/// <param name="From">UTC start of the first such cell.</param>
internal sealed record ReleaseRefusal(string Space, DateOnly Day, ReleaseKind Kind, string Reason, DateTimeOffset From)
{
    /// <summary>What the audit log is told. Told again, it is the same fact.</summary>
    /// <param name="at">UTC by the wall clock.</param>
    public AuditFact ToFact(DateTimeOffset at) => new(
        string.Create(CultureInfo.InvariantCulture, $"release-refused/{Space}/{Day:O}/{ReleaseRows.NameOf(Kind)}/{Reason}"),
        at,
        "release-refused",
        "hub",
        string.Create(CultureInfo.InvariantCulture, $"{Space} {Day:O}"),
        string.Create(CultureInfo.InvariantCulture, $"{ReleaseRows.NameOf(Kind)}: {Reason}; from the period on that began at {From.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"));
}

using Monitoring.Storage;

namespace Monitoring.Silo.Privacy;

/// <summary>The tables of the release ledger.</summary>
/// <remarks>
/// <c>number</c> is a row's place in the chain and never changes. <c>seq</c> is its place in what copies read, and grows when the row is withdrawn; <c>visible_ms</c> is when copies may
/// see it there. <c>anchor</c> has, for each space, the hashes of forgotten rows on which the next one that is left depends, and
/// <c>month_sum</c> what the forgotten ones added up to, a row for each noise that they were drawn with; epsilon 0 where an earlier form did not keep that.
/// </remarks>
internal static class ReleaseSchema
{
    // Form 1 knew one anchor of a space: what was forgotten was the beginning of its chain.
    private const string AnchorsOfGaps = """
        CREATE TABLE anchors (space TEXT NOT NULL, number INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (space, number)) WITHOUT ROWID;
        INSERT INTO anchors SELECT space, number, hash FROM anchor;
        DROP TABLE anchor;
        ALTER TABLE anchors RENAME TO anchor;
        DELETE FROM mark WHERE key = 'forgotten-before'
        """;

    // Form 2 had one row of a month, and kept its noise only where that was the same throughout.
    private const string NoisesOfMonths = $"""
        ALTER TABLE month_sum RENAME TO month_sum_before;
        {MonthSums};
        INSERT INTO month_sum SELECT space, series, kind, month, CASE WHEN sensitivity IS NULL THEN 0 ELSE COALESCE(epsilon, 0) END, COALESCE(sensitivity, 0), from_ms, to_ms, cells, released, value,
            alive, total, unconfirmed, terms FROM month_sum_before;
        DROP TABLE month_sum_before
        """;

    private const string MonthSums = """
        CREATE TABLE month_sum (
            space TEXT NOT NULL, series TEXT NOT NULL, kind TEXT NOT NULL, month TEXT NOT NULL, epsilon INTEGER NOT NULL, sensitivity INTEGER NOT NULL,
            from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, cells INTEGER NOT NULL, released INTEGER NOT NULL, value INTEGER,
            alive INTEGER NOT NULL, total INTEGER NOT NULL, unconfirmed INTEGER NOT NULL, terms INTEGER NOT NULL, PRIMARY KEY (space, series, kind, month, epsilon, sensitivity)) WITHOUT ROWID
        """;

    /// <summary>The form that this program writes.</summary>
    public static readonly SqliteSchema Newest = new($"""
        CREATE TABLE mark (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE charge (
            space TEXT NOT NULL, kind TEXT NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, day TEXT NOT NULL,
            epsilon INTEGER NOT NULL, budget INTEGER NOT NULL, promise TEXT NOT NULL, streams TEXT NOT NULL, number INTEGER NOT NULL UNIQUE, PRIMARY KEY (space, kind, from_ms)) WITHOUT ROWID;
        CREATE TABLE charge_stream (stream TEXT NOT NULL, from_ms INTEGER NOT NULL, space TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (stream, from_ms, space, kind)) WITHOUT ROWID;
        CREATE TABLE release (
            number INTEGER PRIMARY KEY AUTOINCREMENT, space TEXT NOT NULL, series TEXT NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, day TEXT NOT NULL, kind TEXT NOT NULL,
            terms INTEGER NOT NULL, epsilon INTEGER NOT NULL, sensitivity INTEGER NOT NULL, alive INTEGER NOT NULL, total INTEGER NOT NULL, unconfirmed INTEGER NOT NULL,
            value INTEGER, reason TEXT, publish_ms INTEGER NOT NULL, hash TEXT NOT NULL, commitment TEXT, salt BLOB, withdrawn INTEGER NOT NULL DEFAULT 0,
            seq INTEGER NOT NULL UNIQUE, visible_ms INTEGER NOT NULL,
            UNIQUE (space, series, from_ms));
        CREATE INDEX release_of_space ON release (space, number);
        CREATE INDEX release_of_day ON release (space, day);
        CREATE INDEX release_by_tick ON release (visible_ms, seq);
        CREATE TABLE anchor (space TEXT NOT NULL, number INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (space, number)) WITHOUT ROWID;
        {MonthSums}
        """,
        AnchorsOfGaps,
        NoisesOfMonths);
}

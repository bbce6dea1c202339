using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Monitoring.Privacy;

namespace Monitoring.Silo.Privacy;

/// <summary>A release as it is stored.</summary>
/// <param name="Seq">Its place in what copies read, from 1: a row that is withdrawn gets a new one and comes again.</param>
/// <param name="Number">Its place in the order in which releases were stored, from 1. It never changes.</param>
/// <param name="Release">The release.</param>
/// <param name="PublishAt">Before this instant nobody sees it.</param>
/// <param name="Hash">SHA-256 over what it says, the charge that it caused and the hash of its space's release before it, in hexadecimal.</param>
internal sealed record StoredRelease(long Seq, long Number, Released Release, DateTimeOffset PublishAt, string Hash);

/// <summary>Releases as rows, each bound to the one before it of the same space.</summary>
/// <remarks>The hash covers a commitment to the number, made with a salt of its own: when both are withdrawn the chain still holds, and nobody can find the number by trying.</remarks>
internal static class ReleaseRows
{
    /// <summary>What is read of a release, from the table under the name <c>r</c>.</summary>
    public const string Columns = "r.number, r.space, r.series, r.from_ms, r.to_ms, r.day, r.kind, r.terms, r.epsilon, r.sensitivity, r.alive, r.total, r.unconfirmed, r.value, r.reason, r.publish_ms, r.hash, r.commitment, r.salt, r.withdrawn, r.seq";

    /// <summary>How many those are: the index of what a query reads after them.</summary>
    public const int ColumnCount = 21;

    /// <summary>The next free place in what copies read; one that was forgotten is not given again.</summary>
    public const string NextSeq = "(1 + MAX(COALESCE((SELECT MAX(seq) FROM release), 0), COALESCE((SELECT CAST(value AS INTEGER) FROM mark WHERE key = 'forgotten-seq'), 0)))";

    private const int SaltBytes = 16;

    /// <summary>Inserts a release unless there is one with its key.</summary>
    /// <param name="command">Makes a command of the transaction.</param>
    /// <param name="release">The release.</param>
    /// <param name="charge">The charge that it causes; null where there is none.</param>
    /// <param name="publishAt">When it may be seen.</param>
    /// <returns>Its number; null if there is one with its key.</returns>
    public static long? TryInsert(Func<string, SqliteCommand> command, Released release, Charge? charge, DateTimeOffset publishAt)
    {
        var salt = release.Value is null ? null : RandomNumberGenerator.GetBytes(SaltBytes);
        var commitment = Commitment(release.Value, salt);
        using var insert = command($"""
            INSERT INTO release (space, series, from_ms, to_ms, day, kind, terms, epsilon, sensitivity, alive, total, unconfirmed, value, reason, publish_ms, hash, commitment, salt, seq, visible_ms)
            VALUES ($space, $series, $from, $to, $day, $kind, $terms, $epsilon, $sensitivity, $alive, $total, $unconfirmed, $value, $reason, $publish, $hash, $commitment, $salt, {NextSeq}, $publish)
            ON CONFLICT (space, series, from_ms) DO NOTHING
            RETURNING number
            """);
        insert.Parameters.AddWithValue("$space", release.Key.Space);
        insert.Parameters.AddWithValue("$series", release.Key.Series);
        insert.Parameters.AddWithValue("$from", release.Key.From.ToUnixTimeMilliseconds());
        insert.Parameters.AddWithValue("$to", release.To.ToUnixTimeMilliseconds());
        insert.Parameters.AddWithValue("$day", TextOf(release.Day));
        insert.Parameters.AddWithValue("$kind", NameOf(release.Kind));
        insert.Parameters.AddWithValue("$terms", release.TermsVersion);
        insert.Parameters.AddWithValue("$epsilon", release.Epsilon.Micro);
        insert.Parameters.AddWithValue("$sensitivity", release.Sensitivity.Bound);
        insert.Parameters.AddWithValue("$alive", release.Coverage.Alive);
        insert.Parameters.AddWithValue("$total", release.Coverage.Total);
        insert.Parameters.AddWithValue("$unconfirmed", release.Coverage.Unconfirmed);
        insert.Parameters.AddWithValue("$value", (object?)release.Value ?? DBNull.Value);
        insert.Parameters.AddWithValue("$reason", (object?)release.Reason ?? DBNull.Value);
        insert.Parameters.AddWithValue("$publish", publishAt.ToUnixTimeMilliseconds());
        insert.Parameters.AddWithValue("$hash", Hash(LastHash(command, release.Key.Space), release, charge, publishAt, commitment));
        insert.Parameters.AddWithValue("$commitment", (object?)commitment ?? DBNull.Value);
        insert.Parameters.AddWithValue("$salt", (object?)salt ?? DBNull.Value);
        return (long?)insert.ExecuteScalar();
    }

    /// <summary>Reads a row of <see cref="Columns"/>. One that was withdrawn is told as such.</summary>
    public static StoredRelease Read(SqliteDataReader row)
    {
        var release = AsDrawn(row);
        return new StoredRelease(row.GetInt64(20), row.GetInt64(0), row.GetBoolean(19) ? release.Withdrawn() : release, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(15)), row.GetString(16));
    }

    /// <summary>Whether a row says what it said when it was stored, after the one before it.</summary>
    /// <param name="row">A row of <see cref="Columns"/> and, after them, the <see cref="ChargeRows.Columns"/> of the charge that it caused, or nulls.</param>
    /// <param name="previous">Hash of the release before it of the same space; empty for the first.</param>
    public static bool IsAsStored(SqliteDataReader row, string previous)
    {
        try
        {
            return SaysTheSame(row, previous);
        }
        catch (Exception odd) when (odd is ArgumentException or FormatException or InvalidCastException or OverflowException or JsonException)
        {
            return false; // Something in it is not even of its kind.
        }
    }

    private static bool SaysTheSame(SqliteDataReader row, string previous)
    {
        var (release, commitment) = (AsDrawn(row), row.IsDBNull(17) ? null : row.GetString(17));
        var charge = row.IsDBNull(ColumnCount) ? null : ChargeRows.Read(row, ColumnCount);
        var isWithdrawn = row.GetBoolean(19);
        return row.GetString(16) == Hash(previous, release, charge, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(15)), commitment)
            && (isWithdrawn ? row.IsDBNull(13) && row.IsDBNull(18) : commitment == Commitment(release.Value, row.IsDBNull(18) ? null : row.GetFieldValue<byte[]>(18)));
    }

    public static string NameOf(ReleaseKind kind) => kind.ToString().ToLowerInvariant();

    public static ReleaseKind KindOf(string name) => Enum.Parse<ReleaseKind>(name, ignoreCase: true);

    public static string TextOf(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);

    public static DateOnly DayOf(string text) => DateOnly.ParseExact(text, "O", CultureInfo.InvariantCulture);

    private static Released AsDrawn(SqliteDataReader row) => new(
        new CellKey(row.GetString(1), row.GetString(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3))),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
        DayOf(row.GetString(5)),
        KindOf(row.GetString(6)),
        row.GetInt32(7),
        new Epsilon(row.GetInt64(8)),
        new Sensitivity(row.GetInt64(9)),
        new CellCoverage(row.GetInt32(10), row.GetInt32(11), row.GetBoolean(12)),
        row.IsDBNull(13) ? null : row.GetInt64(13),
        row.IsDBNull(14) ? null : row.GetString(14));

    private static string LastHash(Func<string, SqliteCommand> command, string space)
    {
        using var last = command("""
            SELECT hash FROM (
                SELECT * FROM (SELECT number, hash FROM release WHERE space = $space ORDER BY number DESC LIMIT 1)
                UNION ALL SELECT * FROM (SELECT number, hash FROM anchor WHERE space = $space ORDER BY number DESC LIMIT 1))
            ORDER BY number DESC LIMIT 1
            """);
        last.Parameters.AddWithValue("$space", space);
        return last.ExecuteScalar() as string ?? "";
    }

    private static string? Commitment(long? value, byte[]? salt)
    {
        if (value is not { } number || salt is null)
            return null;
        var bytes = new byte[sizeof(long) + salt.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        salt.CopyTo(bytes, sizeof(long));
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    private static string Hash(string previous, Released release, Charge? charge, DateTimeOffset publishAt, string? commitment) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new object?[]
    {
        previous,
        release.Key.Space,
        release.Key.Series,
        release.Key.From.ToUnixTimeMilliseconds(),
        release.To.ToUnixTimeMilliseconds(),
        TextOf(release.Day),
        NameOf(release.Kind),
        release.TermsVersion,
        release.Epsilon.Micro,
        release.Sensitivity.Bound,
        release.Coverage.Alive,
        release.Coverage.Total,
        release.Coverage.Unconfirmed,
        release.Reason,
        publishAt.ToUnixTimeMilliseconds(),
        commitment,
        charge is null ? null : ChargeRows.TextOf(charge),
    })));
}

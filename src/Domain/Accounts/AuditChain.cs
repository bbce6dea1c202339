using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Monitoring.Domain.Accounts;

/// <summary>How entries of the audit log hang together: each carries the hash of the one before, each month ends with an entry that counts it.</summary>
/// <remarks>
/// A chain shows that something in the middle was changed. It cannot show that somebody who owns the machine rewrote everything from some entry to the end:
/// for that the last hash must be known elsewhere (docs/reference/audit.md).
/// </remarks>
public static class AuditChain
{
    /// <summary>Kind of the entry that ends a month.</summary>
    public const string SegmentClosed = "segment-closed";

    /// <summary>Kind of the entry that says that an old month was removed.</summary>
    public const string SegmentDropped = "segment-dropped";

    /// <summary>Who writes the entries that hold the chain together.</summary>
    public const string Hub = "hub";

    /// <summary>What stands in place of a hash before the first entry.</summary>
    public static string Genesis { get; } = new('0', 64);

    /// <summary>The segment of an instant: its calendar month in UTC. Segments order as their names do.</summary>
    /// <param name="at">The instant.</param>
    public static string SegmentOf(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>The entry that follows.</summary>
    /// <param name="last">The end of the chain so far.</param>
    /// <param name="fact">The fact; number and hashes in it are not looked at.</param>
    public static AuditLine Next(AuditMark last, AuditLine fact)
    {
        ArgumentNullException.ThrowIfNull(last);
        ArgumentNullException.ThrowIfNull(fact);
        var line = fact with { Number = last.Number + 1, At = fact.At.ToUniversalTime(), Previous = last.Hash, Hash = "" };
        return line with { Hash = HashOf(line) };
    }

    /// <summary>The entry that ends a segment: how many entries stand before it, and the hash of the last of them.</summary>
    /// <param name="last">The last entry of the segment.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="count">Entries of the segment so far.</param>
    /// <param name="at">When it is closed.</param>
    public static AuditLine Close(AuditMark last, string segment, long count, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(last);
        return Next(last, new AuditLine(0, segment, $"{SegmentClosed}/{segment}", at, SegmentClosed, Hub, segment, Seal(count, last.Hash), "", ""));
    }

    /// <summary>What a closing or dropping entry says: a count, or the last number, and a hash.</summary>
    /// <param name="number">The count or number.</param>
    /// <param name="hash">The hash.</param>
    public static string Seal(long number, string hash) => string.Create(CultureInfo.InvariantCulture, $"{number} {hash}");

    /// <summary>The hash that an entry must carry.</summary>
    /// <param name="line">The entry; its own hash is not looked at.</param>
    /// <returns>64 digits of lower-case hex.</returns>
    public static string HashOf(AuditLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, line.Number);
        Add(hash, line.At.UtcTicks);
        foreach (var text in (ReadOnlySpan<string?>)[line.Segment, line.Id, line.Kind, line.Who, line.Subject, line.Detail, line.Previous])
            Add(hash, text);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }

    // Each text carries its length, so that no two entries of different fields give the same bytes; -1 stands for none.
    private static void Add(IncrementalHash hash, string? text)
    {
        var bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
        Add(hash, text is null ? -1L : bytes.Length);
        hash.AppendData(bytes);
    }
}

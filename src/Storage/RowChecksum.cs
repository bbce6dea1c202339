using System.IO.Hashing;

namespace Monitoring.Storage;

/// <summary>The checksum that each row carries: SQLite gives a row with a flipped bit back without an error.</summary>
public static class RowChecksum
{
    /// <summary>Checksum of a row.</summary>
    /// <param name="seed">The row's number or key hash, so that a body under a wrong key does not pass.</param>
    /// <param name="body">The row's body.</param>
    public static long Of(long seed, ReadOnlySpan<byte> body) => (long)XxHash3.HashToUInt64(body, seed);
}

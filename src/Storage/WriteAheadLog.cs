using System.Buffers.Binary;

namespace Monitoring.Storage;

/// <summary>Looks at SQLite's write-ahead log before SQLite does: that takes the first damaged frame for the end, and drops what was committed after it without a word.</summary>
/// <remarks>
/// File format: sqlite.org/fileformat2.html, section 4. A write that a power cut broke off has at most its own commit there or behind,
/// since the one before it was on the disk before it began. With two commits at the place or behind it, the first was told as durable: that is damage.
/// </remarks>
internal static class WriteAheadLog
{
    private const int HeaderBytes = 32, FrameHeaderBytes = 24, PageBytesMax = 65_536;
    private const uint MagicLittleEndian = 0x377F0682, MagicBigEndian = 0x377F0683;

    /// <summary>Byte at which a log is damaged with commits behind it; null where it is whole, unfinished at its end, or not there.</summary>
    /// <param name="path">Path of the log.</param>
    public static long? DamagedAt(string path)
    {
        if (!File.Exists(path))
            return null;
        using var log = new FileStream(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite, BufferSize = PageBytesMax });
        var header = new byte[HeaderBytes];
        if (log.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes)
            return null;
        var (magic, pageBytes) = (BinaryPrimitives.ReadUInt32BigEndian(header), (int)BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(8)));
        if (magic is not (MagicLittleEndian or MagicBigEndian) || pageBytes is < 512 or > PageBytesMax)
            return log.Length > HeaderBytes ? 0 : null;
        var sum = new Sums(magic == MagicBigEndian);
        sum.Add(header.AsSpan(0, 24));
        return sum.Equal(header.AsSpan(24)) ? DamagedFrame(log, pageBytes, header.AsSpan(16, 8), sum) : 0;
    }

    private static long? DamagedFrame(FileStream log, int pageBytes, ReadOnlySpan<byte> salt, Sums sum)
    {
        var frame = new byte[FrameHeaderBytes + pageBytes];
        long? broken = null;
        var commits = 0;
        for (long at = HeaderBytes; log.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length; at += frame.Length)
        {
            var isOfThisLog = frame.AsSpan(8, 8).SequenceEqual(salt);
            if (broken is null)
            {
                sum.Add(frame.AsSpan(0, 8));
                sum.Add(frame.AsSpan(FrameHeaderBytes));
                if (isOfThisLog && sum.Equal(frame.AsSpan(16)))
                    continue;
                broken = at;
            }

            if (isOfThisLog && BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(4)) > 0 && ++commits == 2)
                return broken;
        }

        return null;
    }

    /// <summary>SQLite's running checksum over pairs of 32-bit words.</summary>
    private struct Sums(bool bigEndian)
    {
        private uint _first;
        private uint _second;

        public void Add(ReadOnlySpan<byte> bytes)
        {
            for (; bytes.Length >= 8; bytes = bytes[8..])
            {
                _first += Word(bytes) + _second;
                _second += Word(bytes[4..]) + _first;
            }
        }

        public readonly bool Equal(ReadOnlySpan<byte> stored) =>
            _first == BinaryPrimitives.ReadUInt32BigEndian(stored) && _second == BinaryPrimitives.ReadUInt32BigEndian(stored[4..]);

        private readonly uint Word(ReadOnlySpan<byte> bytes) => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}

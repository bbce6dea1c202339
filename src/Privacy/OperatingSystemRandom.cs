using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Monitoring.Privacy;

/// <summary>Chance from the generator of the operating system; no seed, no setting, no replacement. One instance serves one release, on one thread.</summary>
internal sealed class OperatingSystemRandom : IExactRandom
{
    private const int WordBytes = sizeof(ulong);

    // About eight draws' worth: asking for each word alone is many times slower.
    private readonly byte[] _words = new byte[64 * WordBytes];
    private int _next;

    public OperatingSystemRandom() => _next = _words.Length;

    public ulong Below(ulong n)
    {
        ArgumentOutOfRangeException.ThrowIfZero(n);
        ulong value;
        while (!TryFold(Word(), ulong.MaxValue, n, out value))
        {
        }

        return value;
    }

    public bool Bernoulli(ulong numerator, ulong denominator)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(numerator, denominator);
        return Below(denominator) < numerator;
    }

    /// <summary>Turns a random word into a number below n, or rejects it: the words left over after the last whole run of n would favour small numbers.</summary>
    /// <param name="word">0 to <paramref name="wordMax"/>, each equally likely.</param>
    /// <param name="wordMax">Largest word. A parameter, so that a test can try all words of one byte.</param>
    /// <param name="n">1 to <paramref name="wordMax"/> + 1.</param>
    /// <param name="value">The number, if it was not rejected.</param>
    internal static bool TryFold(ulong word, ulong wordMax, ulong n, out ulong value)
    {
        var leftOver = (wordMax % n + 1) % n;
        value = word % n;
        return word <= wordMax - leftOver;
    }

    private ulong Word()
    {
        if (_next == _words.Length)
        {
            RandomNumberGenerator.Fill(_words);
            _next = 0;
        }

        var bytes = _words.AsSpan(_next, WordBytes);
        var word = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        // Who knows the words knows the noise.
        bytes.Clear();
        _next += WordBytes;
        return word;
    }
}

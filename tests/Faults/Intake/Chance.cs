namespace Monitoring.Faults.Intake;

/// <summary>The chance of one case: the seed of the run and the number of the case give all of it, whatever ran before.</summary>
internal sealed class Chance(int seed, int number)
{
    private readonly Random _random = new(unchecked((seed * 1_000_003) ^ (number * 7_919)));

    /// <summary>0 to one less than a limit.</summary>
    public int Below(int limit) => _random.Next(limit);

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => _random.Next(times) == 0;

    /// <summary>One of several.</summary>
    public T Of<T>(params IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    /// <summary>Any bytes.</summary>
    public byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>The same bytes with something wrong: flipped, cut, doubled, or filled in.</summary>
    public byte[] Spoil(byte[] good)
    {
        if (good.Length == 0)
            return Bytes(1 + Below(8));
        var at = Below(good.Length);
        switch (Below(4))
        {
            case 0:
                byte[] flipped = [.. good];
                flipped[at] ^= (byte)(1 << Below(8));
                return flipped;
            case 1:
                return good[..at];
            case 2:
                return [.. good[..at], .. good[(at / 2)..at], .. good[at..]];
            default:
                return [.. good[..at], .. Bytes(1 + Below(4)), .. good[at..]];
        }
    }
}

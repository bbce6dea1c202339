namespace Monitoring.Privacy.Tests;

/// <summary>A pipeline whose noise comes from somewhere else than the mechanism. Each mutant is one mistake that has been made somewhere.</summary>
internal class Mutant(Func<IExactRandom, long> draw) : Pipeline
{
    private readonly OperatingSystemRandom _random = new();

    protected long Noise() => draw(_random);

    protected override long Release(ReleaseDay day, string series, Cell cell, long count) => count + Noise();

    /// <summary>A sampler without a mistake, for mutants of the mechanism.</summary>
    public static long Exact(IExactRandom random) => DiscreteLaplace.Draw(new NoiseRate(1, 4), random);
}

/// <summary>M1: an empty cell gets no noise.</summary>
internal sealed class ZeroUnnoised() : Mutant(Exact)
{
    protected override long Release(ReleaseDay day, string series, Cell cell, long count) => count == 0 ? 0 : count + Noise();
}

/// <summary>M2: a new draw for each question, so that the mean of the answers is the count.</summary>
internal sealed class RedrawnPerQuestion() : Mutant(Exact);

/// <summary>M7: noise is cut off at twice its usual size.</summary>
internal sealed class ClippedNoise() : Mutant(random => Math.Clamp(Exact(random), -8, 8));

/// <summary>M8: negative numbers become zero before they are stored.</summary>
internal sealed class ClampedBeforeStore() : Mutant(Exact)
{
    protected override long Release(ReleaseDay day, string series, Cell cell, long count) => Math.Max(0, count + Noise());
}

/// <summary>M9: small numbers are left out before they are stored.</summary>
internal sealed class SuppressedBeforeStore() : Mutant(Exact)
{
    protected override long Release(ReleaseDay day, string series, Cell cell, long count) => count + Noise() is >= 19 and var y ? y : 0;
}

/// <summary>M10: noise follows from the name of the cell, so that anybody can take it off.</summary>
internal sealed class SeededByCell() : Mutant(Exact)
{
    protected override long Release(ReleaseDay day, string series, Cell cell, long count)
    {
        var seeded = new Random((int)(cell.From.UtcTicks / TimeSpan.TicksPerMinute) ^ series.Length * 7919);
        return count + FloatSampler.Geometric(seeded) - FloatSampler.Geometric(seeded);
    }
}

/// <summary>M13: two cells share their noise; their difference is exact.</summary>
internal sealed class SharedNoise() : Mutant(Exact)
{
    private long? _kept;

    protected override long Release(ReleaseDay day, string series, Cell cell, long count)
    {
        var noise = _kept ?? Noise();
        _kept = _kept is null ? noise : null;
        return count + noise;
    }
}

/// <summary>M15: the right law in floating point, from a generator that is not made for secrets. No statistics tell it from the right one.</summary>
internal static class FloatSampler
{
    public static long Draw(Random random) => Geometric(random) - Geometric(random);

    public static long Geometric(Random random) => (long)(Math.Log(1 - random.NextDouble()) / -0.25);
}

/// <summary>Samplers with one mistake each; null is an attempt that they reject.</summary>
internal static class MutantSampler
{
    /// <summary>M3: minus zero is not rejected.</summary>
    public static long? MinusZero(IExactRandom random) => Attempt(random, (a, d) => ExpMinus(a, d, random), rejectMinusZero: false);

    /// <summary>M6: a Laplace number in floating point, rounded.</summary>
    public static long? RoundedFloat(IExactRandom random)
    {
        const ulong steps = 1UL << 53;
        var u = (random.Below(steps) + 0.5) / steps - 0.5;
        return (long)Math.Round(-4 * Math.Sign(u) * Math.Log(1 - 2 * Math.Abs(u)));
    }

    /// <summary>M11: the run of coins counts when it ends at an even place.</summary>
    public static long? WrongParity(IExactRandom random) => Attempt(random, (a, d) => !ExpMinus(a, d, random));

    /// <summary>M12: the fraction a/(d·k) is divided by a divisor above the line only, as a library of fractions once did.</summary>
    public static long? WrongDivision(IExactRandom random) => Attempt(random, (a, d) =>
    {
        ulong k = 1;
        while (random.Bernoulli(k > 1 && a % k == 0 ? a / k : a, d * k))
            k++;
        return k % 2 == 1;
    });

    /// <summary>Attempts until one is not rejected.</summary>
    public static Func<IExactRandom, long> Until(Func<IExactRandom, long?> attempt) => random =>
    {
        while (true)
        {
            if (attempt(random) is { } z)
                return z;
        }
    };

    private static long? Attempt(IExactRandom random, Func<ulong, ulong, bool> expMinus, bool rejectMinusZero = true)
    {
        var u = random.Below(4);
        if (!expMinus(u, 4))
            return null;
        ulong v = 0;
        while (expMinus(1, 1))
            v++;
        var size = (long)(u + 4 * v);
        var negative = random.Bernoulli(1, 2);
        return rejectMinusZero && negative && size == 0 ? null : negative ? -size : size;
    }

    private static bool ExpMinus(ulong a, ulong d, IExactRandom random)
    {
        ulong k = 1;
        while (random.Bernoulli(a, d * k))
            k++;
        return k % 2 == 1;
    }
}

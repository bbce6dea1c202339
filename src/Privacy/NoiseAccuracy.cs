using System.Numerics;

namespace Monitoring.Privacy;

/// <summary>How far noise moves a number, computed from epsilon and sensitivity alone. With integers of 40 decimal places: what is published must not depend on a machine's floating point.</summary>
public sealed class NoiseAccuracy
{
    /// <summary>The number one.</summary>
    internal static readonly BigInteger One = BigInteger.Pow(10, 40);

    /// <summary>Accuracy of one cell.</summary>
    /// <param name="epsilon">What the group spends in a day.</param>
    /// <param name="sensitivity">How far one person can move its numbers.</param>
    public NoiseAccuracy(Epsilon epsilon, Sensitivity sensitivity)
    {
        var rate = NoiseRate.Of(epsilon, sensitivity);
        var growth = Exp(rate.S, rate.T);
        Variance = 2 * growth * One * One / ((growth - One) * (growth - One));
        Err95 = Smallest(m => Exp(rate.S * (ulong)m, rate.T) * (growth + One) >= 40 * One * One);
        // The mean size of the noise is 2·e^(s/t)/(e^(2s/t) - 1).
        var tenMeans = 20 * growth * One;
        var divisor = growth * growth - One * One;
        TypicalMin = (long)((tenMeans + divisor - 1) / divisor);
    }

    /// <summary>Smallest whole number that noise exceeds, up or down, at most once in 20 cells: 2·q^(m+1)/(1+q) is at most 0.05.</summary>
    public long Err95 { get; }

    /// <summary>Typical number of a cell from which on its plan makes sense: ten times the mean size of the noise, rounded up.</summary>
    public long TypicalMin { get; }

    /// <summary>Variance 2q/(1-q)^2, in units of 1/<see cref="One"/>.</summary>
    internal BigInteger Variance { get; }

    /// <summary>Smallest number from 0 on for which something holds that holds for all larger ones.</summary>
    internal static long Smallest(Predicate<long> holds)
    {
        long low = 0, high = 1;
        while (!holds(high))
            high *= 2;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (holds(middle))
                high = middle;
            else
                low = middle + 1;
        }

        return high;
    }

    // e^(a/d) as the sum of (a/d)^k/k!.
    private static BigInteger Exp(ulong a, ulong d)
    {
        BigInteger sum = One, term = One;
        for (ulong k = 1; !term.IsZero; k++)
        {
            term = term * a / (d * new BigInteger(k));
            sum += term;
        }

        return sum;
    }
}

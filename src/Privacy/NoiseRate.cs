namespace Monitoring.Privacy;

/// <summary>Rate s/t of the noise, a fraction: the probability of z is proportional to e^(-|z|·s/t). The mean size of the noise is near t/s.</summary>
internal readonly record struct NoiseRate
{
    /// <summary>Largest t: with it every product of the sampler stays within 64 bits.</summary>
    public const ulong DenominatorMax = 10_000_000_000;

    public NoiseRate(ulong numerator, ulong denominator)
    {
        ArgumentOutOfRangeException.ThrowIfZero(numerator);
        ArgumentOutOfRangeException.ThrowIfZero(denominator);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(denominator, DenominatorMax);
        (S, T) = (numerator, denominator);
    }

    public ulong S { get; }

    public ulong T { get; }

    /// <summary>Epsilon divided by sensitivity, reduced.</summary>
    public static NoiseRate Of(Epsilon epsilon, Sensitivity sensitivity)
    {
        var s = (ulong)epsilon.Micro;
        var t = (ulong)(Epsilon.MicroPerUnit * sensitivity.Bound);
        var divisor = GreatestDivisor(s, t);
        return new NoiseRate(s / divisor, t / divisor);
    }

    // An Epsilon or Sensitivity that nobody set is zero, and divides nothing.
    private static ulong GreatestDivisor(ulong a, ulong b)
    {
        ArgumentOutOfRangeException.ThrowIfZero(a);
        ArgumentOutOfRangeException.ThrowIfZero(b);
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }
}

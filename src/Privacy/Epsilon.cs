namespace Monitoring.Privacy;

/// <summary>A privacy loss in millionths: 1,000,000 is an epsilon of 1. Sums of losses are sums of integers, so nothing is rounded away.</summary>
public readonly record struct Epsilon
{
    /// <summary>Millionths in an epsilon of 1.</summary>
    public const long MicroPerUnit = 1_000_000;

    /// <summary>Highest loss that anything in the hub may be given for one space and day: an epsilon of 3.</summary>
    public const long MicroMax = 3 * MicroPerUnit;

    /// <summary>A loss.</summary>
    /// <param name="micro">Millionths, 1 to <see cref="MicroMax"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside that range.</exception>
    public Epsilon(long micro)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(micro, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(micro, MicroMax);
        Micro = micro;
    }

    /// <summary>What a space may spend in a day unless its terms say otherwise: an epsilon of 1.</summary>
    public static Epsilon DayDefault { get; } = new(MicroPerUnit);

    /// <summary>Millionths.</summary>
    public long Micro { get; }
}

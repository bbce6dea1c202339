namespace Monitoring.Privacy.Tests;

/// <summary>Always the smallest answer, which makes noise of zero, and a count of the draws.</summary>
internal sealed class CountedRandom : IExactRandom
{
    public int Draws { get; private set; }

    public ulong Below(ulong n)
    {
        Draws++;
        return 0;
    }

    public bool Bernoulli(ulong numerator, ulong denominator) => numerator == denominator;
}

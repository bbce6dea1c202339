namespace Monitoring.Privacy;

/// <summary>
/// All the chance the sampler knows. Two questions with exact probabilities, so that a test can answer them in every possible way and
/// add up what the sampler makes of it.
/// </summary>
internal interface IExactRandom
{
    /// <summary>A number from 0 to n - 1, each with probability 1/n.</summary>
    /// <param name="n">1 or more.</param>
    ulong Below(ulong n);

    /// <summary>True with probability numerator/denominator.</summary>
    /// <param name="numerator">0 to <paramref name="denominator"/>.</param>
    /// <param name="denominator">1 or more.</param>
    bool Bernoulli(ulong numerator, ulong denominator);
}

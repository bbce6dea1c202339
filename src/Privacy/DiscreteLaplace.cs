namespace Monitoring.Privacy;

/// <summary>
/// Draws an integer z with probability (1-q)/(1+q)·q^|z|, q = e^(-s/t), exactly: only integers, only exact coins. Where the range of an
/// integer would end it throws; the chance of that is beyond anything physical.
/// </summary>
/// <remarks>
/// Algorithm 2 of C. Canonne, G. Kamath, T. Steinke, <i>The Discrete Gaussian for Differential Privacy</i>, NeurIPS 2020. Floating point
/// would leave gaps in what can be drawn, and the gaps give the true number away (I. Mironov, CCS 2012). The time of a draw depends on
/// what is drawn, so a draw never happens while somebody waits for an answer.
/// </remarks>
internal static class DiscreteLaplace
{
    public static long Draw(NoiseRate rate, IExactRandom random)
    {
        while (true)
        {
            if (Attempt(rate, random) is { } z)
                return z;
        }
    }

    /// <summary>One attempt. Attempts are alike and know nothing of each other, so the first that is not rejected has the law of any that is not.</summary>
    /// <returns>Null for an attempt that is rejected; about one in three.</returns>
    internal static long? Attempt(NoiseRate rate, IExactRandom random)
    {
        // u + t·v is geometric with rate 1/t: u below t weighed by e^(-u/t), v the whole multiples of t, each e^-1 as likely as the one before.
        var u = random.Below(rate.T);
        if (!ExpMinus(u, rate.T, random))
            return null;
        ulong v = 0;
        while (ExpMinus(1, 1, random))
            v++;

        var size = (u + rate.T * v) / rate.S;
        var negative = random.Bernoulli(1, 2);
        // Otherwise zero would come up twice, as +0 and as -0.
        if (negative && size == 0)
            return null;
        return negative ? -(long)size : (long)size;
    }

    /// <summary>True with probability e^(-a/d), for a/d from 0 to 1.</summary>
    /// <remarks>The run of coins a/d, a/2d, a/3d, … is longer than k with probability (a/d)^k/k!; that it ends at an odd place is the alternating sum of these: e^(-a/d).</remarks>
    private static bool ExpMinus(ulong a, ulong d, IExactRandom random)
    {
        ulong k = 1;
        while (random.Bernoulli(a, d * k))
            k++;
        return k % 2 == 1;
    }
}

namespace Monitoring.Privacy.Tests;

/// <summary>How often each number came up; those beyond the reach are counted at its ends.</summary>
internal sealed class Histogram(int reach)
{
    private readonly long[] _counts = new long[2 * reach + 1];

    public long Total { get; private set; }

    public static Histogram Of(int n, Func<long> draw, int reach = 400)
    {
        var histogram = new Histogram(reach);
        for (var i = 0; i < n; i++)
            histogram.Add(draw());
        return histogram;
    }

    public void Add(long value)
    {
        _counts[Math.Clamp(value, -reach, reach) + reach]++;
        Total++;
    }

    public long Count(long from, long to)
    {
        long count = 0;
        for (var z = Math.Max(from, -reach); z <= Math.Min(to, reach); z++)
            count += _counts[z + reach];
        return count;
    }

    public long AtLeast(long value) => Count(value, reach);

    public long AtMost(long value) => Count(-reach, value);

    /// <summary>What does not fit a law, in bins of a width around zero and two tails: divergence over its bound, distance over its bound.</summary>
    /// <param name="law">The law.</param>
    /// <param name="inner">Bins between the tails, an odd number.</param>
    /// <param name="width">Numbers in a bin.</param>
    public IEnumerable<string> Misfits(Law law, int inner = 41, int width = 1)
    {
        var edge = (long)inner * width / 2;
        double divergence = 0;
        for (var bin = -1; bin <= inner; bin++)
        {
            var (from, to) = bin < 0 ? (-reach, -edge - 1) : bin == inner ? (-edge + (long)inner * width, reach) : (-edge + (long)bin * width, -edge + (bin + 1L) * width - 1);
            var expected = bin < 0 ? law.Cdf(to) : bin == inner ? law.Cdf(-from) : law.Between(from, to);
            var seen = Count(from, to);
            divergence += seen == 0 ? 0 : seen * Math.Log(seen / (Total * expected));
        }

        if (divergence >= Statistics.DivergenceMax(inner + 2))
            yield return $"divergence {divergence:F1}, bound {Statistics.DivergenceMax(inner + 2):F1}";
        var distance = Distance(law);
        if (distance >= Statistics.DistanceMax(Total))
            yield return $"distance {distance:F6}, bound {Statistics.DistanceMax(Total):F6}";
    }

    private double Distance(Law law)
    {
        double worst = 0;
        long seen = 0;
        for (var z = -reach; z < reach; z++)
        {
            seen += _counts[z + reach];
            worst = Math.Max(worst, Math.Abs((double)seen / Total - law.Cdf(z)));
        }

        return worst;
    }
}

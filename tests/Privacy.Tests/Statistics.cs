namespace Monitoring.Privacy.Tests;

/// <summary>Bounds that are theorems for every sample size: no approximation, so that a false alarm is as rare as it says.</summary>
internal static class Statistics
{
    /// <summary>Chance of a false alarm of one assertion.</summary>
    public const double Alpha = 1e-10;

    /// <summary>Above it n times the divergence of k bins lies with probability <see cref="Alpha"/> at most (R. Agrawal, 2020, any n and any law).</summary>
    public static double DivergenceMax(int k)
    {
        double low = k - 1, high = 100 * k + 1_000;
        for (var i = 0; i < 200; i++)
        {
            var x = (low + high) / 2;
            var logBound = -x + (k - 1) * (1 + Math.Log(x / (k - 1)));
            (low, high) = logBound > Math.Log(Alpha) ? (x, high) : (low, x);
        }

        return high;
    }

    /// <summary>Above it the distance of two distribution functions lies with probability <see cref="Alpha"/> at most (Dvoretzky, Kiefer, Wolfowitz; Massart's constant).</summary>
    public static double DistanceMax(long n) => Math.Sqrt(Math.Log(2 / Alpha) / (2.0 * n));

    /// <summary>Smallest interval that n trials of probability p leave on either side with half of <see cref="Alpha"/> at most.</summary>
    public static (long From, long To) Interval(long n, double p)
    {
        var half = Math.Log(Alpha / 2);
        var from = Smallest(0, n, k => LogTail(n, p, k, -1) > half);
        var to = n - Smallest(0, n, k => LogTail(n, 1 - p, k, -1) > half);
        return (from, to);
    }

    /// <summary>Lowest probability that does not make k or more of n rarer than alpha (Clopper and Pearson).</summary>
    public static double LowerBound(long n, long k, double alpha) => k == 0 ? 0 : Bisect(p => LogTail(n, p, k, +1) < Math.Log(alpha), 0, (double)k / n);

    /// <summary>Highest probability that does not make k or fewer of n rarer than alpha.</summary>
    public static double UpperBound(long n, long k, double alpha) => 1 - LowerBound(n, n - k, alpha);

    /// <summary>Logarithm of P(X &gt;= k) upwards (+1), or P(X &lt;= k) downwards (-1), for X of n trials; exact where k is beyond the mean.</summary>
    private static double LogTail(long n, double p, long k, int step)
    {
        if (step > 0 ? k <= n * p : k >= n * p)
            return 0;
        double sum = 0, term = 1;
        for (var i = k; i >= 0 && i <= n && term > 1e-18 * sum; i += step)
        {
            sum += term;
            term *= step > 0 ? (double)(n - i) / (i + 1) * p / (1 - p) : (double)i / (n - i + 1) * (1 - p) / p;
        }

        return LogGamma(n + 1) - LogGamma(k + 1) - LogGamma(n - k + 1) + k * Math.Log(p) + (n - k) * Math.Log(1 - p) + Math.Log(sum);
    }

    private static double LogGamma(double x)
    {
        double shift = 0;
        for (; x < 20; x++)
            shift += Math.Log(x);
        return (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x * x * x) + 1 / (1260 * Math.Pow(x, 5)) - shift;
    }

    private static long Smallest(long low, long high, Predicate<long> holds)
    {
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

    private static double Bisect(Predicate<double> below, double low, double high)
    {
        for (var i = 0; i < 100; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = below(middle) ? (middle, high) : (low, middle);
        }

        return low;
    }
}

namespace Monitoring.Privacy.Tests;

/// <summary>The discrete Laplace law as a formula, in floating point: what the sampler is held against.</summary>
internal sealed class Law(double rate)
{
    /// <summary>The noise of four crossings and an epsilon of 1.</summary>
    public static readonly Law Quarter = new(0.25);

    private readonly double _q = Math.Exp(-rate);

    public double Variance => 2 * _q / ((1 - _q) * (1 - _q));

    public double Pmf(long z) => (1 - _q) / (1 + _q) * Math.Exp(-rate * Math.Abs(z));

    /// <summary>P(Z &lt;= z).</summary>
    public double Cdf(long z) => z < 0 ? Math.Exp(rate * z) / (1 + _q) : 1 - Math.Exp(-rate * (z + 1)) / (1 + _q);

    /// <summary>P(from &lt;= Z &lt;= to), without subtracting numbers near one.</summary>
    public double Between(long from, long to) => from > 0 ? Between(-to, -from) : Cdf(to) - Cdf(from - 1);

    /// <summary>The law of the sum of several, by convolution, from -reach to reach.</summary>
    public double[] Sum(int terms, int reach)
    {
        var sum = new double[2 * reach + 1];
        sum[reach] = 1;
        for (var i = 0; i < terms; i++)
            sum = WithOneMore(sum);
        return sum;
    }

    // Convolving with q^|z| is one run of a decaying sum from the left and one from the right.
    private double[] WithOneMore(double[] law)
    {
        var next = new double[law.Length];
        var scale = (1 - _q) / (1 + _q);
        double left = 0, right = 0;
        for (var i = 0; i < law.Length; i++)
        {
            left = left * _q + law[i];
            next[i] += scale * left;
            var j = law.Length - 1 - i;
            next[j] += scale * right;
            right = (right + law[j]) * _q;
        }

        return next;
    }
}

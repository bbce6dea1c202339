namespace Monitoring.Simulator.Crowd;

/// <summary>Draws from distributions, from a seeded source.</summary>
internal static class Chance
{
    private const double ExactUpTo = 30;

    /// <summary>How many events happen where <paramref name="mean"/> are expected.</summary>
    /// <param name="random">Seeded source.</param>
    /// <param name="mean">Expected number, 0 or more.</param>
    public static int Poisson(this Random random, double mean)
    {
        // Above 30 the normal distribution is near enough and costs the same for any mean.
        if (mean > ExactUpTo)
            return (int)Math.Max(0, Math.Round(mean + Math.Sqrt(mean) * random.Normal()));
        var (limit, product, events) = (Math.Exp(-mean), random.NextDouble(), 0);
        while (product > limit)
        {
            product *= random.NextDouble();
            events++;
        }

        return events;
    }

    /// <summary>A draw from the standard normal distribution (Box and Muller).</summary>
    /// <param name="random">Seeded source.</param>
    public static double Normal(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

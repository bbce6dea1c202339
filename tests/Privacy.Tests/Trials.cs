namespace Monitoring.Privacy.Tests;

/// <summary>The statistical tests as questions to a pipeline or a sampler; each answers with what is wrong. The right one must have no answer, a mutant must have one.</summary>
internal static class Trials
{
    /// <summary>A-01: 500 cells, each asked for 20 times and one of them 10,000 times.</summary>
    public static IEnumerable<string> Averaging(Pipeline pipeline)
    {
        for (var cell = 0; cell < 500; cell++)
        {
            var first = pipeline.Next(40);
            for (var i = 1; i < (cell == 0 ? 10_000 : 20); i++)
            {
                if (pipeline.Again(40) is var again && again != first)
                    yield return $"cell {cell}: {first}, then {again}";
            }
        }
    }

    /// <summary>T-03: a million draws of rate 1/4 against the formula.</summary>
    public static IEnumerable<string> Fit(Func<long> draw) => Histogram.Of(1_000_000, draw).Misfits(Law.Quarter);

    /// <summary>T-05: true zeros through the pipeline.</summary>
    public static IEnumerable<string> ZeroCells(Pipeline pipeline)
    {
        var seen = Histogram.Of(200_000, () => pipeline.Next(0));
        return [.. Outside("zeros", seen.Count(0, 0), 23_921, 25_830), .. seen.Misfits(Law.Quarter)];
    }

    /// <summary>T-06: half a million pairs, both above zero.</summary>
    public static IEnumerable<string> Pairs(Func<(long A, long B)> draw)
    {
        long both = 0;
        for (var i = 0; i < 500_000; i++)
        {
            var (a, b) = draw();
            both += a > 0 && b > 0 ? 1 : 0;
        }

        return Outside("pairs above zero", both, 94_049, 97_649);
    }

    /// <summary>T-07: two deployments with the same names and the same inputs.</summary>
    public static IEnumerable<string> Deployments(Pipeline one, Pipeline other)
    {
        long equal = 0;
        for (var i = 0; i < 10_000; i++)
            equal += one.Next(7) == other.Next(7) ? 1 : 0;
        return Outside("equal cells", equal, 480, 794);
    }

    /// <summary>T-10: the event that one person of four crossings moves as far as is allowed.</summary>
    public static IEnumerable<string> TightEvent(Histogram without, Histogram with) =>
        [.. Outside("at most 50 of 50", without.AtMost(50), without.Total, Law.Quarter.Cdf(0)), .. Outside("at most 50 of 54", with.AtMost(50), with.Total, Law.Quarter.Cdf(-4))];

    /// <summary>T-11: no event of 21 thresholds, two tails and two directions is more than e^epsilon likelier, whatever the law.</summary>
    public static IEnumerable<string> Ratios(Histogram without, Histogram with)
    {
        const double alpha = 1e-9 / 168;
        for (var t = 42; t <= 62; t++)
        {
            foreach (var (what, a, b) in (IEnumerable<(string, long, long)>)[("at least", without.AtLeast(t), with.AtLeast(t)), ("at most", without.AtMost(t), with.AtMost(t))])
            {
                if (Exceeds(a, b) || Exceeds(b, a))
                    yield return $"{what} {t}: {a} against {b}";
            }
        }

        bool Exceeds(long a, long b) =>
            Statistics.LowerBound(without.Total, a, alpha) > Math.E * Statistics.UpperBound(with.Total, b, alpha);
    }

    /// <summary>Half of what T-10 and T-11 look at.</summary>
    public static Histogram Neighbour(Pipeline pipeline, long count, int cells = 200_000) => Histogram.Of(cells, () => pipeline.Next(count));

    /// <summary>T-17: sums of 2,000 empty days.</summary>
    public static IEnumerable<string> EmptyDays(Pipeline pipeline)
    {
        long above = 0;
        for (var day = 0; day < 2_000; day++)
            above += Enumerable.Range(0, 96).Sum(_ => pipeline.Next(0)) > 0 ? 1 : 0;
        return Outside("days above zero", above, 2_000, Law.Quarter.Sum(96, 2_000)[2_001..].Sum());
    }

    public static IEnumerable<string> Outside(string what, long seen, long of, double probability)
    {
        var (from, to) = Statistics.Interval(of, probability);
        return Outside(what, seen, from, to);
    }

    public static IEnumerable<string> Outside(string what, long seen, long from, long to) => seen >= from && seen <= to ? [] : [$"{seen} {what}, expected {from} to {to}"];
}

using System.Collections.Concurrent;
using System.Numerics;

namespace Monitoring.Privacy;

/// <summary>What is shown for one cell or for several together.</summary>
/// <param name="Value">Sum of the releases; null where it is not shown.</param>
/// <param name="Reason">One of <see cref="ReleaseReason"/> where it is not shown; otherwise null.</param>
/// <param name="Err95">The true sum lies within this distance of the stored one at least 19 times in 20, over all sums, shown or not.</param>
/// <param name="Cells">How many cells it is about.</param>
/// <param name="CellsReleased">How many of them have a number.</param>
public sealed record PublishedValue(long? Value, string? Reason, long Err95, int Cells, int CellsReleased);

/// <summary>
/// Turns releases into what is shown: adds, and leaves out what is mostly noise. It looks at noisy numbers only, so it costs no privacy and
/// protects none: it keeps readers from taking noise for people.
/// </summary>
public sealed class Publication
{
    /// <summary>Below it nothing is shown.</summary>
    public const long FloorDefault = 10;

    /// <summary>Below it nothing is shown of a sensitive space.</summary>
    public const long FloorSensitive = 50;

    /// <summary>How many different rates of noise are remembered; with more, all are computed anew.</summary>
    public const int RatesMax = 64;

    // Of several holes the first here is told, so that every surface says the same whatever the order of its cells.
    private static readonly string[] Holes = [ReleaseReason.Withdrawn, ReleaseReason.Refused, ReleaseReason.Restored, ReleaseReason.NoData];

    private readonly long _floor;
    private readonly ConcurrentDictionary<(Epsilon, Sensitivity), NoiseAccuracy> _accuracies = new();

    /// <summary>The rule of a space.</summary>
    /// <param name="sensitive">Whether its terms say that it is sensitive.</param>
    public Publication(bool sensitive = false) => _floor = sensitive ? FloorSensitive : FloorDefault;

    /// <summary>The sum of some releases. It is missing as soon as one of them is: a hole is not a zero.</summary>
    /// <param name="cells">Different releases of one kind, 1 or more; their numbers are added signed, as they were drawn.</param>
    /// <exception cref="ArgumentException">There is none, one comes twice, or they are of different kinds.</exception>
    public PublishedValue Of(params IReadOnlyCollection<Released> cells)
    {
        if (cells.Count == 0 || cells.DistinctBy(cell => cell.Kind).Skip(1).Any() || cells.DistinctBy(cell => cell.Key).Count() < cells.Count)
            throw new ArgumentException("Give one or more releases of one kind, each once.");
        var noise = new NoiseOfSum(cells.CountBy(cell => (cell.Epsilon, cell.Sensitivity)).Select(same => (Accuracy(same.Key.Epsilon, same.Key.Sensitivity), same.Value)));
        var missing = cells.Where(cell => cell.Value is null).Select(cell => Shown(cell.Reason)).MinBy(reason => Array.IndexOf(Holes, reason));
        var sum = cells.Sum(cell => cell.Value ?? 0);
        var reason = missing ?? (sum < noise.Threshold(_floor) ? ReleaseReason.Suppressed : null);
        return new PublishedValue(reason is null ? sum : null, reason, noise.Err95(), cells.Count, cells.Count(cell => cell.Value is not null));
    }

    /// <summary>The sum of cells that were added up before, all of them with a number.</summary>
    /// <param name="sum">Their noisy numbers, added signed.</param>
    /// <param name="cells">How many cells were drawn with each noise; 1 or more in all.</param>
    /// <exception cref="ArgumentException">There is no cell.</exception>
    public PublishedValue OfSum(long sum, params IReadOnlyCollection<(Epsilon Epsilon, Sensitivity Sensitivity, int Cells)> cells)
    {
        var count = cells.Sum(some => some.Cells);
        if (count < 1)
            throw new ArgumentException("Give one cell or more.");
        var noise = new NoiseOfSum(cells.Select(some => (Accuracy(some.Epsilon, some.Sensitivity), some.Cells)));
        var reason = sum < noise.Threshold(_floor) ? ReleaseReason.Suppressed : null;
        return new PublishedValue(reason is null ? sum : null, reason, noise.Err95(), count, count);
    }

    /// <summary>Least number of one cell that is shown.</summary>
    /// <param name="epsilon">What the group spends in a day.</param>
    /// <param name="sensitivity">How far one person can move its numbers.</param>
    public long LeastShown(Epsilon epsilon, Sensitivity sensitivity) => new NoiseOfSum([(Accuracy(epsilon, sensitivity), 1)]).Threshold(_floor);

    private static string Shown(string? reason) => reason is ReleaseReason.NoData or ReleaseReason.Withdrawn or ReleaseReason.Restored ? reason : ReleaseReason.Refused;

    private NoiseAccuracy Accuracy(Epsilon epsilon, Sensitivity sensitivity)
    {
        if (_accuracies.TryGetValue((epsilon, sensitivity), out var known))
            return known;
        if (_accuracies.Count >= RatesMax)
            _accuracies.Clear();
        return _accuracies[(epsilon, sensitivity)] = new NoiseAccuracy(epsilon, sensitivity);
    }
}

/// <summary>The noise of a sum of cells.</summary>
internal sealed class NoiseOfSum
{
    private readonly BigInteger _variance;
    private readonly BigInteger _squares;
    private readonly long? _ofOne;

    /// <summary>The noise of some cells.</summary>
    /// <param name="cells">How many cells were drawn with each noise; 1 or more in all.</param>
    public NoiseOfSum(IEnumerable<(NoiseAccuracy Accuracy, int Cells)> cells)
    {
        var drawn = cells.Where(some => some.Cells > 0).ToList();
        _variance = drawn.Aggregate(BigInteger.Zero, (sum, some) => sum + some.Cells * some.Accuracy.Variance);
        _squares = drawn.Aggregate(BigInteger.Zero, (sum, some) => sum + some.Cells * some.Accuracy.Variance * some.Accuracy.Variance);
        _ofOne = drawn is [(var accuracy, 1)] ? accuracy.Err95 : null;
    }

    /// <summary>Smallest whole number k that is at least 3.3 standard deviations, so that the relative standard error is at most 30 %, and at least a floor.</summary>
    public long Threshold(long floor) =>
        long.Max(floor, NoiseAccuracy.Smallest(k => 100 * NoiseAccuracy.One * k * k >= 1089 * _variance));

    /// <summary>For one cell exact. For several (1.96 + 0.21·f) standard deviations, rounded up, where f is the sum of squared variances over the squared sum: 1/n for n equal cells.</summary>
    /// <remarks>The second term stands for the heavier tails of few cells. That 95 % is always reached, and by how little it is passed, is tested against the exact law.</remarks>
    public long Err95()
    {
        if (_ofOne is { } one)
            return one;
        var squared = _variance * _variance;
        var factor = 196 * squared + 21 * _squares;
        return NoiseAccuracy.Smallest(m => NoiseAccuracy.One * m * m * 10_000 * squared * _variance >= factor * factor);
    }
}

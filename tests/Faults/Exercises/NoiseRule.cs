using System.Globalization;
using Monitoring.Privacy.Tests;

namespace Monitoring.Faults.Exercises;

/// <summary>A released cell as the ledger keeps it, before suppression.</summary>
/// <param name="Value">Signed and with noise; null where there is no number.</param>
/// <param name="Reason">Why there is none.</param>
/// <param name="EpsilonMicro">What its group spent that day, millionths.</param>
/// <param name="Sensitivity">How far one person could move the group's numbers of the day.</param>
internal sealed record StoredCell(long? Value, string? Reason, long EpsilonMicro, long Sensitivity);

/// <summary>What stored cells have to look like beside the truth, computed here and not asked of the product.</summary>
/// <remarks>
/// Noise of rate r is beyond m with probability 2·q^(m+1)/(1+q), q = e^-r. err95 is the smallest m for which that is at most 0.05, so that the share within it is a little
/// over 95 % and known exactly; how many of n cells lie within it has to be in the exact two-sided 1e-10 interval of the binomial law. Beyond the bound of a single cell noise
/// falls once in 10^10 cells: of the 70,000 of two months one does in 1 of 140,000 runs.
/// </remarks>
internal sealed record NoiseRule(int Cells, int Missing, int Within, double Share, long From, long To, long Err95, long Farthest, long Bound, IReadOnlyList<string> Complaints)
{
    /// <summary>Holds what is stored against the truth.</summary>
    /// <param name="truth">The true counts; null where a cell may have no number.</param>
    /// <param name="stored">What the ledger has; all of one kind of noise.</param>
    public static NoiseRule Of(IReadOnlyDictionary<RecordedCell, long?> truth, IReadOnlyDictionary<RecordedCell, StoredCell> stored)
    {
        var complaints = new List<string>();
        complaints.AddRange(truth.Keys.Where(cell => !stored.ContainsKey(cell)).Select(cell => $"{Name(cell)}: is not in the ledger"));
        complaints.AddRange(stored.Keys.Where(cell => !truth.ContainsKey(cell)).Select(cell => $"{Name(cell)}: is in the ledger and not among the recorded cells"));
        var (epsilon, sensitivity) = stored.Values.Select(cell => (cell.EpsilonMicro, cell.Sensitivity)).Distinct().Single();
        var law = new Law(epsilon / 1e6 / sensitivity);
        var (err95, bound) = (Reach(law, 0.05), Reach(law, Statistics.Alpha));
        var (cells, missing, within, farthest) = (0, 0, 0, 0L);
        foreach (var (cell, found) in stored)
        {
            if (!truth.TryGetValue(cell, out var count))
                continue;
            if (count is null != found.Value is null || found.Value is null != (found.Reason is "no-data"))
                complaints.Add($"{Name(cell)}: stored as {Number(found.Value) ?? "no number"} ({found.Reason ?? "no reason"}), in truth {Number(count) ?? "not observed"}");
            if (count is not { } people || found.Value is not { } value)
            {
                missing += found.Value is null ? 1 : 0;
                continue;
            }

            var off = Math.Abs(value - people);
            cells++;
            within += off <= err95 ? 1 : 0;
            farthest = Math.Max(farthest, off);
            if (off > bound)
                complaints.Add($"{Name(cell)}: off by {off}, more than {bound}");
        }

        var (from, to) = Statistics.Interval(cells, law.Between(-err95, err95));
        if (within < from || within > to)
            complaints.Add($"{within} of {cells} cells are within {err95} of the truth; expected are {from} to {to}");
        return new NoiseRule(cells, missing, within, (double)within / cells, from, to, err95, farthest, bound, complaints);
    }

    /// <summary>The smallest m beyond which noise falls with at most this probability.</summary>
    public static long Reach(Law law, double probability)
    {
        long m = 0;
        while (2 * law.Between(m + 1, long.MaxValue / 2) > probability)
            m++;
        return m;
    }

    private static string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string Name(RecordedCell cell) => $"{cell.Series} {cell.From.UtcDateTime:yyyy-MM-ddTHH:mm}Z";
}

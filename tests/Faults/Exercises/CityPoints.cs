using Monitoring.Domain.Privacy;
using Monitoring.Domain.Spaces;
using Monitoring.Privacy.Tests;

namespace Monitoring.Faults.Exercises;

/// <summary>What a point is made of, and what of it is shown.</summary>
internal sealed record SummedPoint(DateTimeOffset To, string LocalDay, long? Noisy, ShownPoint Shown, long Cells, long CellsReleased, long Alive, long Total, bool Unconfirmed);

/// <summary>What of a point is shown: a number or a reason, and how far it may be off.</summary>
internal sealed record ShownPoint(long? Value, string? Reason, long Err95);

/// <summary>Adds the cells of a ledger up to the points that copies have to hold: reckoned here anew, and not by what the hub reckons with.</summary>
internal static class CityPoints
{
    // Of several the first is told.
    private static readonly string[] Reasons = ["withdrawn", "refused", "restored", "no-data"];

    /// <summary>The part of a copied point that follows from the ledger alone.</summary>
    public static SummedPoint Of(CopiedPoint point, long? noisy) => new(point.To, point.LocalDay, noisy, new ShownPoint(point.Value, point.Reason, point.Err95), point.Cells, point.CellsReleased, point.Alive, point.Total, point.Unconfirmed);

    /// <summary>Cells, hours and days of the months that are kept, and the sums of those that are forgotten.</summary>
    /// <param name="cells">All cells that there ever were.</param>
    /// <param name="site">The site, all in zones with the same days.</param>
    /// <param name="keptFrom">First day that is kept: the first of a month.</param>
    public static Dictionary<CopiedKey, SummedPoint> Expected(IEnumerable<LedgerCell> cells, Site site, DateOnly keptFrom)
    {
        var (points, zone) = (new Dictionary<CopiedKey, SummedPoint>(), site.Spaces[0].TimeZone);
        foreach (var series in cells.GroupBy(cell => (cell.Space, cell.Series)))
        {
            var least = site.Spaces.Single(space => space.Id == series.Key.Space).Release.Class == PlaceClass.Sensitive ? 50 : 10;
            foreach (var day in series.GroupBy(cell => cell.Day).Where(day => DateOnly.Parse(day.Key, null) >= keptFrom))
            {
                foreach (var cell in day)
                    points.Add(Key(cell, "cell"), Sum(day.Key, [cell], least));
                foreach (var hour in day.GroupBy(cell => cell.To - cell.From >= TimeSpan.FromHours(1) ? cell.From : new DateTimeOffset(cell.From.UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero)))
                    points.Add(Key(hour.First(), "PT1H"), Sum(day.Key, [.. hour], least));
                var midnight = DateOnly.Parse(day.Key, null).ToDateTime(TimeOnly.MinValue);
                if (day.Sum(cell => (cell.To - cell.From).Ticks) == (midnight.AddDays(1) - zone.GetUtcOffset(midnight.AddDays(1)) - (midnight - zone.GetUtcOffset(midnight))).Ticks)
                    points.Add(Key(day.MinBy(cell => cell.From)!, "P1D"), Sum(day.Key, [.. day], least));
            }

            foreach (var month in series.GroupBy(cell => cell.Day[..7]).Where(month => string.CompareOrdinal($"{month.Key}-01", keptFrom.ToString("O", null)) < 0 && month.Any(cell => cell.Value is not null)))
                points.Add(Key(month.MinBy(cell => cell.From)!, "P1M"), Sum($"{month.Key}-01", [.. month], least) with { Shown = Shown([.. month.Where(cell => cell.Value is not null)], least) });
        }

        return points;
    }

    private static CopiedKey Key(LedgerCell first, string grid) => new(first.Space, first.Series, grid, first.From);

    private static SummedPoint Sum(string day, IReadOnlyList<LedgerCell> cells, long least) => new(
        cells.Max(cell => cell.To), day, cells.Any(cell => cell.Value is not null) ? cells.Sum(cell => cell.Value ?? 0) : null, Shown(cells, least), cells.Count, cells.Count(cell => cell.Value is not null),
        cells.Min(cell => cell.Alive), cells.Max(cell => cell.Total), cells.Any(cell => cell.Unconfirmed));

    // By the formulas of docs/reference/release.md. A month that is forgotten is the sum of the cells that had a number; any other sum is missing as soon as one of them is.
    private static ShownPoint Shown(IReadOnlyList<LedgerCell> cells, long least)
    {
        var laws = cells.Select(cell => new Law(cell.EpsilonMicro / 1e6 / cell.Sensitivity)).ToList();
        var variance = laws.Sum(law => law.Variance);
        var err95 = laws.Count == 1 ? NoiseRule.Reach(laws[0], 0.05) : Up((1.96 + (0.21 * laws.Sum(law => law.Variance * law.Variance) / (variance * variance))) * Math.Sqrt(variance));
        var missing = cells.Where(cell => cell.Value is null).Select(cell => Reasons.Contains(cell.Reason) ? cell.Reason : "refused").MinBy(reason => Array.IndexOf(Reasons, reason));
        var sum = cells.Sum(cell => cell.Value ?? 0);
        return missing is null && sum >= long.Max(least, Up(3.3 * Math.Sqrt(variance))) ? new ShownPoint(sum, null, err95) : new ShownPoint(null, missing ?? "suppressed", err95);
    }

    // The bounds of this city are no whole numbers; one that is could not be told from its neighbour in floating point.
    private static long Up(double bound)
    {
        Assert.True(Math.Abs(bound - Math.Round(bound)) > 1e-9 * bound, $"{bound} is too near a whole number");
        return (long)Math.Ceiling(bound);
    }
}

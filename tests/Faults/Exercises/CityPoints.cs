using Monitoring.Domain.Spaces;

namespace Monitoring.Faults.Exercises;

/// <summary>What a point is made of, whatever of it is shown.</summary>
internal sealed record SummedPoint(DateTimeOffset To, string LocalDay, long? Noisy, long Cells, long CellsReleased, long Alive, long Total, bool Unconfirmed);

/// <summary>Adds the cells of a ledger up to the points that copies have to hold: reckoned here anew, and not by what the hub reckons with.</summary>
internal static class CityPoints
{
    /// <summary>The part of a copied point that follows from the ledger alone.</summary>
    public static SummedPoint Of(CopiedPoint point, long? noisy) => new(point.To, point.LocalDay, noisy, point.Cells, point.CellsReleased, point.Alive, point.Total, point.Unconfirmed);

    /// <summary>Cells, hours and days of the months that are kept, and the sums of those that are forgotten.</summary>
    /// <param name="cells">All cells that there ever were.</param>
    /// <param name="site">The site, all in zones with the same days.</param>
    /// <param name="keptFrom">First day that is kept: the first of a month.</param>
    public static Dictionary<CopiedKey, SummedPoint> Expected(IEnumerable<LedgerCell> cells, Site site, DateOnly keptFrom)
    {
        var (points, zone) = (new Dictionary<CopiedKey, SummedPoint>(), site.Spaces[0].TimeZone);
        foreach (var series in cells.GroupBy(cell => (cell.Space, cell.Series)))
        {
            foreach (var day in series.GroupBy(cell => cell.Day).Where(day => DateOnly.Parse(day.Key, null) >= keptFrom))
            {
                foreach (var cell in day)
                    points.Add(Key(cell, "cell"), Sum(day.Key, [cell]));
                foreach (var hour in day.GroupBy(cell => cell.To - cell.From >= TimeSpan.FromHours(1) ? cell.From : new DateTimeOffset(cell.From.UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero)))
                    points.Add(Key(hour.First(), "PT1H"), Sum(day.Key, [.. hour]));
                var midnight = DateOnly.Parse(day.Key, null).ToDateTime(TimeOnly.MinValue);
                if (day.Sum(cell => (cell.To - cell.From).Ticks) == (midnight.AddDays(1) - zone.GetUtcOffset(midnight.AddDays(1)) - (midnight - zone.GetUtcOffset(midnight))).Ticks)
                    points.Add(Key(day.MinBy(cell => cell.From)!, "P1D"), Sum(day.Key, [.. day]));
            }

            foreach (var month in series.GroupBy(cell => cell.Day[..7]).Where(month => string.CompareOrdinal($"{month.Key}-01", keptFrom.ToString("O", null)) < 0 && month.Any(cell => cell.Value is not null)))
                points.Add(Key(month.MinBy(cell => cell.From)!, "P1M"), Sum($"{month.Key}-01", [.. month]));
        }

        return points;
    }

    private static CopiedKey Key(LedgerCell first, string grid) => new(first.Space, first.Series, grid, first.From);

    private static SummedPoint Sum(string day, IReadOnlyList<LedgerCell> cells) => new(
        cells.Max(cell => cell.To), day, cells.Any(cell => cell.Value is not null) ? cells.Sum(cell => cell.Value ?? 0) : null, cells.Count, cells.Count(cell => cell.Value is not null),
        cells.Min(cell => cell.Alive), cells.Max(cell => cell.Total), cells.Any(cell => cell.Unconfirmed));
}

using Monitoring.Domain.History;
using Monitoring.Privacy;
using Monitoring.Silo.Privacy;

namespace Monitoring.Silo.History;

/// <summary>Puts published cells together to the points that readers see: each cell, and the hours and days that are whole. The only place where released numbers are added.</summary>
/// <param name="ledger">The ledger.</param>
/// <param name="factsOf">What a space was on a local day.</param>
internal sealed class PointAssembly(ReleaseStore ledger, Func<string, DateOnly, SpaceFact> factsOf)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Dictionary<bool, Publication> _publications = new() { [false] = new Publication(), [true] = new Publication(sensitive: true) };

    /// <summary>The points that follow from new or changed releases.</summary>
    /// <param name="rows">Published releases.</param>
    /// <param name="now">The current instant.</param>
    /// <returns>Points of different keys.</returns>
    public IReadOnlyList<HistoryPoint> Of(IReadOnlyList<StoredRelease> rows, DateTimeOffset now)
    {
        var points = new Dictionary<HistoryKey, HistoryPoint>();
        foreach (var row in rows.GroupBy(row => row.Release.Key).Select(same => same.Last()))
        {
            var cell = row.Release;
            var zone = TimeZoneInfo.FindSystemTimeZoneById(factsOf(cell.Key.Space, cell.Day).TimeZone);
            Add(points, Point(HistoryGrid.Cell, zone, [cell]));
            foreach (var (grid, from, to) in Blocks(cell, zone))
            {
                var key = new HistoryKey(cell.Key.Space, cell.Key.Series, grid, from);
                if (!points.ContainsKey(key) && to <= now && Whole(cell, grid, from, to, now) is { } cells)
                    Add(points, Point(grid, zone, cells));
            }
        }

        return [.. points.Values];
    }

    /// <summary>A month of which the cells are gone: the sum of those that had a number, with how many these are. Sensitive where the space began or ended it so.</summary>
    /// <param name="month">What is left of it.</param>
    /// <returns>Null where none of them had a number.</returns>
    public HistoryPoint? Of(MonthSum month)
    {
        if (month.Value is not { } sum)
            return null;
        var fact = factsOf(month.Space, month.Month);
        var isSensitive = fact.Sensitive || factsOf(month.Space, month.Month.AddMonths(1).AddDays(-1)).Sensitive;
        var newest = month.Noises[^1];
        var shown = _publications[isSensitive].OfSum(sum, [.. month.Noises.Select(noise => (noise.Epsilon, noise.Sensitivity, noise.Released))]);
        return new HistoryPoint(
            new HistoryKey(month.Space, month.Series, HistoryGrid.Month, month.From),
            month.To,
            KindOf(month.Kind),
            month.Month,
            HourOfWeek(month.From, TimeZoneInfo.FindSystemTimeZoneById(fact.TimeZone)),
            new ShownValue(shown.Value, shown.Reason, shown.Err95),
            new HistoryCoverage(month.Coverage.Alive, month.Coverage.Total, month.Coverage.Unconfirmed, month.Cells, month.Released),
            new HistoryNoise(sum, newest.Epsilon.Micro, newest.Sensitivity.Bound),
            month.TermsVersion);
    }

    private static void Add(Dictionary<HistoryKey, HistoryPoint> points, HistoryPoint point) => points[point.Key] = point;

    // A cell that is as long as an hour, or longer, stands for itself among the hours.
    private static IEnumerable<(HistoryGrid Grid, DateTimeOffset From, DateTimeOffset To)> Blocks(Released cell, TimeZoneInfo zone)
    {
        if (cell.To - cell.Key.From >= Hour)
        {
            yield return (HistoryGrid.Hour, cell.Key.From, cell.To);
        }
        else
        {
            var (from, to) = ClockHourOf(cell, zone);
            yield return (HistoryGrid.Hour, from, to);
        }

        var day = CivilDay.Of(cell.Day, zone);
        yield return (HistoryGrid.Day, day.From, day.To);
    }

    // The hour of the clock on the wall in which a cell begins. Clocks that move by half an hour (Lord Howe) cut one in two: what lies on either side of the change is an hour for itself.
    private static (DateTimeOffset From, DateTimeOffset To) ClockHourOf(Released cell, TimeZoneInfo zone)
    {
        var shift = PastHour(zone, cell.Key.From);
        var from = new DateTimeOffset((cell.Key.From.UtcTicks + shift) / Hour.Ticks * Hour.Ticks - shift, TimeSpan.Zero);
        var to = from + Hour;
        while (from < cell.Key.From && PastHour(zone, from) != shift)
            from += Minute;
        while (to > cell.To && PastHour(zone, to - Minute) != shift)
            to -= Minute;
        return (from, to);
    }

    private static long PastHour(TimeZoneInfo zone, DateTimeOffset instant) => (zone.GetUtcOffset(instant).Ticks % Hour.Ticks + Hour.Ticks) % Hour.Ticks;

    // Null unless published cells fill the span from end to end. A cell as long as an hour that began before it stands for itself: after such a change a plan of hours has them from half to half, and half of one at the end of the day.
    private List<Released>? Whole(Released cell, HistoryGrid grid, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        if (cell.Key.From == from && cell.To == to)
            return [cell];
        var cells = ledger.Between(cell.Key.Space, cell.Key.Series, from, to, now).Select(row => row.Release).ToList();
        if (grid == HistoryGrid.Hour && cells is [var before, ..] && before.Key.From < from && before.To - before.Key.From >= Hour)
        {
            cells.RemoveAt(0);
            from = before.To;
        }

        var at = from;
        foreach (var next in cells)
        {
            if (next.Key.From != at || next.Kind != cell.Kind)
                return null;
            at = next.To;
        }

        return at == to ? cells : null;
    }

    private HistoryPoint Point(HistoryGrid grid, TimeZoneInfo zone, List<Released> cells)
    {
        var (first, from, released) = (cells[0], cells[0].Key.From, cells.Where(cell => cell.Value is not null).ToList());
        var shown = _publications[factsOf(first.Key.Space, first.Day).Sensitive].Of(cells);
        return new HistoryPoint(
            new HistoryKey(first.Key.Space, first.Key.Series, grid, from),
            cells[^1].To,
            KindOf(first.Kind),
            first.Day,
            HourOfWeek(from, zone),
            new ShownValue(shown.Value, shown.Reason, shown.Err95),
            new HistoryCoverage(cells.Min(cell => cell.Coverage.Alive), cells.Max(cell => cell.Coverage.Total), cells.Exists(cell => cell.Coverage.Unconfirmed), cells.Count, released.Count),
            new HistoryNoise(released.Count == 0 ? null : released.Sum(cell => cell.Value!.Value), first.Epsilon.Micro, first.Sensitivity.Bound),
            first.TermsVersion);
    }

    /// <summary>The kind of number as readers call it.</summary>
    public static HistoryKind KindOf(ReleaseKind kind) => kind == ReleaseKind.Flow ? HistoryKind.Flow : HistoryKind.Presence;

    private static int HourOfWeek(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(instant, zone);
        return (((int)local.DayOfWeek + 6) % 7 * 24) + local.Hour;
    }
}

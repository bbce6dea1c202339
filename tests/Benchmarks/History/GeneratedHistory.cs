using Monitoring.Domain.History;

namespace Monitoring.Benchmarks.History;

/// <summary>Days of released points of a large city: quarter-hours, hours and days of two series of each space. The same rows for whoever asks.</summary>
/// <param name="Spaces">How many spaces.</param>
/// <param name="Days">How many days.</param>
internal sealed record GeneratedHistory(int Spaces, int Days)
{
    /// <summary>Points of a space and day: 2 series of 96 cells, 24 hours and a day.</summary>
    public const int PerSpaceAndDay = 2 * (96 + 24 + 1);

    private const int SuppressedBelow = 10;

    /// <summary>Start of the first day, a Monday.</summary>
    public static readonly DateTimeOffset Start = new(2025, 1, 6, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A history of about so many points.</summary>
    public static GeneratedHistory Of(int spaces, long points) => new(spaces, (int)Math.Max(15, Math.Round((double)points / spaces / PerSpaceAndDay)));

    public static string Space(int number) => $"space-{number:000}";

    /// <summary>End of the last day.</summary>
    public DateTimeOffset End => Start.AddDays(Days);

    public long Points => (long)Spaces * Days * PerSpaceAndDay;

    /// <summary>The points of a day, as they come to be: by time.</summary>
    public List<HistoryPoint> Day(int day)
    {
        var random = new Random(day);
        var cells = new long[Spaces, 2, 96];
        var points = new List<HistoryPoint>(Spaces * PerSpaceAndDay);
        for (var quarter = 0; quarter < 96; quarter++)
        {
            for (var space = 0; space < Spaces; space++)
            {
                for (var series = 0; series < 2; series++)
                {
                    cells[space, series, quarter] = (long)(60 * Math.Max(0, Math.Sin((quarter - 24) / 72.0 * Math.PI))) + random.Next(-8, 40);
                    points.Add(Point(space, series, HistoryGrid.Cell, day, quarter, 1, cells[space, series, quarter]));
                    if (quarter % 4 == 3)
                        points.Add(Point(space, series, HistoryGrid.Hour, day, quarter - 3, 4, Sum(space, series, quarter - 3, 4)));
                    if (quarter == 95)
                        points.Add(Point(space, series, HistoryGrid.Day, day, 0, 96, Sum(space, series, 0, 96)));
                }
            }
        }

        return points;

        long Sum(int space, int series, int from, int count) => Enumerable.Range(from, count).Sum(quarter => cells[space, series, quarter]);
    }

    private static HistoryPoint Point(int space, int series, HistoryGrid grid, int day, int quarter, int cells, long noisy)
    {
        var from = Start.AddDays(day).AddMinutes(15 * quarter);
        var suppressed = noisy < SuppressedBelow;
        return new(new(Space(space), series == 0 ? "in" : "out", grid, from), from.AddMinutes(15 * cells), HistoryKind.Flow, DateOnly.FromDateTime(from.UtcDateTime), day % 7 * 24 + quarter / 4,
            new(suppressed ? null : noisy, suppressed ? "suppressed" : null, 12 + cells), new(3, 3, false, cells, cells), new(noisy, 1_000_000, 4), 1);
    }
}

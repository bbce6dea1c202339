namespace Monitoring.Simulator.Crowd;

/// <summary>How busy a public space is by local time of day.</summary>
/// <remarks>Mean passages per local hour at Zürich Hardbrücke, January to March 2024 (real counts, all eight lines, in plus out).</remarks>
internal static class DayProfile
{
    private static readonly double[] PassagesByHour =
    [
        536, 235, 160, 126, 141, 645, 2618, 5197, 5122, 2611, 1972, 2246,
        2830, 2830, 2752, 3480, 5250, 6651, 5562, 3369, 2362, 1916, 2022, 1282,
    ];

    private static readonly double Busiest = PassagesByHour.Max();

    /// <summary>Share of the busiest hour, over 0 to 1; hours are joined by straight lines between their middles.</summary>
    /// <param name="instant">The instant.</param>
    /// <param name="zone">Time zone of the space.</param>
    public static double At(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var hours = TimeZoneInfo.ConvertTime(instant, zone).TimeOfDay.TotalHours + 23.5;
        var (before, part) = ((int)hours % 24, hours % 1);
        return (PassagesByHour[before] * (1 - part) + PassagesByHour[(before + 1) % 24] * part) / Busiest;
    }
}

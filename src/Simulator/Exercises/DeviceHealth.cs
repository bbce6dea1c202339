namespace Monitoring.Simulator.Exercises;

/// <summary>Battery, temperature and uptime of a simulated device.</summary>
internal sealed class DeviceHealth
{
    private const double BatteryPercentPerHour = 0.05;

    private readonly double _batteryPercent;

    /// <summary>Draws how full the battery is at the start.</summary>
    /// <param name="random">Seeded source.</param>
    public DeviceHealth(Random random) => _batteryPercent = 60 + 38 * random.NextDouble();

    /// <summary>Health values by name with the unit last.</summary>
    /// <param name="uptime">Time since it was switched on.</param>
    /// <param name="now">The instant.</param>
    /// <param name="zone">Local time zone: it is warmest at four in the afternoon.</param>
    public IReadOnlyDictionary<string, double> At(TimeSpan uptime, DateTimeOffset now, TimeZoneInfo zone)
    {
        var hour = TimeZoneInfo.ConvertTime(now, zone).TimeOfDay.TotalHours;
        return new Dictionary<string, double>
        {
            ["batteryPercent"] = Math.Round(Math.Max(0, _batteryPercent - BatteryPercentPerHour * uptime.TotalHours), 1),
            ["temperatureC"] = Math.Round(14 + 6 * Math.Cos(2 * Math.PI * (hour - 16) / 24), 1),
            ["uptimeSeconds"] = Math.Floor(uptime.TotalSeconds),
        };
    }
}

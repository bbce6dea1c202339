namespace Monitoring.Simulator.Equipment;

/// <summary>Battery, temperature and uptime of a simulated device.</summary>
internal sealed class DeviceHealth
{
    /// <summary>Battery at which a battery that runs down begins, percent.</summary>
    public const double RunsDownFromPercent = 22;

    /// <summary>Battery at which it is replaced, percent.</summary>
    public const double RunsDownToPercent = 6;

    private const double BatteryPercentPerHour = 0.05;

    private readonly double _batteryPercent;

    /// <summary>Draws how full the battery is at the start.</summary>
    /// <param name="random">Seeded source.</param>
    public DeviceHealth(Random random) => _batteryPercent = 60 + 38 * random.NextDouble();

    /// <summary>Health values by name with the unit last.</summary>
    /// <param name="uptime">Time since it was switched on.</param>
    /// <param name="now">The instant.</param>
    /// <param name="zone">Local time zone: it is warmest at four in the afternoon.</param>
    /// <param name="runDown">How far the battery has run down, 0 to 1; null where it does as it should.</param>
    public IReadOnlyDictionary<string, double> At(TimeSpan uptime, DateTimeOffset now, TimeZoneInfo zone, double? runDown)
    {
        var hour = TimeZoneInfo.ConvertTime(now, zone).TimeOfDay.TotalHours;
        var battery = runDown is { } share ? RunsDownFromPercent + (RunsDownToPercent - RunsDownFromPercent) * share : _batteryPercent - BatteryPercentPerHour * uptime.TotalHours;
        return new Dictionary<string, double>
        {
            ["batteryPercent"] = Math.Round(Math.Max(0, battery), 1),
            ["temperatureC"] = Math.Round(14 + 6 * Math.Cos(2 * Math.PI * (hour - 16) / 24), 1),
            ["uptimeSeconds"] = Math.Floor(uptime.TotalSeconds),
        };
    }
}

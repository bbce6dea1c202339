using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Equipment;

/// <summary>Which messages come on the device's own schedule, whoever passes or drives through.</summary>
public static class ScheduledMessage
{
    /// <summary>Health values that nobody moves. A message with another one may have been sent because a bollard moved.</summary>
    public static readonly IReadOnlySet<string> SteadyValues = new HashSet<string>(StringComparer.Ordinal) { "batteryPercent", "temperatureC", "uptimeSeconds", "signalDbm" };

    /// <summary>Whether a message is of the schedule: it vouches, or it holds nothing that is sent because something happened.</summary>
    /// <param name="message">The message.</param>
    /// <param name="device">The device that sent it.</param>
    public static bool Is(AcceptedMessage message, Device device) =>
        !message.Retained && (message.KnownUpTo is not null || message.Readings.All(reading => IsSteady(reading) && !ComesOnChange(reading, device)));

    /// <summary>Whether a message came because somebody passed or something happened: it holds a count, a total or an event, and does not vouch.</summary>
    /// <param name="message">The message.</param>
    public static bool RidesWithCounts(AcceptedMessage message) =>
        message.KnownUpTo is null && message.Readings.Any(reading => reading is CountReading or TotalReading or EventReading);

    private static bool ComesOnChange(Reading reading, Device device) =>
        reading is OccupancyReading or DensityReading && device.Channels.Any(channel => channel.Name == reading.Channel && channel.OnChange);

    private static bool IsSteady(Reading reading) => reading switch
    {
        CountReading or TotalReading or EventReading or PositionReading => false,
        HealthReading health => health.Values.Keys.All(SteadyValues.Contains),
        _ => true,
    };
}

namespace Monitoring.Domain.Intake;

/// <summary>The stamps of a message as the live picture takes them: in it nothing lies in the future.</summary>
/// <remarks>
/// A device whose clock is ahead is believed up to its window, so that its totals fall where it says. Ages, signs of life, flow and
/// alarms would then lie ahead too, outlive the device by as much, and stand still when its clock is put right. So they are taken as if it had been stamped now.
/// </remarks>
public static class LiveStamps
{
    /// <summary>A lead this short is left as it is: clocks that keep time differ by as much, and moving stamps to arrivals would bring the jitter of the network into flow and timers.</summary>
    public static readonly TimeSpan SlackMax = TimeSpan.FromSeconds(10);

    /// <summary>A message moved back so that its newest stamp falls on its arrival; the message itself where it is at most <see cref="SlackMax"/> ahead.</summary>
    /// <param name="message">The message as accepted.</param>
    public static AcceptedMessage Of(AcceptedMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var newest = message.Readings.Select(reading => reading.Time).Append(message.Time).Max();
        var lead = newest - message.ArrivedAt;
        if (lead <= SlackMax)
            return message;
        return message with
        {
            Time = Earlier(message.Time, lead),
            Watermark = message.Watermark is { } watermark ? Earlier(watermark, lead) : null,
            Readings = [.. message.Readings.Select(reading => Earlier(reading, lead))],
        };
    }

    /// <summary>An instant so much earlier; the beginning of time where there is none.</summary>
    /// <param name="at">The instant.</param>
    /// <param name="by">How much earlier, 0 or more.</param>
    public static DateTimeOffset Earlier(DateTimeOffset at, TimeSpan by) => at.UtcTicks < by.Ticks ? DateTimeOffset.MinValue : at - by;

    private static Reading Earlier(Reading reading, TimeSpan by) => reading is CountReading { From: { } from } count
        ? count with { Time = Earlier(count.Time, by), From = Earlier(from, by) }
        : reading with { Time = Earlier(reading.Time, by) };
}

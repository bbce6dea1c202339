using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Equipment;

/// <summary>What a space remembers of one device: its clocks, its channels' signs of life, its last reports.</summary>
public sealed class DeviceState
{
    /// <summary>Arrival of the first message, then of the last sign of life that does not depend on people; null before the first. Technicians see it: counts do not move it, and occupancy, density or a position only to the beginning of its interval, because it would tell when somebody passed.</summary>
    public DateTimeOffset? LinkAt { get; set; }

    /// <summary>Newest heartbeat stamp: up to it, no count means zero.</summary>
    public DateTimeOffset? HeartbeatAt { get; set; }

    /// <summary>When the newest heartbeat counts as heard: its stamp, or its arrival where the device's clock is ahead. Null before the first, and in a row of before this was kept.</summary>
    public DateTimeOffset? HeartbeatHeardAt { get; set; }

    /// <summary>Newest stamp of a reading that was used, at latest its arrival.</summary>
    public DateTimeOffset? MeasurementAt { get; set; }

    /// <summary>Newest stamp of an own-keeping reading (occupancy, density, position, noise, health) by channel, at latest its arrival. Not of a health reading that rides with counts: whether its device is silent would follow who passes.</summary>
    public Dictionary<string, DateTimeOffset> ChannelAt { get; init; } = [];

    /// <summary>Newest stamp of a reading of the device's own schedule, at latest its arrival: one that would have come whether or not anybody passed or drove through. Null before the first. What is kept of equipment follows from it and from heartbeats alone.</summary>
    public DateTimeOffset? ScheduledAt { get; set; }

    /// <summary>Last health values by name out of messages of that schedule: an uptime that came with a position tells when it was.</summary>
    public Dictionary<string, double> ScheduledHealth { get; init; } = [];

    /// <summary>Whether its newest stamp was outside the window, as of the last sign of life: a count alone does not move it, for the same reason.</summary>
    public bool ClockFaulty { get; set; }

    /// <summary>Whether its newest stamp was outside the window; a message without a stamp says nothing about it.</summary>
    public bool StampFaulty { get; set; }

    /// <summary>The same of messages of its own schedule alone. Whether cells of a device that never vouches have numbers follows from it: a stamp of a count would make that depend on who passes.</summary>
    public bool ScheduleClockFaulty { get; set; }

    /// <summary>Last position by channel.</summary>
    public Dictionary<string, ElementPosition> Positions { get; init; } = [];

    /// <summary>Last health values by name.</summary>
    public Dictionary<string, double> Health { get; init; } = [];

    /// <summary>Last sound level, dB(A).</summary>
    public double? LaeqDb { get; set; }

    /// <summary>Memory of message numbers.</summary>
    public SequenceMemory Sequences { get; init; } = new();

    /// <summary>When the device vouched for zeros: what the coverage of a released cell follows from.</summary>
    public HeardSpans Heard { get; init; } = new();

    /// <summary>Last sign of life of a channel: heartbeat of the device or own-keeping reading; null if there was none.</summary>
    /// <param name="channel">Channel name.</param>
    public DateTimeOffset? LastSign(string channel)
    {
        DateTimeOffset? own = ChannelAt.TryGetValue(channel, out var at) ? at : null;
        var heard = HeartbeatHeardAt ?? HeartbeatAt;
        return own is null || heard > own ? heard : own;
    }

    /// <summary>Whether a channel is alive: its last sign is at most twice the expected interval old.</summary>
    /// <param name="channel">Channel name.</param>
    /// <param name="interval">Expected interval of the device.</param>
    /// <param name="now">The current instant.</param>
    public bool IsAlive(string channel, TimeSpan interval, DateTimeOffset now) => LastSign(channel) is { } sign && now - sign <= 2 * interval;

    /// <summary>Notes a message's arrival, its watermark and its clock.</summary>
    /// <param name="message">The message.</param>
    /// <param name="device">The device.</param>
    /// <param name="latest">Instant after which no sign of life may lie: the arrival, so that a clock that is ahead keeps nothing alive for longer than one that is right.</param>
    public void Note(AcceptedMessage message, Device device, DateTimeOffset latest)
    {
        if (message.TimeFromDevice || message.ClockFaulty)
        {
            StampFaulty = message.ClockFaulty;
            if (ScheduledMessage.Is(message, device))
                ScheduleClockFaulty = message.ClockFaulty;
        }

        if (SignOf(message, device.Interval) is { } sign)
        {
            LinkAt = Later(LinkAt, sign);
            ClockFaulty = StampFaulty;
        }

        if (message.KnownUpTo is { } known && !message.Retained)
        {
            HeartbeatAt = Later(HeartbeatAt, known);
            HeartbeatHeardAt = Later(HeartbeatHeardAt, Earlier(known, latest));
        }
    }

    /// <summary>Notes a reading that was used.</summary>
    /// <param name="reading">The reading.</param>
    /// <param name="message">The message that holds it.</param>
    /// <param name="device">The device.</param>
    /// <param name="latest">Instant after which no sign of life may lie.</param>
    public void Note(Reading reading, AcceptedMessage message, Device device, DateTimeOffset latest)
    {
        var at = Earlier(reading.Time, latest);
        MeasurementAt = Later(MeasurementAt, at);
        if (reading is CountReading or TotalReading or EventReading)
            return;
        if (ScheduledMessage.Is(message, device))
            NoteScheduled(reading, at);
        if (ChannelAt.TryGetValue(reading.Channel, out var newest) && newest > at)
            return;
        if (reading is not HealthReading || !ScheduledMessage.RidesWithCounts(message))
            ChannelAt[reading.Channel] = at;
        switch (reading)
        {
            case PositionReading position:
                Positions[reading.Channel] = position.Position;
                break;
            case NoiseReading noise:
                LaeqDb = noise.LaeqDb;
                break;
            case HealthReading health:
                foreach (var (name, value) in health.Values)
                    Health[name] = value;
                break;
        }
    }

    /// <summary>Believes nothing that lies in the future: the hub's clock was ahead when it was noted. A sign that is dropped leaves the channel silent until its next one.</summary>
    /// <param name="now">The current instant.</param>
    public void PutBack(DateTimeOffset now)
    {
        if (LinkAt > now)
            LinkAt = now;
        if (HeartbeatAt > now)
            (HeartbeatAt, HeartbeatHeardAt) = (null, null);
        if (HeartbeatHeardAt > now)
            HeartbeatHeardAt = null;
        if (MeasurementAt > now)
            MeasurementAt = null;
        if (ScheduledAt > now)
            ScheduledAt = null;
        Heard.PutBack(now);
        foreach (var channel in ChannelAt.Where(sign => sign.Value > now).Select(sign => sign.Key).ToList())
            ChannelAt.Remove(channel);
    }

    /// <summary>Start of the interval in which an instant lies: all that may be told of when a reading that follows people came.</summary>
    /// <param name="at">The instant.</param>
    /// <param name="interval">Expected interval of the device, over 0.</param>
    public static DateTimeOffset BeginningOf(DateTimeOffset at, TimeSpan interval) => at - TimeSpan.FromTicks(at.UtcTicks % interval.Ticks);

    private void NoteScheduled(Reading reading, DateTimeOffset at)
    {
        if (ScheduledAt > at)
            return;
        ScheduledAt = at;
        if (reading is not HealthReading health)
            return;
        foreach (var (name, value) in health.Values)
            ScheduledHealth[name] = value;
    }

    private DateTimeOffset? SignOf(AcceptedMessage message, TimeSpan interval)
    {
        if (LinkAt is null || message.KnownUpTo is not null)
            return message.ArrivedAt;
        if (message.Readings.Any(reading => reading is CountReading or TotalReading or EventReading))
            return null;
        return message.Readings.Any(reading => reading is OccupancyReading or DensityReading or PositionReading)
            ? BeginningOf(message.ArrivedAt, interval)
            : message.ArrivedAt;
    }

    private static DateTimeOffset Later(DateTimeOffset? a, DateTimeOffset b) => a > b ? a.Value : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}

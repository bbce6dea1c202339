using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Equipment;

/// <summary>What a space remembers of one device: its clocks, its channels' signs of life, its last reports.</summary>
public sealed class DeviceState
{
    /// <summary>Arrival of the first message, then of the last heartbeat or own-keeping reading; null before the first. Counts do not move it: technicians see it, and it would tell when somebody passed.</summary>
    public DateTimeOffset? LinkAt { get; set; }

    /// <summary>Newest heartbeat stamp: up to it, no count means zero.</summary>
    public DateTimeOffset? HeartbeatAt { get; set; }

    /// <summary>Newest stamp of a reading that was used.</summary>
    public DateTimeOffset? MeasurementAt { get; set; }

    /// <summary>Newest stamp of an own-keeping reading (occupancy, density, position, noise, health) by channel.</summary>
    public Dictionary<string, DateTimeOffset> ChannelAt { get; init; } = [];

    /// <summary>Whether the stamp of its last message was outside the window.</summary>
    public bool ClockFaulty { get; set; }

    /// <summary>Last position by channel.</summary>
    public Dictionary<string, ElementPosition> Positions { get; init; } = [];

    /// <summary>Last health values by name.</summary>
    public Dictionary<string, double> Health { get; init; } = [];

    /// <summary>Last sound level, dB(A).</summary>
    public double? LaeqDb { get; set; }

    /// <summary>Memory of message numbers.</summary>
    public SequenceMemory Sequences { get; init; } = new();

    /// <summary>Last sign of life of a channel: heartbeat of the device or own-keeping reading; null if there was none.</summary>
    /// <param name="channel">Channel name.</param>
    public DateTimeOffset? LastSign(string channel)
    {
        DateTimeOffset? own = ChannelAt.TryGetValue(channel, out var at) ? at : null;
        return own is null || HeartbeatAt > own ? HeartbeatAt : own;
    }

    /// <summary>Whether a channel is alive: its last sign is at most twice the expected interval old.</summary>
    /// <param name="channel">Channel name.</param>
    /// <param name="interval">Expected interval of the device.</param>
    /// <param name="now">The current instant.</param>
    public bool IsAlive(string channel, TimeSpan interval, DateTimeOffset now) => LastSign(channel) is { } sign && now - sign <= 2 * interval;

    /// <summary>Notes a message's arrival, its watermark and its clock.</summary>
    /// <param name="message">The message.</param>
    public void Note(AcceptedMessage message)
    {
        if (LinkAt is null || message.KnownUpTo is not null || message.Readings.Any(reading => reading is not (CountReading or TotalReading or EventReading)))
            LinkAt = Later(LinkAt, message.ArrivedAt);
        ClockFaulty = message.ClockFaulty;
        if (message.KnownUpTo is { } known && !message.Retained)
            HeartbeatAt = Later(HeartbeatAt, known);
    }

    /// <summary>Notes a reading that was used.</summary>
    /// <param name="reading">The reading.</param>
    public void Note(Reading reading)
    {
        MeasurementAt = Later(MeasurementAt, reading.Time);
        if (reading is CountReading or TotalReading or EventReading)
            return;
        if (ChannelAt.TryGetValue(reading.Channel, out var newest) && newest > reading.Time)
            return;
        ChannelAt[reading.Channel] = reading.Time;
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

    private static DateTimeOffset Later(DateTimeOffset? a, DateTimeOffset b) => a > b ? a.Value : b;
}

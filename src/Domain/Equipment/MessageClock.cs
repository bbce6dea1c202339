using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Equipment;

/// <summary>A reading with the stamp that the device gave it.</summary>
/// <param name="Reading">The reading.</param>
/// <param name="HasOwnStamp">Whether it has a stamp of its own, beside the message's.</param>
/// <param name="AtArrival">Whether it has no stamp at all.</param>
internal readonly record struct DatedReading(Reading Reading, bool HasOwnStamp, bool AtArrival);

/// <summary>Decides whether the stamps of one message are believed. A faulty clock still measures lengths: all stamps are moved by the same amount, so that the newest falls on the arrival.</summary>
internal sealed class MessageClock(DateTimeOffset arrivedAt, DeviceClockWindow window)
{
    private DateTimeOffset? _newest;

    public DateTimeOffset ArrivedAt => arrivedAt;

    /// <summary>The message's own stamp; null where it has none.</summary>
    public DateTimeOffset? MessageStamp { get; set; }

    private DateTimeOffset? Stamp => MessageStamp ?? _newest;

    public bool IsFaulty => Stamp is { } stamp && !window.Believes(stamp, arrivedAt);

    public bool FromDevice => Stamp is not null && !IsFaulty;

    public DateTimeOffset Time => FromDevice ? Stamp!.Value : arrivedAt;

    public TimeSpan Shift => IsFaulty ? arrivedAt - Stamp!.Value : TimeSpan.Zero;

    /// <summary>Says why the readings' stamps cannot belong to one message; null where they can. Without a stamp of the message, the newest reading stands for it.</summary>
    public Refusal? Problem(IReadOnlyList<DatedReading> readings)
    {
        var own = readings.Where(reading => reading.HasOwnStamp).Select(reading => reading.Reading.Time).ToList();
        if (own.Count == 0)
            return null;
        _newest = own.Max();
        if (_newest - Stamp > window.Ahead)
            return new Refusal(RefusalReason.ValueOutOfRange, "a reading is stamped after its message");
        // What a good clock says of long ago is kept as it is, and set aside as late; a faulty one's cannot be placed.
        return IsFaulty && Stamp - own.Min() > DeviceClockWindow.Wall.Behind ? new Refusal(RefusalReason.ValueOutOfRange, "the stamps of one message lie too far apart") : null;
    }

    /// <summary>The instant up to which the message vouches: never after its newest stamp.</summary>
    public DateTimeOffset Watermark(DateTimeOffset? upTo)
    {
        var newest = Stamp ?? arrivedAt;
        var believed = upTo < newest ? upTo.Value : newest;
        if (!IsFaulty)
            return believed;
        return newest - believed > DeviceClockWindow.Wall.Behind ? arrivedAt - DeviceClockWindow.Wall.Behind : believed + Shift;
    }

    public IReadOnlyList<Reading> Dated(IReadOnlyList<DatedReading> readings) => [.. readings.Select(dated => dated.AtArrival || Shift == TimeSpan.Zero ? dated.Reading : Moved(dated.Reading))];

    private Reading Moved(Reading reading) => reading is CountReading { From: { } from } count
        ? count with { Time = count.Time + Shift, From = from + Shift }
        : reading with { Time = reading.Time + Shift };
}

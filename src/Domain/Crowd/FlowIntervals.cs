namespace Monitoring.Domain.Crowd;

/// <summary>Turns what a device says about a line into closed intervals, one after the other, for the flow rule.</summary>
/// <remarks>
/// A device that reports intervals gives them as they are; single events are gathered by UTC minute. A heartbeat closes what is open
/// and vouches for zeros, in whole intervals. What ends before something that is known already is late and gives nothing.
/// </remarks>
public sealed class FlowIntervals
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>End of the newest closed interval; null before the first.</summary>
    public DateTimeOffset? KnownTo { get; set; }

    /// <summary>Length of the device's intervals; a minute for events.</summary>
    public TimeSpan Length { get; set; } = Minute;

    /// <summary>Start of the minute in which events are being gathered; null where none is.</summary>
    public DateTimeOffset? OpenFrom { get; set; }

    /// <summary>Passages in that minute so far.</summary>
    public long OpenPassages { get; set; }

    /// <summary>Takes passages in.</summary>
    /// <param name="from">Start of the interval; null for an event.</param>
    /// <param name="time">End of the interval, or the instant of the event.</param>
    /// <param name="passages">In plus out, 0 or more.</param>
    /// <returns>The interval that this closes, or null.</returns>
    public CountedInterval? Count(DateTimeOffset? from, DateTimeOffset time, long passages)
    {
        if (from is not { } start || start >= time)
            return Gather(time, passages);
        if (time <= KnownTo)
            return null;
        (KnownTo, Length, OpenFrom) = (time, time - start, null);
        return new CountedInterval(start, time, passages);
    }

    /// <summary>Takes a heartbeat in: up to it, no count means zero.</summary>
    /// <param name="watermark">Instant of the heartbeat.</param>
    /// <returns>The intervals that this closes, oldest first: what was gathered, then all zeros as one.</returns>
    public IReadOnlyList<CountedInterval> Vouch(DateTimeOffset watermark)
    {
        List<CountedInterval> closed = [];
        if (OpenFrom + Minute <= watermark)
            closed.Add(Close());
        KnownTo ??= Floor(watermark);
        var whole = (watermark - KnownTo.Value).Ticks / Length.Ticks * Length;
        if (whole <= TimeSpan.Zero || OpenFrom is not null)
            return closed;
        closed.Add(new CountedInterval(KnownTo.Value, KnownTo.Value + whole, 0));
        KnownTo += whole;
        return closed;
    }

    private CountedInterval? Gather(DateTimeOffset time, long passages)
    {
        var minute = Floor(time);
        if (minute < KnownTo || minute < OpenFrom)
            return null;
        CountedInterval? closed = OpenFrom is { } open && open < minute ? Close() : null;
        (OpenFrom, Length) = (minute, Minute);
        OpenPassages += passages;
        return closed;
    }

    private static DateTimeOffset Floor(DateTimeOffset time) => new(time.UtcTicks / Minute.Ticks * Minute.Ticks, TimeSpan.Zero);

    private CountedInterval Close()
    {
        var closed = new CountedInterval(OpenFrom!.Value, OpenFrom.Value + Minute, OpenPassages);
        (KnownTo, OpenFrom, OpenPassages) = (closed.To, null, 0);
        return closed;
    }
}

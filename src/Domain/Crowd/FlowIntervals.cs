namespace Monitoring.Domain.Crowd;

/// <summary>Turns what a device says about a line into closed intervals for the flow rule.</summary>
/// <remarks>
/// A device that reports intervals gives them as they are; single events are gathered by UTC minute. A heartbeat closes what is open
/// and vouches for zeros, in whole intervals, but only back to the sign of life before it: what happened in a gap is not known, and a
/// zero there would let silence end an alarm. A count that comes after a heartbeat which vouched for zero replaces that zero.
/// </remarks>
public sealed class FlowIntervals
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>End of the newest interval that was counted; null before the first.</summary>
    public DateTimeOffset? CountedTo { get; set; }

    /// <summary>Up to when intervals are closed, counted or vouched for; null before the first sign.</summary>
    public DateTimeOffset? KnownTo { get; set; }

    /// <summary>Newest sign of life: end of a count, or heartbeat.</summary>
    public DateTimeOffset? SignAt { get; set; }

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
    /// <param name="aliveFor">How long the device is alive after a sign; after that there is a gap.</param>
    /// <returns>The intervals that this closes, oldest first.</returns>
    public IReadOnlyList<FlowInterval> Count(DateTimeOffset? from, DateTimeOffset time, long passages, TimeSpan aliveFor)
    {
        if (from is not { } start || start >= time)
            return Gather(time, passages);
        if (time <= CountedTo)
            return [];
        List<FlowInterval> closed = [];

        // An interval was left out although the device is alive: nothing vouches that nobody passed, but what was strong before has not gone on.
        if (KnownTo is { } known && start - known >= time - start && start - known <= aliveFor)
            closed.Add(new FlowInterval(known, start, 0, IsVouched: false));
        (CountedTo, KnownTo, SignAt, Length, OpenFrom, OpenPassages) = (time, Later(KnownTo, time), Later(SignAt, time), time - start, null, 0);
        closed.Add(new FlowInterval(start, time, passages, IsVouched: true));
        return closed;
    }

    /// <summary>Takes a heartbeat in: up to it, no count means zero.</summary>
    /// <param name="watermark">Instant of the heartbeat.</param>
    /// <param name="aliveFor">How long the device is alive after a sign; after that there is a gap.</param>
    /// <returns>The intervals that this closes, oldest first: what was gathered, then all zeros as one.</returns>
    public IReadOnlyList<FlowInterval> Vouch(DateTimeOffset watermark, TimeSpan aliveFor)
    {
        List<FlowInterval> closed = [];
        var isGap = SignAt is null || watermark - SignAt > aliveFor;
        SignAt = Later(SignAt, watermark);
        if (OpenFrom + Minute <= watermark)
            closed.Add(Close());
        if (isGap || KnownTo is null)
        {
            KnownTo = Later(KnownTo, Length == Minute ? Floor(watermark) : watermark);
            return closed;
        }

        var whole = (watermark - KnownTo.Value).Ticks / Length.Ticks * Length;
        if (whole <= TimeSpan.Zero || OpenFrom is not null)
            return closed;
        closed.Add(new FlowInterval(KnownTo.Value, KnownTo.Value + whole, 0, IsVouched: true));
        KnownTo += whole;
        return closed;
    }

    /// <summary>Drops the minute that is being gathered where nothing has closed it: its device has ended.</summary>
    /// <param name="before">It is dropped if it began before this.</param>
    /// <returns>Whether it was.</returns>
    public bool Forget(DateTimeOffset before)
    {
        if (!(OpenFrom < before))
            return false;
        (OpenFrom, OpenPassages) = (null, 0);
        return true;
    }

    /// <summary>Begins anew where what is known lies in the future: the hub's clock was ahead when it was noted.</summary>
    /// <param name="now">The current instant.</param>
    public void PutBack(DateTimeOffset now)
    {
        if (CountedTo > now || KnownTo > now || SignAt > now || OpenFrom > now)
            (CountedTo, KnownTo, SignAt, OpenFrom, OpenPassages) = (null, null, null, null, 0);
    }

    private FlowInterval[] Gather(DateTimeOffset time, long passages)
    {
        var minute = Floor(time);
        if (minute < KnownTo || minute < OpenFrom)
            return [];
        FlowInterval[] closed = OpenFrom is { } open && open < minute ? [Close()] : [];
        (OpenFrom, Length, SignAt) = (minute, Minute, Later(SignAt, time));
        OpenPassages += passages;
        return closed;
    }

    private FlowInterval Close()
    {
        var closed = new FlowInterval(OpenFrom!.Value, OpenFrom.Value + Minute, OpenPassages, IsVouched: true);
        (CountedTo, KnownTo, OpenFrom, OpenPassages) = (closed.To, Later(KnownTo, closed.To), null, 0);
        return closed;
    }

    private static DateTimeOffset Later(DateTimeOffset? a, DateTimeOffset b) => a > b ? a.Value : b;

    private static DateTimeOffset Floor(DateTimeOffset time) => new(time.UtcTicks / Minute.Ticks * Minute.Ticks, TimeSpan.Zero);
}

/// <summary>Passages in both directions within one closed interval.</summary>
/// <param name="From">UTC start, included.</param>
/// <param name="To">UTC end, excluded.</param>
/// <param name="Passages">In plus out.</param>
/// <param name="IsVouched">Whether the device stands for the number; else it is only that nothing was reported.</param>
public sealed record FlowInterval(DateTimeOffset From, DateTimeOffset To, long Passages, bool IsVouched);

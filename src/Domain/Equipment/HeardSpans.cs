namespace Monitoring.Domain.Equipment;

/// <summary>The time for which a device has vouched: from one heartbeat to the next, where they are no further apart than it is alive without one. What happened in a longer gap is not known, up to its last instant; the first heartbeat vouches for nothing before it.</summary>
/// <remarks>Follows heartbeats alone, whatever their order; no count moves it.</remarks>
public sealed class HeardSpans
{
    /// <summary>Most spans; a device that falls silent each time begins a new one. Beyond it the oldest is forgotten, and cells in it have no number.</summary>
    public const int SpansMax = 128;

    /// <summary>How far back they are kept: the longest cell, a day of 25 hours, and the six hours for which it stays open.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(31);

    /// <summary>The spans in order, apart from each other.</summary>
    public List<HeardSpan> Spans { get; init; } = [];

    /// <summary>End of the newest span; null before the first.</summary>
    public DateTimeOffset? UpTo => Spans.Count == 0 ? null : Spans[^1].To;

    /// <summary>Takes a heartbeat in.</summary>
    /// <param name="watermark">Up to when the device vouches.</param>
    /// <param name="aliveFor">Longest time between two heartbeats for all of which the device vouches, over 0.</param>
    public void Note(DateTimeOffset watermark, TimeSpan aliveFor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(aliveFor, TimeSpan.Zero);
        if (UpTo is { } newest && watermark <= newest - Memory)
            return;
        var span = new HeardSpan(watermark, watermark);
        var joined = Spans.Where(other => other.From - watermark <= aliveFor && watermark - other.To <= aliveFor).ToList();
        foreach (var other in joined)
            span = new HeardSpan(other.From < span.From ? other.From : span.From, other.To > span.To ? other.To : span.To);
        Spans.RemoveAll(joined.Contains);
        Spans.Insert(Spans.FindLastIndex(other => other.To < span.From) + 1, span);
        Spans.RemoveAll(other => other.To <= UpTo - Memory);
        if (Spans.Count > SpansMax)
            Spans.RemoveAt(0);
    }

    /// <summary>Whether the device vouches for the whole of a time.</summary>
    /// <param name="from">UTC start, included.</param>
    /// <param name="to">UTC end, excluded.</param>
    public bool Covers(DateTimeOffset from, DateTimeOffset to) => Spans.Exists(span => span.From <= from && span.To >= to);

    /// <summary>Believes nothing that lies in the future: the hub's clock was ahead when it was noted.</summary>
    /// <param name="now">The current instant.</param>
    public void PutBack(DateTimeOffset now)
    {
        Spans.RemoveAll(span => span.From > now);
        if (UpTo > now)
            Spans[^1] = Spans[^1] with { To = now };
    }
}

/// <summary>A half-open span of UTC.</summary>
/// <param name="From">Start, included.</param>
/// <param name="To">End, excluded.</param>
public readonly record struct HeardSpan(DateTimeOffset From, DateTimeOffset To);

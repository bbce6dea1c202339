namespace Monitoring.Domain.Intake;

/// <summary>Half-open intervals of time that have been counted, merged where they touch; the memory that recognises repeats.</summary>
/// <remarks>
/// Bounded twice: nothing older than <see cref="Memory"/>, and at most <see cref="RangesMax"/> ranges. What is forgotten raises
/// <see cref="Floor"/>, and what ends at or before the floor is late: it cannot be told from a repeat.
/// </remarks>
public sealed class IntervalSet
{
    /// <summary>How long an interval is remembered.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(48);

    /// <summary>Most ranges kept, unless another number is given. Intervals that follow each other merge into one, so only gaps and single events use them up.</summary>
    public const int RangesMax = 2_048;

    /// <summary>Creates an empty set, or one restored from its ranges.</summary>
    /// <param name="ranges">Ranges in order as pairs of UTC ticks: start included, end excluded.</param>
    /// <param name="floor">UTC ticks up to which everything is forgotten.</param>
    /// <param name="forgotten">Ranges forgotten before their time.</param>
    public IntervalSet(List<TickRange>? ranges = null, long floor = 0, long forgotten = 0)
    {
        Ranges = ranges ?? [];
        (Floor, Forgotten) = (floor, forgotten);
    }

    /// <summary>The ranges, in order, apart from each other.</summary>
    public List<TickRange> Ranges { get; }

    /// <summary>UTC ticks up to which everything is forgotten.</summary>
    public long Floor { get; private set; }

    /// <summary>How many ranges were forgotten before their time, because there were too many.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Adds an interval unless it is a repeat or late.</summary>
    /// <param name="from">Start, included. Equal to <paramref name="to"/> for an event, which then takes one tick.</param>
    /// <param name="to">End, excluded; not before <paramref name="from"/>.</param>
    /// <param name="rangesMax">Most ranges kept.</param>
    /// <returns><see cref="SetAside.None"/> if it is new; <see cref="SetAside.Duplicate"/> if more than half of it was there; <see cref="SetAside.Late"/>.</returns>
    public SetAside Add(DateTimeOffset from, DateTimeOffset to, int rangesMax = RangesMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        var start = from.UtcTicks;
        var end = Math.Max(to.UtcTicks, start + 1);
        if (end <= Floor)
            return SetAside.Late;

        // Intervals of a drifting clock overlap by a little; only what was mostly counted before is a repeat.
        if (Covered(start, end) * 2 > end - start)
            return SetAside.Duplicate;
        Insert(start, end);
        Bound(rangesMax);
        return SetAside.None;
    }

    /// <summary>Forgets what ended more than <see cref="Memory"/> before <paramref name="now"/>.</summary>
    /// <param name="now">The current instant.</param>
    public void Forget(DateTimeOffset now) => ForgetUpTo(now - Memory);

    /// <summary>Forgets what ended at or before an instant; it is late from then on.</summary>
    /// <param name="end">The instant.</param>
    public void ForgetUpTo(DateTimeOffset end)
    {
        var cut = end.UtcTicks;
        if (cut <= Floor)
            return;
        Floor = cut;
        Ranges.RemoveAll(range => range.To <= cut);
    }

    /// <summary>Forgets what lies in the future: the hub's clock was ahead when it was counted, and what will be counted then is no repeat.</summary>
    /// <param name="now">The current instant.</param>
    public void PutBack(DateTimeOffset now)
    {
        var cut = now.UtcTicks;
        Floor = Math.Min(Floor, cut);
        Ranges.RemoveAll(range => range.From >= cut);
        if (Ranges.Count > 0 && Ranges[^1].To > cut)
            Ranges[^1] = Ranges[^1] with { To = cut };
    }

    private long Covered(long start, long end)
    {
        long covered = 0;
        for (var i = FirstEndingAfter(start); i < Ranges.Count && Ranges[i].From < end; i++)
            covered += Math.Min(end, Ranges[i].To) - Math.Max(start, Ranges[i].From);
        return covered;
    }

    private void Insert(long start, long end)
    {
        var first = FirstEndingAfter(start - 1);
        var last = first;
        while (last < Ranges.Count && Ranges[last].From <= end)
        {
            start = Math.Min(start, Ranges[last].From);
            end = Math.Max(end, Ranges[last].To);
            last++;
        }

        Ranges.RemoveRange(first, last - first);
        Ranges.Insert(first, new TickRange(start, end));
    }

    // A row that was saved under a higher limit may hold many more.
    private void Bound(int rangesMax)
    {
        var over = Ranges.Count - rangesMax;
        if (over <= 0)
            return;
        Floor = Ranges[over - 1].To;
        Ranges.RemoveRange(0, over);
        Forgotten += over;
    }

    private int FirstEndingAfter(long tick)
    {
        int low = 0, high = Ranges.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Ranges[middle].To > tick)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}

/// <summary>A half-open range of UTC ticks.</summary>
/// <param name="From">First tick, included.</param>
/// <param name="To">Last tick, excluded.</param>
public readonly record struct TickRange(long From, long To);

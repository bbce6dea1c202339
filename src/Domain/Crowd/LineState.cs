using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Crowd;

/// <summary>What a space remembers of one counting line: totals by local day, recent flow, what was counted already.</summary>
public sealed class LineState
{
    /// <summary>Local days kept: today, the two before (late readings reach 48 h back) and a day that a fast device clock has begun.</summary>
    public const int DaysKept = 4;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Totals by local day.</summary>
    public Dictionary<DateOnly, DayTally> Days { get; init; } = [];

    /// <summary>Most intervals of a faulty clock that are remembered, newest last.</summary>
    public const int FaultyStampsMax = 64;

    /// <summary>Intervals counted already, by the stamps of a clock that was wrong: a backlog sent at once falls on the same arrival, and only the device's own stamps tell it from a repeat.</summary>
    public List<TickRange> FaultyStamps { get; init; } = [];

    /// <summary>Intervals counted already.</summary>
    public IntervalSet Counted { get; init; } = new();

    /// <summary>The cumulative counter behind the line, where its device sends totals.</summary>
    public CumulativeCounter Counter { get; init; } = new();

    /// <summary>Newest interval of at least a minute.</summary>
    public CountedInterval? LastInterval { get; set; }

    /// <summary>Passages in both directions by UTC minute, for devices that report events or intervals under a minute.</summary>
    public Dictionary<long, long> Minutes { get; init; } = [];

    /// <summary>Passages inward by UTC minute, of those in <see cref="Minutes"/>.</summary>
    public Dictionary<long, long> MinutesIn { get; init; } = [];

    /// <summary>The line's closed intervals, for the flow rule.</summary>
    public FlowIntervals Flow { get; init; } = new();

    /// <summary>Counts passages unless they are a repeat or late.</summary>
    /// <param name="passagesIn">Passages inward.</param>
    /// <param name="passagesOut">Passages outward.</param>
    /// <param name="from">Start of the interval; null for an event.</param>
    /// <param name="time">End of the interval, or the instant of the event.</param>
    /// <param name="zone">The space's time zone, for the local day.</param>
    /// <param name="told">How the device tells repeats apart.</param>
    /// <returns>What became of the reading.</returns>
    public SetAside Count(long passagesIn, long passagesOut, DateTimeOffset? from, DateTimeOffset time, TimeZoneInfo zone, RepeatMarks told = default)
    {
        var start = from ?? time;
        var fate = told.StampShift != TimeSpan.Zero ? AddFaulty(start - told.StampShift, time - told.StampShift)
            : told.Numbered && from is null ? SetAside.None
            : Counted.Add(start, time);
        var day = TallyOf(LocalDay(start, zone));
        day.Note(fate);
        if (fate != SetAside.None)
            return fate;
        day.In += passagesIn;
        day.Out += passagesOut;
        NoteFlow(passagesIn, passagesOut, from, time);
        return fate;
    }

    /// <summary>Records a reading that was set aside before it could be counted.</summary>
    /// <param name="fate">Why.</param>
    /// <param name="time">Instant of the reading.</param>
    /// <param name="zone">The space's time zone.</param>
    public void SetAsideAt(SetAside fate, DateTimeOffset time, TimeZoneInfo zone) => TallyOf(LocalDay(time, zone)).Note(fate);

    /// <summary>People per minute in both directions over the last closed minute, or over the device's last closed interval.</summary>
    /// <param name="watermark">Instant up to which no count means zero: the device's last heartbeat; null if there was none.</param>
    /// <returns>The flow; null where nothing closed is known.</returns>
    public double? FlowPerMinute(DateTimeOffset? watermark) => FlowPerMinute(watermark, Minutes, last => last.Passages);

    /// <summary>People per minute inward, as <see cref="FlowPerMinute(DateTimeOffset?)"/> for both directions.</summary>
    /// <param name="watermark">Instant up to which no count means zero; null if there was none.</param>
    public double? FlowInPerMinute(DateTimeOffset? watermark) => FlowPerMinute(watermark, MinutesIn, last => last.In);

    /// <summary>Total of a local day; zero where nothing was counted.</summary>
    /// <param name="day">The local day.</param>
    public DayTally Day(DateOnly day) => Days.GetValueOrDefault(day) ?? new DayTally();

    /// <summary>Forgets days and minutes that are no longer needed.</summary>
    /// <param name="now">The current instant.</param>
    /// <param name="zone">The space's time zone.</param>
    public void Forget(DateTimeOffset now, TimeZoneInfo zone)
    {
        Counted.Forget(now);
        var oldest = LocalDay(now, zone).AddDays(2 - DaysKept);
        foreach (var day in Days.Keys.Where(day => day < oldest).ToList())
            Days.Remove(day);
        var oldestMinute = now.UtcTicks / Minute.Ticks - 60;
        foreach (var minute in Minutes.Keys.Where(minute => minute < oldestMinute).ToList())
        {
            Minutes.Remove(minute);
            MinutesIn.Remove(minute);
        }
    }

    /// <summary>Local day of an instant.</summary>
    /// <param name="instant">The instant.</param>
    /// <param name="zone">The time zone.</param>
    public static DateOnly LocalDay(DateTimeOffset instant, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    private SetAside AddFaulty(DateTimeOffset from, DateTimeOffset to)
    {
        var stamps = new TickRange(from.UtcTicks, to.UtcTicks);
        if (FaultyStamps.Contains(stamps))
            return SetAside.Duplicate;
        FaultyStamps.Add(stamps);
        if (FaultyStamps.Count > FaultyStampsMax)
            FaultyStamps.RemoveAt(0);
        return SetAside.None;
    }

    private double? FlowPerMinute(DateTimeOffset? watermark, Dictionary<long, long> minutes, Func<CountedInterval, long> passages)
    {
        if (LastInterval is { } last && Minutes.Count == 0)
        {
            var length = last.To - last.From;
            return watermark - last.To >= length ? 0 : passages(last) / length.TotalMinutes;
        }

        if (watermark is not { } known)
            return null;
        return minutes.GetValueOrDefault(known.UtcTicks / Minute.Ticks - 1);
    }

    private void NoteFlow(long passagesIn, long passagesOut, DateTimeOffset? from, DateTimeOffset time)
    {
        if (from is { } start && time - start >= Minute)
        {
            if (LastInterval is null || time > LastInterval.To)
                LastInterval = new CountedInterval(start, time, passagesIn + passagesOut, passagesIn);
            Minutes.Clear();
            MinutesIn.Clear();
            return;
        }

        // An interval that ends on the minute belongs to the minute it closes.
        var minute = (time.UtcTicks - (from is null ? 0 : 1)) / Minute.Ticks;
        Minutes[minute] = Minutes.GetValueOrDefault(minute) + passagesIn + passagesOut;
        MinutesIn[minute] = MinutesIn.GetValueOrDefault(minute) + passagesIn;
    }

    private DayTally TallyOf(DateOnly day)
    {
        if (!Days.TryGetValue(day, out var tally))
            Days[day] = tally = new DayTally();
        return tally;
    }
}

/// <summary>Passages over one line in one local day, and what became of the readings about it.</summary>
public sealed class DayTally
{
    /// <summary>Passages inward.</summary>
    public long In { get; set; }

    /// <summary>Passages outward.</summary>
    public long Out { get; set; }

    /// <summary>Readings counted.</summary>
    public long Counted { get; set; }

    /// <summary>Readings set aside, by reason.</summary>
    public Dictionary<SetAside, long> SetAside { get; init; } = [];

    /// <summary>Records what became of one reading.</summary>
    /// <param name="fate">Its fate.</param>
    public void Note(SetAside fate)
    {
        if (fate == Intake.SetAside.None)
            Counted++;
        else
            SetAside[fate] = SetAside.GetValueOrDefault(fate) + 1;
    }
}

/// <summary>How a device tells a repeat from a new reading, beside the interval.</summary>
/// <param name="Numbered">Whether it numbers its messages; then two events of the same instant are two, since a repeat has been recognised by its number.</param>
/// <param name="StampShift">How far its stamps were moved because its clock is faulty; zero where it was believed.</param>
public readonly record struct RepeatMarks(bool Numbered, TimeSpan StampShift);

/// <summary>Passages in both directions within one closed interval.</summary>
/// <param name="From">UTC start, included.</param>
/// <param name="To">UTC end, excluded.</param>
/// <param name="Passages">In plus out.</param>
/// <param name="In">Of them inward.</param>
public sealed record CountedInterval(DateTimeOffset From, DateTimeOffset To, long Passages, long In = 0);

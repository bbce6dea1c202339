using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Crowd;

/// <summary>What a space remembers of one counting line: totals by local day, recent flow, what was counted already.</summary>
public sealed class LineState
{
    /// <summary>Most local days kept: today, three that 48 h reach back to in the night after clocks went forward, two that the stamps of a replay begin ahead of its clock.</summary>
    public const int DaysMax = 6;

    /// <summary>Most cells open at once: five minutes each, for <see cref="OpenFor"/>, the one they begin in, and 24 h that the stamps of a replay are ahead of its clock. What comes for one more counts for the control room alone.</summary>
    public const int OpenCellsMax = 6 * 12 + 1 + 24 * 12;

    /// <summary>How long after its end a cell stays open at most; no true count of one is kept for longer.</summary>
    public static readonly TimeSpan OpenFor = TimeSpan.FromHours(6);

    /// <summary>Length of a cell of a line that is not released: it is kept for <see cref="OpenFor"/> and goes to nobody.</summary>
    public static readonly TimeSpan QuarterHour = TimeSpan.FromMinutes(15);

    /// <summary>How long after its end the last count of a device is kept at most; of an interval of over an hour, twice its length.</summary>
    public static readonly TimeSpan LastKeptFor = TimeSpan.FromHours(2);

    /// <summary>In place of a cell: passages of which nobody knows when they were count for the control room alone.</summary>
    public static readonly DateTimeOffset NoCell = DateTimeOffset.MinValue;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Totals by local day, and what became of its readings. Days before <see cref="TotalsFrom"/> have no passages any more.</summary>
    public Dictionary<DateOnly, DayTally> Days { get; init; } = [];

    /// <summary>First local day whose passages are kept: yesterday. Of older days only the fates of readings are, as long as repeats are recognised.</summary>
    public DateOnly TotalsFrom { get; set; }

    /// <summary>Passages by cell that is not sealed: by its UTC start, where the reading begins. A longer interval is not spread.</summary>
    public Dictionary<DateTimeOffset, PassageTally> OpenCells { get; init; } = [];

    /// <summary>Up to when cells are sealed: nothing is added to them any more.</summary>
    public DateTimeOffset SealedTo { get; set; }

    /// <summary>Intervals counted already, by the stamps of a clock that was wrong: a backlog sent at once falls on the same arrival, and only the device's own stamps tell it from a repeat. Newest last.</summary>
    public List<TickRange> FaultyStamps { get; init; } = [];

    /// <summary>How many of those were forgotten because there were too many.</summary>
    public long FaultyStampsForgotten { get; set; }

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
    /// <param name="live">Whether it came in time for the live picture; otherwise it corrects totals only.</param>
    /// <param name="lead">How far its stamps are ahead of the live picture.</param>
    /// <param name="cell">UTC start of the cell in which it begins, or <see cref="NoCell"/>; null where the line is not released.</param>
    /// <returns>What became of the reading.</returns>
    public SetAside Count(long passagesIn, long passagesOut, DateTimeOffset? from, DateTimeOffset time, TimeZoneInfo zone, RepeatMarks told = default, bool live = true, TimeSpan lead = default, DateTimeOffset? cell = null)
    {
        var start = from ?? time;
        var begins = cell ?? QuarterHourOf(start);
        var open = IsOpen(begins);
        var date = LocalDay(start, zone);
        var day = TallyOf(date);
        var fate = live || IsRemembered(start) ? Recognise(start, time, from is null, told) : SetAside.Late;
        if (fate != SetAside.None)
        {
            day.Note(fate);
            return fate;
        }

        day.Count(live || !open, open);
        if (date >= TotalsFrom)
            (day.In, day.Out) = (day.In + passagesIn, day.Out + passagesOut);
        if (open)
            AddOpen(begins, passagesIn, passagesOut);
        if (live)
            NoteFlow(passagesIn, passagesOut, from - lead, time - lead);
        return fate;
    }

    /// <summary>Counts passages of a device that serves statistics alone: in their cell and nowhere else.</summary>
    /// <param name="passagesIn">Passages inward.</param>
    /// <param name="passagesOut">Passages outward.</param>
    /// <param name="from">Start of the interval; null for an event.</param>
    /// <param name="time">End of the interval, or the instant of the event.</param>
    /// <param name="zone">The space's time zone, for the local day.</param>
    /// <param name="told">How the device tells repeats apart.</param>
    /// <param name="cell">UTC start of the cell in which it begins.</param>
    /// <returns>What became of the reading.</returns>
    public SetAside CountUnseen(long passagesIn, long passagesOut, DateTimeOffset? from, DateTimeOffset time, TimeZoneInfo zone, RepeatMarks told, DateTimeOffset cell)
    {
        var start = from ?? time;
        var fate = !IsOpen(cell) ? SetAside.Late : Recognise(start, time, from is null, told);
        var day = TallyOf(LocalDay(start, zone));
        if (fate != SetAside.None)
        {
            day.Note(fate);
            return fate;
        }

        day.Count(live: false, open: true);
        AddOpen(cell, passagesIn, passagesOut);
        return fate;
    }

    /// <summary>Seals a cell: takes what was counted in it, and adds nothing to it any more.</summary>
    /// <param name="from">UTC start of the cell.</param>
    /// <param name="to">UTC end of the cell, excluded; cells are sealed in order.</param>
    public PassageTally Seal(DateTimeOffset from, DateTimeOffset to)
    {
        OpenCells.Remove(from, out var tally);
        SealUpTo(to);
        return tally ?? new PassageTally();
    }

    /// <summary>Adds nothing any more to cells that begin before an instant, and forgets what was counted in them.</summary>
    /// <param name="to">UTC; it never moves back.</param>
    public void SealUpTo(DateTimeOffset to)
    {
        if (to <= SealedTo)
            return;
        SealedTo = to;
        foreach (var cell in OpenCells.Keys.Where(cell => cell < to).ToList())
            OpenCells.Remove(cell);
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

    /// <summary>Forgets what is no longer needed: totals with the end of the next local day, repeats after 48 h, then their days, cells that nothing seals, minutes after an hour, what a device said last after two.</summary>
    /// <param name="now">The current instant.</param>
    /// <param name="zone">The space's time zone.</param>
    /// <param name="isReleased">Whether its cells are sealed by somebody who releases them.</param>
    /// <returns>Whether a number went: it must not stay on the disk either.</returns>
    public bool Forget(DateTimeOffset now, TimeZoneInfo zone, bool isReleased = false)
    {
        Counted.Forget(now);
        var before = Days.Count + OpenCells.Count + Minutes.Count;
        if (!isReleased)
            SealUpTo(QuarterHourOf(now - OpenFor));
        var oldest = LocalDay(now - IntervalSet.Memory, zone);
        foreach (var day in Days.Keys.Where(day => day < oldest).ToList())
            Days.Remove(day);
        var oldestMinute = now.UtcTicks / Minute.Ticks - 60;
        foreach (var minute in Minutes.Keys.Where(minute => minute < oldestMinute).ToList())
        {
            Minutes.Remove(minute);
            MinutesIn.Remove(minute);
        }

        return ForgetLast(now) | ForgetTotals(LocalDay(now, zone).AddDays(-1)) | (Days.Count + OpenCells.Count + Minutes.Count < before);
    }

    /// <summary>Forgets flow and repeats that lie in the future: the hub's clock was ahead when they were noted. Totals stay on the days under which they were counted.</summary>
    /// <param name="now">The current instant.</param>
    public void PutBack(DateTimeOffset now)
    {
        Counted.PutBack(now);
        Counter.PutBack(now);
        Flow.PutBack(now);
        if (LastInterval?.To > now)
            LastInterval = null;
        foreach (var minute in Minutes.Keys.Where(minute => minute > now.UtcTicks / Minute.Ticks).ToList())
        {
            Minutes.Remove(minute);
            MinutesIn.Remove(minute);
        }
    }

    /// <summary>UTC start of the quarter-hour in which an instant lies.</summary>
    /// <param name="instant">The instant.</param>
    public static DateTimeOffset QuarterHourOf(DateTimeOffset instant) => new(instant.UtcTicks / QuarterHour.Ticks * QuarterHour.Ticks, TimeSpan.Zero);

    /// <summary>Local day of an instant.</summary>
    /// <param name="instant">The instant.</param>
    /// <param name="zone">The time zone.</param>
    public static DateOnly LocalDay(DateTimeOffset instant, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    // A total of a day can be corrected as long as a repeat of anything in it would be recognised.
    private bool IsRemembered(DateTimeOffset start) => QuarterHourOf(start).UtcTicks + QuarterHour.Ticks > Counted.Floor;

    // By the clock of now and not by the highest ever: a hub whose clock was ahead keeps totals again once it is right.
    private bool ForgetTotals(DateOnly from)
    {
        TotalsFrom = from;
        var over = Days.Where(day => day.Key < from && (day.Value.In, day.Value.Out) != (0, 0)).Select(day => day.Value).ToList();
        foreach (var day in over)
            (day.In, day.Out) = (0, 0);
        return over.Count > 0;
    }

    // A device that has ended must not leave its last count for ever. Of a long interval the next one is waited for.
    private bool ForgetLast(DateTimeOffset now)
    {
        var forgets = LastInterval is { } last && now - last.To > (last.To - last.From > LastKeptFor / 2 ? 2 * (last.To - last.From) : LastKeptFor);
        if (forgets)
            LastInterval = null;
        return Flow.Forget(now - LastKeptFor) | forgets;
    }

    private bool IsOpen(DateTimeOffset cell) => cell != NoCell && cell >= SealedTo && (OpenCells.Count < OpenCellsMax || OpenCells.ContainsKey(cell));

    private void AddOpen(DateTimeOffset cell, long passagesIn, long passagesOut)
    {
        if (!OpenCells.TryGetValue(cell, out var tally))
            OpenCells[cell] = tally = new PassageTally();
        tally.In += passagesIn;
        tally.Out += passagesOut;
    }

    private SetAside Recognise(DateTimeOffset start, DateTimeOffset end, bool isEvent, RepeatMarks told) =>
        told.StampShift != TimeSpan.Zero ? AddFaulty(start - told.StampShift, end - told.StampShift, told.Limits.FaultyStampsMax)
        : told.Numbered && isEvent ? SetAside.None
        : Counted.Add(start, end, told.Limits.IntervalsMax);

    private SetAside AddFaulty(DateTimeOffset from, DateTimeOffset to, int stampsMax)
    {
        var stamps = new TickRange(from.UtcTicks, to.UtcTicks);
        if (FaultyStamps.Contains(stamps))
            return SetAside.Duplicate;
        FaultyStamps.Add(stamps);
        var over = FaultyStamps.Count - stampsMax;
        if (over > 0)
        {
            FaultyStamps.RemoveRange(0, over);
            FaultyStampsForgotten += over;
        }

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
            // What was overtaken neither becomes the flow of now nor ends what is newer.
            if (time <= LastInterval?.To || Minutes.Keys.Any(newer => time.UtcTicks <= newer * Minute.Ticks))
                return;
            LastInterval = new CountedInterval(start, time, passagesIn + passagesOut, passagesIn);
            Minutes.Clear();
            MinutesIn.Clear();
            return;
        }

        // An interval that ends on the minute belongs to the minute it closes.
        var minute = (time.UtcTicks - (from is null ? 0 : 1)) / Minute.Ticks;
        if (minute * Minute.Ticks < LastInterval?.To.UtcTicks && Minutes.Count == 0)
            return;
        Minutes[minute] = Minutes.GetValueOrDefault(minute) + passagesIn + passagesOut;
        MinutesIn[minute] = MinutesIn.GetValueOrDefault(minute) + passagesIn;
    }

    private DayTally TallyOf(DateOnly day)
    {
        if (Days.TryGetValue(day, out var tally))
            return tally;
        Days[day] = tally = new DayTally();
        if (Days.Count > DaysMax)
            Days.Remove(Days.Keys.Min());
        return tally;
    }
}

using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Crowd;

/// <summary>Person-minutes of one zone in cells that are not sealed yet: the sum of one sample for each minute.</summary>
/// <remarks>
/// A sample stands for its own minute alone. To pass it on to a minute that has none would count a person for longer than they were there,
/// and a cell of which a minute has no sample is not known.
/// </remarks>
public sealed class PresenceCells
{
    /// <summary>For how many minutes before the newest samples are kept one by one, so that a later one of the same minute can take the place of the first. What is older has become part of its cell, and what comes for it is late.</summary>
    public const int MinutesMax = 120;

    /// <summary>Person-minutes by UTC start of the cell.</summary>
    public Dictionary<DateTimeOffset, PresenceTally> Open { get; init; } = [];

    /// <summary>The last minutes' samples, by UTC minute.</summary>
    public Dictionary<long, MinuteSample> Minutes { get; init; } = [];

    /// <summary>Up to when cells are sealed: nothing is added to them any more.</summary>
    public DateTimeOffset SealedTo { get; set; }

    /// <summary>Newest UTC minute of which the sample can no longer be replaced: what comes for it, or before it, is late.</summary>
    public long Floor { get; set; }

    /// <summary>Takes a head count. Of several in the same minute the last stands for it, of two of the same instant the larger: whichever comes first.</summary>
    /// <param name="people">People in the zone, 0 or more.</param>
    /// <param name="at">The instant at which they were counted.</param>
    /// <param name="cell">UTC start of its cell.</param>
    /// <returns>What became of it.</returns>
    public SetAside Sample(int people, DateTimeOffset at, DateTimeOffset cell)
    {
        var minute = MinuteOf(at);
        if (Minutes.TryGetValue(minute, out var known) && (at.UtcTicks, people).CompareTo((known.Ticks, known.People)) <= 0)
            return SetAside.Duplicate;
        if (cell < SealedTo || minute <= Floor || (!Open.ContainsKey(cell) && Open.Count >= LineState.OpenCellsMax))
            return SetAside.Late;
        if (!Open.TryGetValue(cell, out var tally))
            Open[cell] = tally = new PresenceTally();
        tally.PersonMinutes += people - known.People;
        tally.Minutes += known.Ticks == 0 ? 1 : 0;
        Minutes[minute] = new MinuteSample(at.UtcTicks, people);
        Fold(minute - MinutesMax);
        return SetAside.None;
    }

    /// <summary>Whether each minute of a cell has its sample.</summary>
    /// <param name="from">UTC start of the cell, on a minute.</param>
    /// <param name="to">UTC end of the cell, excluded, on a minute.</param>
    public bool IsWhole(DateTimeOffset from, DateTimeOffset to) => Open.GetValueOrDefault(from)?.Minutes == (to - from).Ticks / TimeSpan.TicksPerMinute;

    /// <summary>Whether nothing can be added any more to what lies before an instant, because single minutes are no longer known.</summary>
    /// <param name="to">UTC, on a minute.</param>
    public bool IsClosed(DateTimeOffset to) => Floor >= MinuteOf(to) - 1;

    /// <summary>Seals a cell: takes what was counted in it, and adds nothing to it any more.</summary>
    /// <param name="from">UTC start of the cell.</param>
    /// <param name="to">UTC end of the cell, excluded; cells are sealed in order.</param>
    /// <returns>Person-minutes.</returns>
    public long Seal(DateTimeOffset from, DateTimeOffset to)
    {
        var sum = Open.GetValueOrDefault(from)?.PersonMinutes ?? 0;
        SealUpTo(to);
        return sum;
    }

    /// <summary>Adds nothing any more to cells that begin before an instant, and forgets what was counted in them.</summary>
    /// <param name="to">UTC; it never moves back.</param>
    public void SealUpTo(DateTimeOffset to)
    {
        if (to <= SealedTo)
            return;
        SealedTo = to;
        foreach (var cell in Open.Keys.Where(cell => cell < to).ToList())
            Open.Remove(cell);
        foreach (var minute in Minutes.Keys.Where(minute => minute < MinuteOf(to)).ToList())
            Minutes.Remove(minute);
    }

    /// <summary>Forgets single minutes that are too old.</summary>
    /// <param name="now">The current instant.</param>
    /// <returns>Whether any went.</returns>
    public bool Forget(DateTimeOffset now) => Fold(MinuteOf(now) - MinutesMax);

    /// <summary>The hub's clock was ahead when samples of the time ahead were taken: open cells lose what they have, and have no number.</summary>
    /// <param name="now">The current instant.</param>
    public void PutBack(DateTimeOffset now)
    {
        var minute = MinuteOf(now);
        if (Floor <= minute && !Minutes.Keys.Any(later => later > minute))
            return;
        Open.Clear();
        Minutes.Clear();
        Floor = Math.Min(Floor, minute);
    }

    private static long MinuteOf(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerMinute;

    private bool Fold(long minute)
    {
        if (minute <= Floor)
            return false;
        Floor = minute;
        var old = Minutes.Keys.Where(known => known <= minute).ToList();
        old.ForEach(known => Minutes.Remove(known));
        return old.Count > 0;
    }
}

/// <summary>Person-minutes of one cell so far.</summary>
public sealed class PresenceTally
{
    /// <summary>Sum of the samples, 0 or more.</summary>
    public long PersonMinutes { get; set; }

    /// <summary>How many minutes have a sample.</summary>
    public int Minutes { get; set; }
}

/// <summary>The head count that stands for one minute.</summary>
/// <param name="Ticks">UTC ticks of the instant at which it was counted.</param>
/// <param name="People">People, 0 or more.</param>
public readonly record struct MinuteSample(long Ticks, int People);

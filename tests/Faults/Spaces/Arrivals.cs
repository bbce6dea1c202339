using Monitoring.Domain.Crowd;
using Monitoring.Faults.Equipment;

namespace Monitoring.Faults.Spaces;

/// <summary>When the messages of a trial arrived.</summary>
/// <param name="First">No message arrived before it.</param>
/// <param name="Last">No message arrived after it.</param>
/// <param name="ClockWrongBy">By how much the hub's clock was set wrong at times, in either direction.</param>
internal sealed record Arrivals(DateTimeOffset First, DateTimeOffset Last, TimeSpan ClockWrongBy = default)
{
    // What is older than two intervals when it comes is late for the live picture.
    private static readonly TimeSpan LiveFor = 2 * FaultSite.Interval;

    // Cells of the site are quarter-hours, and its counters send no heartbeat: they are sealed six hours after their end, by a look each second.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    /// <summary>Whether a quarter-hour was sealed before the first message came.</summary>
    public bool IsSurelySealed(DateTimeOffset quarter) => quarter + LineState.QuarterHour + LineState.OpenFor <= First - ClockWrongBy;

    /// <summary>Whether a quarter-hour was open when the last message came, and is.</summary>
    public bool IsSurelyOpen(DateTimeOffset quarter) => quarter + LineState.QuarterHour + LineState.OpenFor > Last + ClockWrongBy + LookEvery;

    /// <summary>Whether what a message says fell into a cell that was sealed, whenever it came, or into none: what a wrong clock says is in no cell.</summary>
    public bool IsSurelySealed(Telling telling) => telling.AtArrival || IsSurelySealed(LineState.QuarterHourOf(telling.At));

    /// <summary>Whether what a message says fell into a cell that was open, whenever it came.</summary>
    public bool IsSurelyOpen(Telling telling) => !telling.AtArrival && IsSurelyOpen(LineState.QuarterHourOf(telling.At));

    /// <summary>Whether a message was late for the live picture, whenever it came.</summary>
    public bool IsSurelyLate(Telling telling) => !telling.AtArrival && First - ClockWrongBy - telling.End > LiveFor;

    /// <summary>Whether a message was in time for the live picture, whenever it came.</summary>
    public bool IsSurelyLive(Telling telling) => telling.AtArrival || Last + ClockWrongBy - telling.End <= LiveFor;
}

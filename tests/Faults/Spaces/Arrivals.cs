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

    /// <summary>Whether a message was late for the live picture, whenever it came.</summary>
    public bool IsSurelyLate(Telling telling) => !telling.AtArrival && First - ClockWrongBy - telling.End > LiveFor;

    /// <summary>Whether a message was in time for the live picture, whenever it came.</summary>
    public bool IsSurelyLive(Telling telling) => telling.AtArrival || Last + ClockWrongBy - telling.End <= LiveFor;
}

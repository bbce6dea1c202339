using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Crowd;

/// <summary>Turns a counter that only grows into passages since its last reading.</summary>
/// <remarks>
/// First sight gives a baseline. A decrease is a wrap where a modulus is known and the wrapped step is plausible, else a
/// reset, after which the counter counts from 0. A late or equal stamp adds nothing. A step that no crowd could make is a new baseline.
/// </remarks>
public sealed class CumulativeCounter
{
    /// <summary>Most passages per minute and direction that are believed: about a 20 m gate at 100 people/min/m.</summary>
    public const int PlausiblePerMinuteMax = 2_000;

    /// <summary>Last inward value.</summary>
    public long In { get; set; }

    /// <summary>Last outward value.</summary>
    public long Out { get; set; }

    /// <summary>UTC instant of the last reading; null before the first.</summary>
    public DateTimeOffset? At { get; set; }

    /// <summary>Passages since the last reading, or why there is nothing to add.</summary>
    /// <param name="valueIn">Inward counter value.</param>
    /// <param name="valueOut">Outward counter value.</param>
    /// <param name="modulus">Where the counter goes back to 0; null where it is not known.</param>
    /// <param name="time">UTC instant of the reading.</param>
    /// <returns>The passages with <see cref="SetAside.None"/>; or none with <see cref="SetAside.Baseline"/>, <see cref="SetAside.Duplicate"/> or <see cref="SetAside.Implausible"/>.</returns>
    public CounterStep Advance(long valueIn, long valueOut, long? modulus, DateTimeOffset time)
    {
        if (At is not { } since)
        {
            Keep(valueIn, valueOut, time);
            return new CounterStep(SetAside.Baseline, 0, 0, time);
        }

        if (time <= since)
            return new CounterStep(SetAside.Duplicate, 0, 0, time);
        var plausible = (long)(Math.Max(1, (time - since).TotalMinutes) * PlausiblePerMinuteMax);
        var (stepIn, stepOut) = (Step(In, valueIn, modulus, plausible), Step(Out, valueOut, modulus, plausible));
        if (stepIn is null || stepOut is null)
            (stepIn, stepOut) = (valueIn, valueOut); // A reset sets both directions to 0, also the one that has grown past its old value since.
        Keep(valueIn, valueOut, time);
        return Math.Max(stepIn.Value, stepOut.Value) <= plausible
            ? new CounterStep(SetAside.None, stepIn.Value, stepOut.Value, since)
            : new CounterStep(SetAside.Implausible, 0, 0, since);
    }

    /// <summary>Takes the last reading as of now where it lies in the future, so that the next one counts what came since: the hub's clock was ahead.</summary>
    /// <param name="now">The current instant.</param>
    public void PutBack(DateTimeOffset now)
    {
        if (At > now)
            At = now;
    }

    // Null where the counter was reset.
    private static long? Step(long last, long value, long? modulus, long plausible)
    {
        if (value >= last)
            return value - last;
        var wrapped = modulus is { } m && last < m ? m - last + value : long.MaxValue;
        return wrapped <= plausible ? wrapped : null;
    }

    private void Keep(long valueIn, long valueOut, DateTimeOffset time) => (In, Out, At) = (valueIn, valueOut, time);
}

/// <summary>Passages between two readings of a cumulative counter.</summary>
/// <param name="Fate">Whether they count, or why not.</param>
/// <param name="In">Passages inward, 0 or more.</param>
/// <param name="Out">Passages outward, 0 or more.</param>
/// <param name="From">UTC instant of the reading before.</param>
public readonly record struct CounterStep(SetAside Fate, long In, long Out, DateTimeOffset From);

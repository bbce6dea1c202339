namespace Monitoring.Domain.Alarms;

/// <summary>How long one value has been over its on level, or under its off level, in event time.</summary>
/// <remarks>
/// Only values move the timers, and only over time that values vouch for: a closed interval counts with its whole length, a value of
/// an instant with the time since the one before it, unless that is longer than a value may stand. So silence moves nothing, and a
/// timer stands still in a gap. Devices' clocks differ by minutes; each source has timers of its own, and one of them must be full.
/// </remarks>
public sealed class AlarmCondition
{
    /// <summary>Most sources with timers; the one silent longest is forgotten.</summary>
    public const int SourcesMax = 32;

    /// <summary>Timers by source.</summary>
    public Dictionary<string, DwellTimers> Sources { get; init; } = [];

    /// <summary>Takes a value in.</summary>
    /// <param name="threshold">The levels and times.</param>
    /// <param name="sample">The value.</param>
    /// <returns>What is fulfilled now.</returns>
    public DwellOutcome Step(Threshold threshold, AlarmSample sample)
    {
        ArgumentNullException.ThrowIfNull(threshold);
        var over = sample.Value >= threshold.On;
        var under = sample.Value < threshold.Off;
        foreach (var (source, timers) in Sources)
            Sources[source] = timers with { Over = over ? timers.Over : null, Under = under ? timers.Under : null };

        var before = Sources.TryGetValue(sample.Source, out var known) ? known : new DwellTimers(sample.At, null, null);
        var covered = sample.Length > TimeSpan.Zero ? sample.Length : Gapless(sample.At - before.At, sample.HoldMax);
        var now = new DwellTimers(
            Newest(before.At, sample),
            over ? Run(before.Over, covered, sample) : null,
            under ? sample.MayReturn ? Run(before.Under, covered, sample) : before.Under : null);
        Sources[sample.Source] = now;
        if (Sources.Count > SourcesMax)
            Sources.Remove(Sources.MinBy(source => source.Value.At).Key);
        return now.Over >= threshold.OnFor ? DwellOutcome.Over
            : sample.MayReturn && now.Under >= threshold.OffFor ? DwellOutcome.Under
            : DwellOutcome.Neither;
    }

    // A little older than the newest: it was overtaken. Much older: the device's clock was put right.
    private static DateTimeOffset Newest(DateTimeOffset before, AlarmSample sample) =>
        before > sample.At && before - sample.At <= sample.HoldMax ? before : sample.At;

    private static TimeSpan Gapless(TimeSpan since, TimeSpan holdMax) => since > TimeSpan.Zero && since <= holdMax ? since : TimeSpan.Zero;

    // The first value of an instant on this side says nothing about the time before it.
    private static TimeSpan Run(TimeSpan? timer, TimeSpan covered, AlarmSample sample) =>
        timer is { } run ? run + covered : sample.Length > TimeSpan.Zero ? covered : TimeSpan.Zero;
}

/// <summary>Timers of one source.</summary>
/// <param name="At">Event time of its newest value.</param>
/// <param name="Over">How long the value has held at or over the on level; null while it does not.</param>
/// <param name="Under">How long the value has held under the off level; null while it does not.</param>
public readonly record struct DwellTimers(DateTimeOffset At, TimeSpan? Over, TimeSpan? Under);

/// <summary>What the timers of a condition say.</summary>
public enum DwellOutcome
{
    /// <summary>Nothing has held long enough.</summary>
    Neither,

    /// <summary>The value has held at or over the on level long enough.</summary>
    Over,

    /// <summary>The value has held under the off level long enough.</summary>
    Under,
}

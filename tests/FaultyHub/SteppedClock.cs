namespace Monitoring.FaultyHub;

/// <summary>The machine's clock, set wrong by a step, and the time that has run, as if more of it had. Its timers go on evenly.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private long _stepTicks;
    private long _ranTicks;

    /// <summary>How far it is ahead; negative where it is behind.</summary>
    public TimeSpan Step
    {
        get => new(Interlocked.Read(ref _stepTicks));
        set => Interlocked.Exchange(ref _stepTicks, value.Ticks);
    }

    /// <summary>Time that has run besides.</summary>
    public TimeSpan Ran
    {
        get => new(Interlocked.Read(ref _ranTicks));
        set => Interlocked.Exchange(ref _ranTicks, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Step;

    public override long GetTimestamp() => System.GetTimestamp() + (long)(Ran.TotalSeconds * TimestampFrequency);
}

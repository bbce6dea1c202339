namespace Monitoring.FaultyHub;

/// <summary>The machine's clock, set wrong by a step. Its timers and time stamps go on evenly, as the system's do.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private long _stepTicks;

    /// <summary>How far it is ahead; negative where it is behind.</summary>
    public TimeSpan Step
    {
        get => new(Interlocked.Read(ref _stepTicks));
        set => Interlocked.Exchange(ref _stepTicks, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Step;
}

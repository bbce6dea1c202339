namespace Monitoring.Domain;

/// <summary>What moves the hub's clock.</summary>
public enum ClockKind
{
    /// <summary>The machine's clock.</summary>
    Wall,

    /// <summary>A virtual clock that only a replay moves, and only forward.</summary>
    Replay,
}

/// <summary>The hub's idea of now: the wall clock, or the virtual clock of a replay.</summary>
/// <remarks>Day borders, ages and flows follow it. Keep-alives, time-outs and commits stay on the wall clock.</remarks>
public sealed class HubClock(ClockKind kind, TimeProvider wall)
{
    private long _replayTicks = DateTimeOffset.UnixEpoch.UtcTicks;

    /// <summary>What moves this clock.</summary>
    public ClockKind Kind { get; } = kind;

    /// <summary>The wall clock behind it, for time-outs and timers.</summary>
    public TimeProvider Wall { get; } = wall;

    /// <summary>The current instant, UTC. A replay clock that was never moved reads 1970-01-01T00:00:00Z.</summary>
    public DateTimeOffset Now => Kind == ClockKind.Wall
        ? Wall.GetUtcNow()
        : new DateTimeOffset(Interlocked.Read(ref _replayTicks), TimeSpan.Zero);

    /// <summary>Moves a replay clock forward; an older instant moves nothing.</summary>
    /// <param name="to">The instant to move to.</param>
    /// <exception cref="InvalidOperationException">The clock is the wall clock.</exception>
    public void MoveTo(DateTimeOffset to)
    {
        if (Kind != ClockKind.Replay)
            throw new InvalidOperationException("The wall clock cannot be moved.");
        var target = to.UtcTicks;
        var current = Interlocked.Read(ref _replayTicks);
        while (target > current)
        {
            var seen = Interlocked.CompareExchange(ref _replayTicks, target, current);
            if (seen == current)
                return;
            current = seen;
        }
    }
}

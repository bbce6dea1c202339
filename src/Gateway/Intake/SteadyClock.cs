namespace Monitoring.Gateway.Intake;

/// <summary>The wall clock of the start and the time that has run since: a machine's clock that is put right, or wrong, moves no age.</summary>
internal sealed class SteadyClock(TimeProvider wall)
{
    private readonly DateTimeOffset _start = wall.GetUtcNow();
    private readonly long _started = wall.GetTimestamp();

    public DateTimeOffset Now => _start + wall.GetElapsedTime(_started);
}

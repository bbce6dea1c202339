namespace Monitoring.Simulator.Exercises;

/// <summary>Keeps a replay at its speed.</summary>
/// <param name="speed">Virtual seconds per wall second; 0 for no waiting.</param>
/// <param name="time">The wall clock.</param>
internal sealed class ReplayPace(double speed, TimeProvider time)
{
    private readonly long _startedAt = time.GetTimestamp();
    private DateTimeOffset? _first;

    /// <summary>Waits until the wall clock is as far as the bin.</summary>
    /// <param name="bin">The bin that was played.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task WaitAsync(ReplayBin bin, CancellationToken cancellation)
    {
        _first ??= bin.Start;
        if (speed <= 0)
            return;
        var ahead = (bin.End - _first.Value) / speed - time.GetElapsedTime(_startedAt);
        if (ahead > TimeSpan.Zero)
            await Task.Delay(ahead, time, cancellation);
    }
}

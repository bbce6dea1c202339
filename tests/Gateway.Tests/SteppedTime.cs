namespace Monitoring.Gateway.Tests;

/// <summary>Time as limits see it stands still until a test moves it; timers go on.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private long _now = System.GetTimestamp();

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public void Step(TimeSpan by) => Interlocked.Add(ref _now, (long)(by.TotalSeconds * TimestampFrequency));
}

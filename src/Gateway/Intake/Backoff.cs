using System.Security.Cryptography;

namespace Monitoring.Gateway.Intake;

/// <summary>Growing, jittered waits between attempts: 50 ms to 5 s.</summary>
internal struct Backoff
{
    private const int FirstMs = 50;
    private const int LongestMs = 5_000;

    private int _nextMs;

    /// <summary>Waits before the next attempt; half of the wait is chance, so that many do not come at once.</summary>
    public Task WaitAsync(TimeProvider wall, CancellationToken cancellation)
    {
        _nextMs = _nextMs == 0 ? FirstMs : Math.Min(_nextMs * 2, LongestMs);
        return Task.Delay(TimeSpan.FromMilliseconds(_nextMs / 2 + RandomNumberGenerator.GetInt32(_nextMs / 2 + 1)), wall, cancellation);
    }
}

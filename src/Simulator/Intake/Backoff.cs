namespace Monitoring.Simulator.Intake;

/// <summary>How long to wait before the next attempt: 100 ms, doubling up to 5 s, from half to all of it by chance.</summary>
/// <param name="random">Seeded source, so that many links do not come back in step.</param>
internal sealed class Backoff(Random random)
{
    /// <summary>First wait.</summary>
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest wait.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private TimeSpan _next = First;

    /// <summary>The next wait.</summary>
    public TimeSpan Next()
    {
        var wait = _next * (0.5 + 0.5 * random.NextDouble());
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return wait;
    }

    /// <summary>Starts again from the first wait: the last attempt went well.</summary>
    public void Reset() => _next = First;
}

namespace Monitoring.Gateway.Intake;

/// <summary>So many at once, and after that so many per second: a token bucket, kept as the one instant at which it is full again (generic cell rate algorithm, ITU-T I.371).</summary>
/// <remarks>That instant lies with whom the allowance is for; 0 is a full bucket. Several threads may take from one at the same time: never too many come through.</remarks>
internal readonly struct Allowance
{
    private readonly long _each;
    private readonly long _ahead;

    /// <param name="perSecond">How many come back per second, over 0.</param>
    /// <param name="burst">How many there are at once, 1 or more.</param>
    /// <param name="ticksPerSecond">Ticks of the clock per second.</param>
    public Allowance(double perSecond, int burst, long ticksPerSecond)
        : this(Math.Max(1, (long)(ticksPerSecond / perSecond)), burst)
    {
    }

    private Allowance(long each, long burst) => (_each, _ahead) = (each, each * (burst - 1));

    /// <summary>Whether one is left.</summary>
    public bool IsLeft(ref long fullAt, long now) => Volatile.Read(ref fullAt) - _ahead <= now;

    /// <summary>Takes one.</summary>
    /// <returns>False where none is left; then nothing changes.</returns>
    public bool TryTake(ref long fullAt, long now)
    {
        var seen = Volatile.Read(ref fullAt);
        while (seen - _ahead <= now)
        {
            var before = Interlocked.CompareExchange(ref fullAt, Math.Max(seen, now) + _each, seen);
            if (before == seen)
                return true;
            seen = before;
        }

        return false;
    }
}

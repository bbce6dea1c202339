using System.Numerics;

namespace Monitoring.Simulator.Intake;

/// <summary>Times by number, in constant memory: 32 steps per doubling, so a value is known to about 3 %. 1 µs to 4.7 h.</summary>
internal sealed class LatencyHistogram
{
    private const int StepBits = 5;
    private const int Steps = 1 << StepBits;
    private const int Doublings = 34;

    private readonly long[] _counts = new long[Doublings * Steps];

    /// <summary>Times noted.</summary>
    public long Count { get; private set; }

    /// <summary>Largest time noted, exactly; zero where none was.</summary>
    public TimeSpan Max { get; private set; }

    /// <summary>Notes a time.</summary>
    /// <param name="latency">The time; under 0 counts as 0.</param>
    public void Note(TimeSpan latency)
    {
        Count++;
        _counts[Index(Math.Max(0, (long)latency.TotalMicroseconds))]++;
        if (latency > Max)
            Max = latency;
    }

    /// <summary>Adds another histogram.</summary>
    /// <param name="other">The other.</param>
    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
        Count += other.Count;
        Max = other.Max > Max ? other.Max : Max;
    }

    /// <summary>The time that a share of all times does not exceed; zero where none was noted.</summary>
    /// <param name="share">0 to 1.</param>
    public TimeSpan Quantile(double share)
    {
        var rank = (long)Math.Ceiling(share * Count);
        for (var (i, seen) = (0, 0L); i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank && seen > 0)
                return Min(TimeSpan.FromMicroseconds(UpperEdge(i)), Max);
        }

        return TimeSpan.Zero;
    }

    // Values under 32 µs have a step each; above, the highest set bit gives the doubling and the five bits after it the step.
    private static int Index(long micros)
    {
        if (micros < Steps)
            return (int)micros;
        var shift = BitOperations.Log2((ulong)micros) - StepBits;
        return Math.Min((shift + 1) * Steps + (int)(micros >> shift) - Steps, Doublings * Steps - 1);
    }

    private static double UpperEdge(int index)
    {
        if (index < Steps)
            return index;
        var shift = index / Steps - 1;
        return ((long)(index % Steps + Steps + 1) << shift) - 1;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

using System.Globalization;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>What a canary was sent as, or what the hub can work out from several of them.</summary>
internal enum CanaryKind
{
    /// <summary>A count, or its minute value, of a line that the control room sees.</summary>
    Part,

    /// <summary>The true number of a cell of such a line, or of an hour.</summary>
    Cell,

    /// <summary>The total of such a line on its local day.</summary>
    Day,

    /// <summary>People in a zone, and what follows from them.</summary>
    Zone,

    /// <summary>A head count that raised an alarm.</summary>
    Alarm,

    /// <summary>The state of a counter that only grows.</summary>
    Counter,

    /// <summary>A sound level.</summary>
    Noise,

    /// <summary>A count of a device that serves statistics alone.</summary>
    UnseenPart,

    /// <summary>The true number of a cell of such a device, or of an hour.</summary>
    UnseenCell,

    /// <summary>What was in a message that the hub refused.</summary>
    Refused,
}

/// <summary>Rare numbers, each with what it stands for. No two are closer than the noise reaches, so that a released number is never taken for another canary.</summary>
internal sealed class Canaries
{
    /// <summary>Noise of a day's sum reaches this less than once in 10^20 days at the terms of the test (discrete Laplace, scale 4).</summary>
    public const int NoiseMax = 400;

    // Replaced as a whole: what the hub says is looked at on its own threads.
    private volatile Dictionary<string, CanaryKind> _known = [];
    private readonly SortedSet<long> _numbers = [];
    private long _next = 310_001;

    /// <summary>All of them as text.</summary>
    public IReadOnlyDictionary<string, CanaryKind> Known => _known;

    /// <summary>The next prime that is far from all before it.</summary>
    /// <param name="kind">What it is sent as.</param>
    /// <param name="isFit">What else it has to be.</param>
    public int Rare(CanaryKind kind, Func<int, bool>? isFit = null)
    {
        for (_next += 4_002; !IsPrime(_next) || IsNear(_next) || isFit?.Invoke((int)_next) == false; _next += 2)
        {
        }

        Add(_next, kind);
        return (int)_next;
    }

    /// <summary>Whether a number is so near to a canary that noise could make one of the other.</summary>
    public bool IsNear(long number) => _numbers.GetViewBetween(number - NoiseMax, number + NoiseMax).Count > 0;

    /// <summary>Adds a number that follows from others.</summary>
    public void Add(long number, CanaryKind kind)
    {
        if (kind is CanaryKind.Cell or CanaryKind.UnseenCell or CanaryKind.Day && IsNear(number))
            throw new InvalidOperationException($"{number} is near another canary: choose other steps.");
        _numbers.Add(number);
        _known.TryAdd(number.ToString(CultureInfo.InvariantCulture), kind);
    }

    /// <summary>Adds a number with a fraction, as JSON writes it.</summary>
    public void Add(double number, CanaryKind kind) => _known.TryAdd(number.ToString("R", CultureInfo.InvariantCulture), kind);

    /// <summary>Takes out what was released and happens to be a canary.</summary>
    public void TakeOut(IEnumerable<long> released)
    {
        var known = new Dictionary<string, CanaryKind>(_known);
        foreach (var number in released)
            known.Remove(number.ToString(CultureInfo.InvariantCulture));
        _known = known;
    }

    private static bool IsPrime(long number)
    {
        for (var divisor = 2L; divisor * divisor <= number; divisor++)
        {
            if (number % divisor == 0)
                return false;
        }

        return true;
    }
}

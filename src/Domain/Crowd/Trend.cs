namespace Monitoring.Domain.Crowd;

/// <summary>How the number of people in a space moves: people per minute over the last five to six minutes.</summary>
public sealed class Trend
{
    /// <summary>The stretch over which it is taken, minutes.</summary>
    public const int Minutes = 5;

    /// <summary>First number known in each UTC minute; a minute in which people became unknown has none.</summary>
    public Dictionary<long, PeopleSample> Samples { get; init; } = [];

    /// <summary>Notes the people of now; null where they are not known.</summary>
    /// <param name="people">People in the space.</param>
    /// <param name="now">The current instant.</param>
    public void Note(int? people, DateTimeOffset now)
    {
        var minute = MinuteOf(now);
        if (people is { } known)
            Samples.TryAdd(minute, new PeopleSample(now, known));
        else
            Samples.Remove(minute);
        // Also what lies ahead: the clock may have been set back.
        foreach (var old in Samples.Keys.Where(key => key < minute - Minutes - 1 || key > minute).ToList())
            Samples.Remove(old);
    }

    /// <summary>People per minute; null where either end is not known.</summary>
    /// <param name="people">People in the space now.</param>
    /// <param name="now">The current instant.</param>
    public double? PerMinute(int? people, DateTimeOffset now) =>
        people is { } known && Samples.TryGetValue(MinuteOf(now) - Minutes, out var before) ? (known - before.People) / (now - before.At).TotalMinutes : null;

    private static long MinuteOf(DateTimeOffset instant) => instant.UtcTicks / TimeSpan.TicksPerMinute;
}

/// <summary>People at an instant.</summary>
/// <param name="At">UTC instant.</param>
/// <param name="People">People, 0 or more.</param>
public readonly record struct PeopleSample(DateTimeOffset At, int People);

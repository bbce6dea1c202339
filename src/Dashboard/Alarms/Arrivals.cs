using Monitoring.Domain.Alarms;

namespace Monitoring.Dashboard.Alarms;

/// <summary>Tells those who listen what has come: the most urgent in words, the others as a number, and not more often than a voice can follow.</summary>
internal sealed class Arrivals
{
    /// <summary>Shortest time between two announcements.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(4);

    private HashSet<string>? _known;
    private Dictionary<string, Alarm> _untold = new(StringComparer.Ordinal);
    private DateTimeOffset _toldAt = DateTimeOffset.MinValue;

    /// <summary>What to say now; null where there is nothing new, or it is too soon.</summary>
    /// <param name="waiting">Alarms that wait for somebody.</param>
    /// <param name="say">Says an alarm in words.</param>
    /// <param name="now">Wall clock.</param>
    public string? Of(IReadOnlyList<Alarm> waiting, Func<Alarm, string> say, DateTimeOffset now)
    {
        // What was there when the page was opened stands on the page, and is not news.
        _known ??= [.. waiting.Select(KeyOf)];
        var keys = waiting.Select(KeyOf).ToHashSet(StringComparer.Ordinal);
        foreach (var alarm in waiting.Where(alarm => !_known.Contains(KeyOf(alarm))))
            _untold[KeyOf(alarm)] = alarm;
        _known = keys;
        _untold = _untold.Where(one => keys.Contains(one.Key)).ToDictionary(StringComparer.Ordinal);
        if (_untold.Count == 0 || now - _toldAt < Pause)
            return null;
        var first = Alarm.MostUrgentFirst(_untold.Values).First();
        var more = _untold.Count - 1;
        _untold.Clear();
        _toldAt = now;
        return $"New alarm: {say(first)}{(more > 0 ? $" And {more} more." : "")}";
    }

    /// <summary>An alarm that is raised again is news again, and so is one that has the number of another, after the hub began anew.</summary>
    public static string KeyOf(Alarm alarm) => $"{alarm.Id}#{alarm.RaisedAt.ToUnixTimeMilliseconds()}";
}

namespace Monitoring.Domain.Equipment;

/// <summary>A topic with named segments, such as <c>equipment/{device}/readings</c>.</summary>
public sealed class TopicPattern
{
    /// <summary>The segment that names the device.</summary>
    public const string DeviceSegment = "device";

    private readonly string[] _segments;

    private TopicPattern(string text, string[] segments) => (Text, _segments) = (text, segments);

    /// <summary>The pattern as written.</summary>
    public string Text { get; }

    /// <summary>Names of its segments in braces.</summary>
    public IEnumerable<string> Names => _segments.Where(IsCapture).Select(segment => segment[1..^1]);

    /// <summary>Reads a pattern; a segment is fixed text or one <c>{name}</c>.</summary>
    /// <param name="text">The pattern.</param>
    /// <returns>The pattern, or null where a brace does not enclose a whole segment, or a name stands twice.</returns>
    public static TopicPattern? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var segments = text.Split('/');
        var captures = segments.Where(IsCapture).ToList();
        return text.Length > 0 && captures.Distinct().Count() == captures.Count
            && segments.All(segment => IsCapture(segment) || !segment.Contains('{') && !segment.Contains('}'))
            ? new TopicPattern(text, segments)
            : null;
    }

    /// <summary>The named segments of a topic, or null where the topic does not fit.</summary>
    /// <param name="topic">The topic.</param>
    public IReadOnlyDictionary<string, string>? Match(string topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        var segments = topic.Split('/');
        if (segments.Length != _segments.Length)
            return null;
        var captured = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < segments.Length; i++)
        {
            if (IsCapture(_segments[i]))
                captured[_segments[i][1..^1]] = segments[i];
            else if (!string.Equals(_segments[i], segments[i], StringComparison.Ordinal))
                return null;
        }

        return captured;
    }

    private static bool IsCapture(string segment) =>
        segment.Length > 2 && segment[0] == '{' && segment[^1] == '}' && segment.AsSpan(1, segment.Length - 2).IndexOfAny('{', '}') < 0;
}

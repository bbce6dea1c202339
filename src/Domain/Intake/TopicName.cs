using System.Buffers;
using System.Text;

namespace Monitoring.Domain.Intake;

/// <summary>Rules for a topic to which equipment may publish.</summary>
/// <remarks>MQTT 5.0 §4.7: no wildcard and no U+0000 in a topic name; the rest are limits of this hub.</remarks>
public static class TopicName
{
    /// <summary>Longest topic, in UTF-8 bytes, unless a stricter limit is given.</summary>
    public const int BytesMax = 256;

    /// <summary>Most levels, separated by <c>/</c>, unless a stricter limit is given.</summary>
    public const int LevelsMax = 16;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("+#\0\uFFFD");

    /// <summary>Says what is wrong with a topic name, or null where nothing is.</summary>
    /// <param name="topic">The topic as received. Broken UTF-8 arrives as U+FFFD and is refused.</param>
    /// <param name="bytesMax">Longest topic, in UTF-8 bytes.</param>
    /// <param name="levelsMax">Most levels.</param>
    public static string? Problem(string topic, int bytesMax = BytesMax, int levelsMax = LevelsMax)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (topic.Length == 0)
            return "the topic is empty";
        if (topic.AsSpan().ContainsAny(Forbidden))
            return "the topic contains +, #, NUL or broken UTF-8";
        if (topic.Any(char.IsControl))
            return "the topic contains a control character";
        if (Encoding.UTF8.GetByteCount(topic) > bytesMax)
            return $"the topic is over {bytesMax} bytes";
        return topic.Count(c => c == '/') >= levelsMax ? $"the topic has over {levelsMax} levels" : null;
    }
}

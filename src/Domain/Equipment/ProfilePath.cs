using System.Text.Json;

namespace Monitoring.Domain.Equipment;

/// <summary>
/// A path into a message: <c>/a/b</c> from its root, <c>~/a</c> from the decoded bytes, <c>./a</c> from the element at hand, <c>../a</c> from the one around it, <c>.</c> the element itself.
/// A segment is a name, the number of an item, <c>*</c> for every item of a list, or <c>line_{n}_in</c>; each may have filters <c>[name=value]</c>.
/// </summary>
internal sealed class ProfilePath
{
    private const int Root = -1;
    private const int Decoded = -2;

    // 0 is the element at hand, 1 the one around it, and so on.
    private readonly int _from;
    private readonly PathSegment[] _segments;

    private ProfilePath(string text, int from, PathSegment[] segments) => (Text, _from, _segments) = (text, from, segments);

    public string Text { get; }

    /// <summary>Whether it names many elements: its <c>*</c> without a filter or its capture can only stand in <c>each</c>.</summary>
    public bool IsMany => _segments.Any(segment => segment.IsMany);

    /// <summary>Names that the path captures, beyond those known before it.</summary>
    public IEnumerable<string> Captures => _segments.Where(segment => segment.Captures).Select(segment => segment.Name);

    /// <summary>Reads a path, or gives null where it is none.</summary>
    /// <param name="text">The path.</param>
    /// <param name="known">Captured names that exist already; <c>{name}</c> of another name captures.</param>
    public static ProfilePath? Read(string text, IReadOnlySet<string> known)
    {
        if (text == ".")
            return new ProfilePath(text, 0, []);
        var (from, rest) = Origin(text);
        if (rest is null)
            return null;
        var segments = Split(rest)?.Select(part => PathSegment.Read(part, known)).ToArray();
        return segments is null || segments.Contains(null) ? null : new ProfilePath(text, from, segments!);
    }

    /// <summary>The value at the path: missing, null or an element. Where a list is filtered, its first item that fits.</summary>
    public ProfileValue Find(ProfileScope scope)
    {
        if (Start(scope) is not { } at)
            return ProfileValue.Missing;
        foreach (var segment in _segments)
        {
            if (segment.First(at, scope) is not { } next)
                return ProfileValue.Missing;
            at = next;
        }

        return ProfileValue.Of(at);
    }

    /// <summary>Visits every element of the path in the order of the message; nothing where it is absent or null.</summary>
    /// <returns>Why it cannot be walked; null where it can, or where nothing is there.</returns>
    public string? Walk(ProfileScope scope, Action visit, out bool found)
    {
        found = Start(scope) is { } at && Exists(at, scope);
        return found ? Walk(Start(scope)!.Value, 0, scope, visit) : null;
    }

    private bool Exists(JsonElement at, ProfileScope scope)
    {
        foreach (var segment in _segments.TakeWhile(segment => !segment.IsMany && !segment.IsEvery))
        {
            if (segment.First(at, scope) is not { } next)
                return false;
            at = next;
        }

        return at.ValueKind != JsonValueKind.Null;
    }

    private string? Walk(JsonElement at, int index, ProfileScope scope, Action visit)
    {
        if (index == _segments.Length)
        {
            scope.Enter(at, visit);
            return null;
        }

        var segment = _segments[index];
        if (segment.IsMany || segment.IsEvery)
            return segment.Every(at, scope, next => Walk(next, index + 1, scope, visit));
        return segment.First(at, scope) is { } one && one.ValueKind != JsonValueKind.Null ? Walk(one, index + 1, scope, visit) : null;
    }

    private JsonElement? Start(ProfileScope scope) => _from switch
    {
        Root => scope.Root,
        Decoded => scope.Decoded,
        _ => scope.Around(_from),
    };

    private static (int From, string? Names) Origin(string text)
    {
        if (text.StartsWith('/'))
            return (Root, text[1..]);
        if (text.StartsWith("~/", StringComparison.Ordinal))
            return (Decoded, text[2..]);
        if (text.StartsWith("./", StringComparison.Ordinal))
            return (0, text[2..]);
        var up = 0;
        while (text.AsSpan(3 * up).StartsWith("../", StringComparison.Ordinal))
            up++;
        return (up, up == 0 ? null : text[(3 * up)..]);
    }

    // A filter's value may hold a slash.
    private static List<string>? Split(string text)
    {
        var parts = new List<string>();
        var (start, inside) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '[' or ']')
            {
                if (inside == (text[i] == '['))
                    return null;
                inside = !inside;
            }
            else if (text[i] == '/' && !inside)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }

        parts.Add(text[start..]);
        return inside ? null : parts;
    }
}

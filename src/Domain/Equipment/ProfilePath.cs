using System.Buffers;
using System.Globalization;
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

/// <summary>One segment of a path.</summary>
internal sealed class PathSegment
{
    private readonly string _prefix;
    private readonly string _suffix;
    private readonly bool _every;
    private readonly bool _bound;
    private readonly PathFilter[] _filters;

    private PathSegment(string prefix, string name, string suffix, bool every, bool bound, PathFilter[] filters) =>
        (_prefix, Name, _suffix, _every, _bound, _filters) = (prefix, name, suffix, every, bound, filters);

    /// <summary>The captured name; empty where there is none.</summary>
    public string Name { get; }

    public bool Captures => Name.Length > 0 && !_bound;

    public bool IsEvery => _every;

    public bool IsMany => Captures || (_every && _filters.Length == 0);

    public static PathSegment? Read(string text, IReadOnlySet<string> known)
    {
        var bracket = text.IndexOf('[', StringComparison.Ordinal);
        var name = (bracket < 0 ? text : text[..bracket]).Replace("~1", "/", StringComparison.Ordinal);
        var filters = bracket < 0 ? [] : text[(bracket + 1)..].TrimEnd(']').Split("][").Select(filter => PathFilter.Read(filter, known)).ToArray();
        if (filters.Contains(null) || name.Length == 0 || name.Contains(' '))
            return null;
        if (name == "*")
            return new PathSegment("", "", "", true, false, filters!);
        var (open, close) = (name.IndexOf('{', StringComparison.Ordinal), name.IndexOf('}', StringComparison.Ordinal));
        if (open < 0 && close < 0)
            return name.Contains('*') ? null : new PathSegment(name, "", "", false, true, filters!);
        var captured = open >= 0 && close > open + 1 ? name[(open + 1)..close] : "";
        if (!ProfileNames.IsName(captured) || name.IndexOfAny(['{', '}', '*'], close + 1) >= 0 || name[..open].Contains('*'))
            return null;
        return new PathSegment(name[..open], captured, name[(close + 1)..], false, known.Contains(captured), filters!);
    }

    public JsonElement? First(JsonElement at, ProfileScope scope)
    {
        if (_every)
            return FirstItem(at, scope);
        var name = Name.Length == 0 ? _prefix : $"{_prefix}{scope.Captured(Name)}{_suffix}";
        return Child(at, name) is { } child && Fits(child, scope) ? child : null;
    }

    public string? Every(JsonElement at, ProfileScope scope, Func<JsonElement, string?> visit)
    {
        if (_every ? at.ValueKind != JsonValueKind.Array : at.ValueKind != JsonValueKind.Object)
            return _every ? "is not over a list" : "is not over an object";
        if (!_every)
            return EveryName(at, scope, visit);
        foreach (var item in at.EnumerateArray())
        {
            if (!scope.Charge())
                return null;
            if (Fits(item, scope) && visit(item) is { } problem)
                return problem;
        }

        return null;
    }

    private string? EveryName(JsonElement at, ProfileScope scope, Func<JsonElement, string?> visit)
    {
        foreach (var property in at.EnumerateObject())
        {
            if (!scope.Charge())
                return null;
            if (Between(property.Name) is not { } middle || property.Value.ValueKind == JsonValueKind.Null || !Fits(property.Value, scope))
                continue;
            scope.Capture(Name, middle);
            if (visit(property.Value) is { } problem)
                return problem;
        }

        return null;
    }

    private string? Between(string name) =>
        name.Length > _prefix.Length + _suffix.Length && name.Length <= _prefix.Length + _suffix.Length + ProfileNames.CapturedCharsMax
        && name.StartsWith(_prefix, StringComparison.Ordinal) && name.EndsWith(_suffix, StringComparison.Ordinal)
            ? name[_prefix.Length..^_suffix.Length]
            : null;

    private JsonElement? FirstItem(JsonElement at, ProfileScope scope)
    {
        if (at.ValueKind != JsonValueKind.Array)
            return null;
        foreach (var item in at.EnumerateArray())
        {
            if (!scope.Charge())
                return null;
            if (Fits(item, scope))
                return item;
        }

        return null;
    }

    private bool Fits(JsonElement element, ProfileScope scope) => Array.TrueForAll(_filters, filter => filter.Fits(element, scope));

    private static JsonElement? Child(JsonElement at, string name)
    {
        if (at.ValueKind == JsonValueKind.Object)
            return at.TryGetProperty(name, out var child) ? child : null;
        return at.ValueKind == JsonValueKind.Array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < at.GetArrayLength() ? at[index] : null;
    }
}

/// <summary>A filter of a segment: the element's own field equals a literal, a parameter or a captured name.</summary>
internal sealed record PathFilter(string Field, ProfileOperand Value)
{
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("{}*/[] ");

    public static PathFilter? Read(string text, IReadOnlySet<string> known)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || text.AsSpan(0, equals).ContainsAny(NotInNames))
            return null;
        return ProfileOperand.Read(text[(equals + 1)..], known, bare: true) is { } value ? new PathFilter(text[..equals], value) : null;
    }

    public bool Fits(JsonElement element, ProfileScope scope) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(Field, out var field) && ProfileValue.ScalarOf(field) is { } text && Value.Matches(text, scope);
}

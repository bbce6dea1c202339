using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Monitoring.Domain.Equipment;

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
            if (!scope.TryWalk())
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
            if (!scope.TryWalk())
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
            if (!scope.TryWalk())
                return null;
            if (Fits(item, scope))
                return item;
        }

        return null;
    }

    // A loop, not a query: this runs for every segment of every message, and a lambda would allocate each time.
    private bool Fits(JsonElement element, ProfileScope scope)
    {
        foreach (var filter in _filters)
        {
            if (!filter.Fits(element, scope))
                return false;
        }

        return true;
    }

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

using System.Text.Json;

namespace Monitoring.Domain.Equipment;

/// <summary>A path into a message: <c>/a/b</c> from its root, <c>./a</c> from the element at hand, <c>.</c> the element itself; a last <c>*</c> is every item of a list.</summary>
/// <remarks>The first form of the notation: names only. Filters, captures and parents come with the full one.</remarks>
internal sealed class ProfilePath
{
    private readonly bool _fromRoot;
    private readonly string[] _names;

    private ProfilePath(string text, bool fromRoot, string[] names, bool eachItem) => (Text, _fromRoot, _names, EachItem) = (text, fromRoot, names, eachItem);

    public string Text { get; }

    public bool EachItem { get; }

    /// <summary>Reads a path, or gives null where it is none.</summary>
    public static ProfilePath? Read(string text)
    {
        if (text == ".")
            return new ProfilePath(text, false, [], false);
        var fromRoot = text.StartsWith('/');
        if (!fromRoot && !text.StartsWith("./", StringComparison.Ordinal))
            return null;
        var names = text[(fromRoot ? 1 : 2)..].Split('/');
        var each = names[^1] == "*";
        if (each)
            names = names[..^1];
        return names.Any(name => name.Length == 0 || name.Contains('*') || name.Contains(' ')) ? null : new ProfilePath(text, fromRoot, names, each);
    }

    /// <summary>The element at the path; null where it is absent or JSON null.</summary>
    public JsonElement? Find(JsonElement root, JsonElement scope)
    {
        var at = _fromRoot ? root : scope;
        foreach (var name in _names)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return null;
        }

        return at.ValueKind == JsonValueKind.Null ? null : at;
    }
}

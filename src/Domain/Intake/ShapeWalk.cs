using System.Text.Json;

namespace Monitoring.Domain.Intake;

/// <summary>One walk over a message for its shape.</summary>
internal sealed class ShapeWalk
{
    private const string Hidden = "*";

    private readonly List<string> _paths = [];
    private readonly Dictionary<string, List<string>> _types = new(StringComparer.Ordinal);
    private int _left = MessageShape.ValuesMax;
    private bool _isCut;

    public MessageShape Walk(JsonElement root)
    {
        Look(root, "", 0);
        return new(MessageForm.Json, [.. _paths.Select(path => new ShapeField(path, string.Join(", ", _types[path])))], _isCut);
    }

    private void Look(JsonElement element, string path, int depth)
    {
        if (_left-- <= 0)
        {
            _isCut = true;
            return;
        }

        var isHeld = element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().MoveNext(),
            JsonValueKind.Array => element.GetArrayLength() > 0,
            _ => false,
        };
        if (isHeld && depth < MessageShape.DepthMax)
        {
            LookInto(element, path, depth);
            return;
        }

        _isCut |= isHeld;
        Note(path, TypeOf(element.ValueKind));
    }

    private void LookInto(JsonElement element, string path, int depth)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray().TakeWhile(_ => _left >= 0))
                Look(item, $"{path}[]", depth + 1);
            return;
        }

        var isTable = IsTable(element);
        foreach (var field in element.EnumerateObject().TakeWhile(_ => _left >= 0))
        {
            var name = isTable ? Hidden : NameOf(field);
            Look(field.Value, path.Length == 0 ? name : $"{path}.{name}", depth + 1);
        }
    }

    // Many fields of the same form under one name: a table by person, plate or place, whatever its names look like.
    private static bool IsTable(JsonElement element) =>
        element.EnumerateObject().Skip(MessageShape.AlikeMax).Any()
        && element.EnumerateObject().GroupBy(field => TypeOf(field.Value.ValueKind), StringComparer.Ordinal).Any(alike => alike.Count() > MessageShape.AlikeMax);

    private void Note(string whole, string type)
    {
        _isCut |= whole.Length > MessageShape.PathCharsMax;
        var path = ShownText.Of(whole, MessageShape.PathCharsMax);
        if (_types.TryGetValue(path, out var types))
        {
            if (!types.Contains(type))
                types.Add(type);
            return;
        }

        if (_paths.Count == MessageShape.FieldsMax)
        {
            _isCut = true;
            return;
        }

        _paths.Add(path);
        _types[path] = [type];
    }

    // A table by hour, address, plate or track has values for names. What cannot be such a value is told: letters, with one digit at most in a part of its own (line_1_total_in).
    private static string NameOf(JsonProperty field)
    {
        try
        {
            return IsField(field.Name) ? ShownText.Of(field.Name, MessageShape.NameCharsMax) : Hidden;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair (\ud800): JSON's grammar allows it, but it is no text.
            return ShownText.Replacement.ToString();
        }
    }

    private static bool IsField(string name)
    {
        if (!name.Any(char.IsLetter) || name.Any(letter => !char.IsLetter(letter) && !char.IsAsciiDigit(letter) && !"_-./$".Contains(letter, StringComparison.Ordinal)))
            return false;
        var parts = name.Split('_');
        return !parts[0].Any(char.IsAsciiDigit) && parts.Count(part => part.Any(char.IsAsciiDigit)) <= 1 && parts.All(part => part.Length == 1 || !part.Any(char.IsAsciiDigit));
    }

    private static string TypeOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "text",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Array => "list",
        JsonValueKind.Object => "object",
        _ => "null",
    };
}

using System.Text.Json;

namespace Monitoring.Domain.Intake;

/// <summary>One walk over a message for its shape.</summary>
internal sealed class ShapeWalk
{
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

        foreach (var field in element.EnumerateObject().TakeWhile(_ => _left >= 0))
            Look(field.Value, path.Length == 0 ? NameOf(field) : $"{path}.{NameOf(field)}", depth + 1);
    }

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

    // A table by hour or by count has values for names: what begins with a digit or has no letter is not told.
    private static string NameOf(JsonProperty field)
    {
        try
        {
            return field.Name.Any(char.IsLetter) && !char.IsDigit(field.Name[0]) ? ShownText.Of(field.Name, MessageShape.NameCharsMax) : "*";
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair (\ud800): JSON's grammar allows it, but it is no text.
            return ShownText.Replacement.ToString();
        }
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

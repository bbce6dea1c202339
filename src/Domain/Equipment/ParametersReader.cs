namespace Monitoring.Domain.Equipment;

/// <summary>Reads <c>parameters</c> of a device or fixture: a value or a list of values by name.</summary>
internal sealed class ParametersReader(DocumentProblems problems)
{
    /// <summary>Longest value, in characters.</summary>
    public const int ValueCharsMax = 256;

    /// <summary>Most values of one parameter.</summary>
    public const int ValuesMax = 32;

    public Dictionary<string, IReadOnlyList<string>> Read(DocumentFields fields)
    {
        var read = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (fields.Optional("parameters") is not { } node)
            return read;
        if (node is not DocumentMapping mapping)
        {
            problems.Add(node.Line, "parameters is not a list of named values", "write 'name: value' lines");
            return read;
        }

        foreach (var entry in mapping.Entries)
        {
            var values = entry.Value is DocumentSequence list ? list.Items : [entry.Value];
            var texts = values.OfType<DocumentScalar>().Select(scalar => scalar.Text).Where(text => text.Length is > 0 and <= ValueCharsMax).ToList();
            if (texts.Count != values.Count || texts.Count is 0 or > ValuesMax)
                problems.Add(entry.Line, $"parameter '{entry.Name}' is no value or list of values", $"write 1 to {ValuesMax} texts of 1 to {ValueCharsMax} characters");
            else if (!read.TryAdd(entry.Name, texts))
                problems.Add(entry.Line, $"parameter '{entry.Name}' stands twice", "keep one of them");
        }

        return read;
    }

    /// <summary>Checks what a device gives against what its profile asks for.</summary>
    public void Check(EquipmentProfile profile, IReadOnlyDictionary<string, IReadOnlyList<string>> given, int line)
    {
        var names = profile.Parameters.Defaults.Keys.Concat(profile.Parameters.Required).Concat(profile.Topic is null ? [ProfileParameters.Topic] : []).ToList();
        foreach (var name in given.Keys.Where(name => !names.Contains(name)))
            problems.Add(line, $"profile '{profile.Name}' has no parameter '{name}'", names.Count == 0 ? "leave it out" : $"use: {string.Join(", ", names)}");
        foreach (var name in profile.Parameters.Required.Concat(profile.Topic is null ? [ProfileParameters.Topic] : []).Where(name => !given.ContainsKey(name)))
            problems.Add(line, $"profile '{profile.Name}' needs the parameter '{name}'", name == ProfileParameters.Topic ? "give the device its whole topic: 'parameters: { topic: … }'" : $"add '{name}: …' under 'parameters:' of the device");
    }
}

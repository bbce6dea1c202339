using System.Globalization;

namespace Monitoring.Domain;

/// <summary>Reads the fields of one mapping, notes every problem, and finds names that nothing asked for.</summary>
/// <param name="node">The mapping; anything else is a problem and reads as empty.</param>
/// <param name="what">What the mapping describes, for messages: <c>zone</c>, <c>device</c>.</param>
/// <param name="problems">Where problems go.</param>
public sealed class DocumentFields(DocumentNode node, string what, DocumentProblems problems)
{
    private readonly Dictionary<string, DocumentEntry> _entries = Entries(node, what, problems);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>Line of the mapping, from 1.</summary>
    public int Line => node.Line;

    /// <summary>Whether the field stands in the document.</summary>
    /// <param name="name">Field name.</param>
    public bool Has(string name)
    {
        _asked.Add(name);
        return _entries.ContainsKey(name);
    }

    /// <summary>The field's node, or null where it is absent; absence is no problem.</summary>
    /// <param name="name">Field name.</param>
    public DocumentNode? Optional(string name)
    {
        _asked.Add(name);
        return _entries.GetValueOrDefault(name)?.Value;
    }

    /// <summary>Line of the field, or of the mapping where the field is absent.</summary>
    /// <param name="name">Field name.</param>
    public int LineOf(string name) => _entries.GetValueOrDefault(name)?.Line ?? Line;

    /// <summary>A text that must be there and not be blank; the empty string after a problem.</summary>
    /// <param name="name">Field name.</param>
    public string Text(string name)
    {
        var text = TextOr(name, "");
        if (text.Length == 0 && Optional(name) is null or DocumentScalar)
            problems.Add(LineOf(name), $"{what} has no {name}", $"add '{name}: …'");
        return text;
    }

    /// <summary>A text, or the default where the field is absent.</summary>
    /// <param name="name">Field name.</param>
    /// <param name="otherwise">The default.</param>
    public string TextOr(string name, string otherwise)
    {
        if (Optional(name) is not { } value)
            return otherwise;
        if (value is DocumentScalar scalar)
            return scalar.Text.Trim();
        problems.Add(value.Line, $"{name} of {what} is not a single value", "write one value on one line");
        return otherwise;
    }

    /// <summary>A number within a range; the lower bound after a problem.</summary>
    /// <param name="name">Field name.</param>
    /// <param name="min">Smallest value allowed.</param>
    /// <param name="max">Largest value allowed.</param>
    /// <param name="otherwise">The default; null where the field must be there.</param>
    public double Number(string name, double min, double max, double? otherwise = null)
    {
        if (!Has(name) && otherwise is { } given)
            return given;
        var text = Text(name);
        if (text.Length == 0)
            return min;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
            problems.Add(LineOf(name), $"{name} of {what} is '{text}', not a number", "write a number with a dot, without a unit");
        else if (number < min || number > max)
            problems.Add(LineOf(name), string.Create(CultureInfo.InvariantCulture, $"{name} of {what} is {number}"), string.Create(CultureInfo.InvariantCulture, $"use {min} to {max}"));
        else
            return number;
        return min;
    }

    /// <summary>A whole number within a range; the lower bound after a problem.</summary>
    /// <param name="name">Field name.</param>
    /// <param name="min">Smallest value allowed.</param>
    /// <param name="max">Largest value allowed.</param>
    /// <param name="otherwise">The default; null where the field must be there.</param>
    public int Whole(string name, int min, int max, int? otherwise = null)
    {
        var number = Number(name, min, max, otherwise);
        if (number == Math.Floor(number))
            return (int)number;
        problems.Add(LineOf(name), $"{name} of {what} is not a whole number", "write it without a fraction");
        return min;
    }

    /// <summary>True or false, or the default where the field is absent.</summary>
    /// <param name="name">Field name.</param>
    /// <param name="otherwise">The default.</param>
    public bool Flag(string name, bool otherwise)
    {
        if (!Has(name))
            return otherwise;
        var text = TextOr(name, "");
        if (text is not ("true" or "false"))
            problems.Add(LineOf(name), $"{name} of {what} is '{text}'", "write true or false");
        return text == "true";
    }

    /// <summary>The items of a list field; none where it is absent.</summary>
    /// <param name="name">Field name.</param>
    public IReadOnlyList<DocumentNode> Items(string name)
    {
        switch (Optional(name))
        {
            case null:
                return [];
            case DocumentSequence sequence:
                return sequence.Items;
            case var other:
                problems.Add(other.Line, $"{name} of {what} is not a list", "start each item with '- '");
                return [];
        }
    }

    /// <summary>Notes a problem for every field that nothing asked for. Call it last.</summary>
    public void RefuseUnknown()
    {
        foreach (var entry in _entries.Values.Where(entry => !_asked.Contains(entry.Name)))
            problems.Add(entry.Line, $"{what} has an unknown field '{entry.Name}'", $"known are: {string.Join(", ", _asked.Order(StringComparer.Ordinal))}");
    }

    private static Dictionary<string, DocumentEntry> Entries(DocumentNode node, string what, DocumentProblems problems)
    {
        var entries = new Dictionary<string, DocumentEntry>(StringComparer.Ordinal);
        if (node is not DocumentMapping mapping)
        {
            problems.Add(node.Line, $"{what} is not a list of named values", "write 'name: value' lines");
            return entries;
        }

        foreach (var entry in mapping.Entries)
        {
            if (!entries.TryAdd(entry.Name, entry))
                problems.Add(entry.Line, $"{what} has '{entry.Name}' twice", "keep one of them");
        }

        return entries;
    }
}

/// <summary>Collects the problems of one file.</summary>
/// <param name="file">File name for the messages.</param>
public sealed class DocumentProblems(string file)
{
    private readonly List<DocumentProblem> _found = [];

    /// <summary>What was found so far, in the order it was found.</summary>
    public IReadOnlyList<DocumentProblem> Found => _found;

    /// <summary>Notes a problem.</summary>
    /// <param name="line">Line in the file, from 1.</param>
    /// <param name="what">The cause.</param>
    /// <param name="remedy">What to change.</param>
    public void Add(int line, string what, string remedy) => _found.Add(new DocumentProblem(file, line, what, remedy));
}

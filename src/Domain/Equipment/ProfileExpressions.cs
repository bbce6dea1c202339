using System.Text.RegularExpressions;

namespace Monitoring.Domain.Equipment;

/// <summary>Reads the expressions of a profile and notes those that are none, each with its line.</summary>
internal sealed partial class ProfileExpressions(DocumentProblems problems, IReadOnlyCollection<string> parameters)
{
    /// <summary>Reads an expression that must end in one form.</summary>
    /// <returns>The expression; null where it is absent or after a problem.</returns>
    public ProfileSlot? Slot(DocumentFields fields, string name, ValueForm form, bool must, IReadOnlySet<string> known)
    {
        if (!fields.Has(name) && !must)
            return null;
        var text = fields.Text(name);
        if (text.Length == 0)
            return null;
        CheckParameters(text, fields.LineOf(name));
        var slot = ProfileSlot.Read(text, known);
        if (slot is not null && (slot.Form == form || (form == ValueForm.Text && slot.Form == ValueForm.Element)))
            return slot;
        problems.Add(fields.LineOf(name), $"{name} is '{text}'", form switch
        {
            ValueForm.Text => "write a path such as ./a/b, a 'literal' or a {captured} name, and steps that give text",
            ValueForm.Bytes => "write a path and its step, such as '/data | base64'",
            ValueForm.Instant => "write a path and its step, such as './a/b | iso' or './a/b | epoch ms'",
            _ => $"write a path and its step, such as './a/b | {(form == ValueForm.Whole ? "int" : "num")}'",
        });
        return null;
    }

    /// <summary>Reads an expression that gives text.</summary>
    public ProfileSlot? Text(DocumentFields fields, string name, IReadOnlySet<string> known) => Slot(fields, name, ValueForm.Text, false, known);

    /// <summary>Reads a condition; null where it is absent or after a problem.</summary>
    public ProfileCondition? Condition(DocumentFields fields, string name, IReadOnlySet<string> known) =>
        fields.TextOr(name, "") is { Length: > 0 } text ? Condition(new DocumentScalar(text, fields.LineOf(name)), name, known) : null;

    /// <summary>Reads a condition; null after a problem.</summary>
    public ProfileCondition? Condition(DocumentScalar scalar, string name, IReadOnlySet<string> known)
    {
        CheckParameters(scalar.Text, scalar.Line);
        var condition = ProfileCondition.Read(scalar.Text.Trim(), known);
        if (condition is null)
            problems.Add(scalar.Line, $"{name} is '{scalar.Text}', not a condition", "write a path, optionally with == x, != x, is null, is missing or is not null; join several with &&");
        return condition;
    }

    /// <summary>Reads a path; null where it is absent or after a problem.</summary>
    public ProfilePath? Path(DocumentFields fields, string name, IReadOnlySet<string> known) =>
        fields.Has(name) && fields.Text(name) is { Length: > 0 } text ? Path(text, fields.LineOf(name), name, known) : null;

    /// <summary>Reads a path; null after a problem.</summary>
    public ProfilePath? Path(string text, int line, string name, IReadOnlySet<string> known)
    {
        CheckParameters(text, line);
        var path = ProfilePath.Read(text, known);
        if (path is null)
            problems.Add(line, $"{name} is '{text}', not a path", "start with / (from the message), ./ (from the element), ../ (from the one around it) or ~/ (from decoded bytes)");
        return path;
    }

    private void CheckParameters(string text, int line)
    {
        foreach (var name in Parameter().Matches(Literal().Replace(text, "")).Select(match => match.Groups[1].Value).Where(name => !parameters.Contains(name)))
            problems.Add(line, $"${name} is no parameter of the profile", "name it under 'parameters:'");
    }

    [GeneratedRegex(@"\$([A-Za-z0-9_]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Parameter();

    [GeneratedRegex("'[^']*'", RegexOptions.CultureInvariant)]
    private static partial Regex Literal();
}

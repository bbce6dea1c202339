using System.Text;

namespace Monitoring.Domain.Equipment;

/// <summary>An expression: alternatives joined by <c>??</c>, each a path, a literal, a parameter or a template, followed by steps: <c>./count/in | int</c>.</summary>
/// <remarks>
/// The first alternative that is there and not null is taken; otherwise it is null where one is null, else missing.
/// The steps of the last alternative are also those of every other that has none.
/// </remarks>
internal sealed class ProfileSlot
{
    private readonly Alternative[] _alternatives;

    private ProfileSlot(string text, Alternative[] alternatives) => (Text, _alternatives) = (text, alternatives);

    /// <summary>Its sources as written, without their steps: for messages about it.</summary>
    public string Text { get; }

    /// <summary>The form that it gives.</summary>
    public ValueForm Form => _alternatives[0].Form;

    /// <summary>Reads an expression, or gives null where it is none.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="known">Captured names.</param>
    public static ProfileSlot? Read(string text, IReadOnlySet<string> known)
    {
        var parts = ProfileText.Split(text, "??");
        var last = ProfileText.Split(parts[^1], "|").Skip(1).ToList();
        var alternatives = parts.Select(part => Alternative.Read(part, last, known)).ToArray();
        if (alternatives.Length == 0 || alternatives.Contains(null) || alternatives.Any(alternative => alternative!.Form != alternatives[0]!.Form))
            return null;
        return new ProfileSlot(string.Join(" ?? ", alternatives.Select(alternative => alternative!.Source)), alternatives!);
    }

    /// <summary>Works out the value.</summary>
    public ProfileValue Of(ProfileScope scope)
    {
        var best = ProfileValue.Missing;
        foreach (var alternative in _alternatives)
        {
            var value = alternative.Of(scope);
            if (value.IsThere)
                return value;
            if (value.Form == ValueForm.Null)
                best = value;
        }

        return best;
    }

    private sealed record Alternative(string Source, Func<ProfileScope, ProfileValue> Find, ProfileStep[] Steps, ValueForm Form)
    {
        public static Alternative? Read(string text, IReadOnlyCollection<string> stepsOfLast, IReadOnlySet<string> known)
        {
            var parts = ProfileText.Split(text, "|");
            if (parts.Count == 1)
                parts.AddRange(stepsOfLast);
            if (ReadSource(parts[0], known) is not { } source)
                return null;
            var steps = new List<ProfileStep>();
            var form = source.Form;
            foreach (var part in parts.Skip(1))
            {
                if (ProfileStep.Read(part, form) is not { } step)
                    return null;
                steps.Add(step);
                form = step.Gives;
            }

            return new Alternative(parts[0], source.Find, [.. steps], form);
        }

        public ProfileValue Of(ProfileScope scope)
        {
            var value = Find(scope);
            foreach (var step in Steps)
            {
                if (value.Form == ValueForm.Missing && step.Otherwise is { } otherwise)
                    value = otherwise;
                else if (value.IsThere && value.Form != ValueForm.Failed)
                    value = step.Apply(value, scope);
            }

            return value;
        }

        private static (Func<ProfileScope, ProfileValue> Find, ValueForm Form)? ReadSource(string text, IReadOnlySet<string> known)
        {
            if (text.StartsWith('.') || text.StartsWith('/') || text.StartsWith("~/", StringComparison.Ordinal))
                return ProfilePath.Read(text, known) is { IsMany: false } path ? (path.Find, ValueForm.Element) : null;
            if (text.StartsWith('$') && ProfileNames.IsName(text[1..]))
                return (scope => scope.Parameters.TryGetValue(text[1..], out var values) && values.Count > 0 ? ProfileValue.Of(values[0]) : ProfileValue.Missing, ValueForm.Text);
            if (text.Length > 2 && text[0] == '\'' && text[^1] == '\'')
                return (_ => ProfileValue.Of(text[1..^1]), ValueForm.Text);
            if (ProfileNames.IsNumber(text))
                return (_ => ProfileValue.Of(text), ValueForm.Text);
            return ProfileText.ReadTemplate(text, known) is { } template ? (template, ValueForm.Text) : null;
        }
    }
}

/// <summary>Splits expressions and reads templates such as <c>line-{n}</c>.</summary>
internal static class ProfileText
{
    /// <summary>Splits at a separator that stands outside of quotes.</summary>
    public static List<string> Split(string text, string separator)
    {
        var parts = new List<string>();
        var (start, quoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\'')
                quoted = !quoted;
            if (quoted || string.CompareOrdinal(text, i, separator, 0, separator.Length) != 0)
                continue;
            parts.Add(text[start..i].Trim());
            start = i + separator.Length;
            i = start - 1;
        }

        parts.Add(text[start..].Trim());
        return parts;
    }

    public static Func<ProfileScope, ProfileValue>? ReadTemplate(string text, IReadOnlySet<string> known)
    {
        var pieces = text.Split('{', '}');
        if (pieces.Length % 2 == 0 || pieces.Length == 1 || text.Contains(' '))
            return null;
        for (var i = 1; i < pieces.Length; i += 2)
        {
            if (!known.Contains(pieces[i]))
                return null;
        }

        return scope =>
        {
            var filled = new StringBuilder();
            for (var i = 0; i < pieces.Length; i++)
                filled.Append(i % 2 == 0 ? pieces[i] : scope.Captured(pieces[i]));
            return ProfileConversions.ToText(ProfileValue.Of(filled.ToString()));
        };
    }
}

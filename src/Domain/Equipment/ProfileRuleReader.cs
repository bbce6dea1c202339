namespace Monitoring.Domain.Equipment;

/// <summary>Reads the rules of a profile and groups them by their elements, so that each list is walked once.</summary>
internal sealed class ProfileRuleReader(ProfileExpressions expressions, DocumentProblems problems)
{
    /// <summary>Most lists inside of lists.</summary>
    public const int EachMax = 4;

    private readonly List<(string Each, IReadOnlyList<ProfilePath> Paths, ProfileRule Rule)> _rules = [];
    private int _firsts;

    public IReadOnlyList<ProfileRules> Read(DocumentFields profile, IReadOnlySet<string> known)
    {
        var items = profile.Items("readings");
        if (items.Count == 0)
            problems.Add(profile.LineOf("readings"), "the profile makes no readings", "add at least one rule under 'readings:'");
        foreach (var item in items)
            ReadItem(item, known);
        return [.. _rules.GroupBy(rule => rule.Each).Select(group => new ProfileRules(group.First().Paths, [.. group.Select(rule => rule.Rule)]))];
    }

    private void ReadItem(DocumentNode item, IReadOnlySet<string> known)
    {
        var fields = new DocumentFields(item, "rule", problems);
        var (each, paths, captured) = ReadEach(fields, known);
        if (!fields.Has("first"))
        {
            Add(each, paths, ReadRule(fields, captured, 0));
            return;
        }

        _firsts++;
        foreach (var one in fields.Items("first"))
            Add(each, paths, ReadRule(new DocumentFields(one, "rule", problems), captured, _firsts));
        fields.RefuseUnknown();
    }

    private void Add(string each, IReadOnlyList<ProfilePath> paths, ProfileRule? rule)
    {
        if (rule is not null)
            _rules.Add((each, paths, rule));
    }

    private (string Text, IReadOnlyList<ProfilePath> Paths, IReadOnlySet<string> Known) ReadEach(DocumentFields fields, IReadOnlySet<string> known)
    {
        var captured = new HashSet<string>(known, StringComparer.Ordinal);
        var written = fields.Optional("each") is DocumentSequence list
            ? list.Items.Select(item => ((item as DocumentScalar)?.Text ?? "", item.Line)).ToList()
            : [(fields.TextOr("each", "."), fields.LineOf("each"))];
        if (written.Count > EachMax)
            problems.Add(fields.LineOf("each"), $"each has {written.Count} paths", $"use at most {EachMax}");
        var paths = new List<ProfilePath>();
        foreach (var (text, line) in written)
        {
            if (expressions.Path(text, line, "each", captured) is not { } path)
                continue;
            paths.Add(path);
            captured.UnionWith(path.Captures);
        }

        return (string.Join(" > ", written.Select(path => path.Item1)), paths, captured);
    }

    private ProfileRule? ReadRule(DocumentFields fields, IReadOnlySet<string> known, int first)
    {
        var when = expressions.Condition(fields, "when", known);
        var channel = expressions.Text(fields, "channel", known);
        var time = expressions.Slot(fields, "time", ValueForm.Instant, false, known);
        var kinds = Enum.GetValues<ReadingKind>().Where(kind => fields.Has(NameOf(kind))).ToList();
        if (kinds.Count != 1)
        {
            problems.Add(fields.Line, $"a rule makes {kinds.Count} kinds of reading", $"give it one of: {string.Join(", ", Enum.GetValues<ReadingKind>().Select(NameOf))}");
            return null;
        }

        var slots = ReadSlots(kinds[0], fields.Optional(NameOf(kinds[0]))!, known);
        fields.RefuseUnknown();
        return new ProfileRule(when, channel, time, kinds[0], slots, first);
    }

    private Dictionary<string, ProfileSlot> ReadSlots(ReadingKind kind, DocumentNode node, IReadOnlySet<string> known)
    {
        var slots = new Dictionary<string, ProfileSlot>();
        var fields = new DocumentFields(node, NameOf(kind), problems);
        foreach (var (name, (form, must)) in ReadingSlots.Of(kind))
        {
            if (expressions.Slot(fields, name, form, must, known) is { } slot)
                slots[name] = slot;
        }

        fields.RefuseUnknown();
        return slots;
    }

    private static string NameOf(ReadingKind kind) => kind.ToString().ToLowerInvariant();
}

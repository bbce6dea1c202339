namespace Monitoring.Domain.Equipment;

/// <summary>Reads a profile document and checks that each rule can only make what its reading allows.</summary>
public static class ProfileReader
{
    /// <summary>Reads a profile.</summary>
    /// <param name="document">The document.</param>
    /// <param name="problems">Where problems go.</param>
    /// <returns>The profile; null where a problem was found.</returns>
    public static EquipmentProfile? Read(DocumentNode document, DocumentProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        var before = problems.Found.Count;
        var fields = new DocumentFields(document, "profile", problems);
        var name = fields.Text("profile");
        var version = fields.Whole("version", 1, 9999);
        var topic = ReadTopic(fields, problems);
        var time = Slot(fields, "time", SlotStep.Iso, false, problems);
        var sequence = Slot(fields, "sequence", SlotStep.Int, false, problems);
        var heartbeat = Path(fields, "heartbeat", problems);
        var unmatched = fields.TextOr("unmatched", "ignore");
        if (unmatched is not ("ignore" or "refuse"))
            problems.Add(fields.LineOf("unmatched"), $"unmatched is '{unmatched}'", "write ignore or refuse");
        var limits = ReadLimits(fields, problems);
        var rules = fields.Items("readings").Select(item => ReadRule(item, problems)).ToList();
        if (rules.Count == 0)
            problems.Add(fields.LineOf("readings"), "the profile makes no readings", "add at least one rule under 'readings:'");
        fields.RefuseUnknown();
        return problems.Found.Count > before
            ? null
            : new EquipmentProfile(name, version, topic!, time, sequence, heartbeat, unmatched == "refuse", limits, rules.OfType<ProfileRule>());
    }

    private static TopicPattern? ReadTopic(DocumentFields fields, DocumentProblems problems)
    {
        if (fields.Optional("match") is not { } match)
        {
            problems.Add(fields.Line, "profile has no match", "add 'match: { topic: … }'");
            return null;
        }

        var inner = new DocumentFields(match, "match", problems);
        var text = inner.Text("topic");
        inner.RefuseUnknown();
        if (text.Length == 0)
            return null;
        if (TopicPattern.Read(text) is { } pattern && text.Split('/').Contains("{device}"))
            return pattern;
        problems.Add(inner.LineOf("topic"), $"topic '{text}' does not name the device", "use whole segments in braces, one of them {device}");
        return null;
    }

    private static ProfileLimits ReadLimits(DocumentFields fields, DocumentProblems problems)
    {
        var inner = new DocumentFields(fields.Optional("limits") ?? new DocumentMapping([], fields.Line), "limits", problems);
        var limits = new ProfileLimits(inner.Whole("bytes", 2, 262_144, 16_384), inner.Whole("readings", 1, 500, 200), inner.Whole("depth", 1, 32, 8));
        inner.RefuseUnknown();
        return limits;
    }

    private static ProfileRule? ReadRule(DocumentNode node, DocumentProblems problems)
    {
        var fields = new DocumentFields(node, "rule", problems);
        var each = Path(fields, "each", problems) ?? ProfilePath.Read(".")!;
        var when = Path(fields, "when", problems);
        var channel = Slot(fields, "channel", SlotStep.Text, false, problems);
        var kinds = Enum.GetValues<ReadingKind>().Where(kind => fields.Has(NameOf(kind))).ToList();
        if (kinds.Count != 1)
        {
            problems.Add(fields.Line, $"a rule makes {kinds.Count} kinds of reading", $"give it one of: {string.Join(", ", Enum.GetValues<ReadingKind>().Select(NameOf))}");
            return null;
        }

        var slots = ReadSlots(kinds[0], fields.Optional(NameOf(kinds[0]))!, problems);
        fields.RefuseUnknown();
        return new ProfileRule(each, when, channel, kinds[0], slots);
    }

    private static Dictionary<string, ProfileSlot> ReadSlots(ReadingKind kind, DocumentNode node, DocumentProblems problems)
    {
        var slots = new Dictionary<string, ProfileSlot>();
        var fields = new DocumentFields(node, NameOf(kind), problems);
        foreach (var (name, (step, must)) in ReadingSlots.Of(kind))
        {
            if (Slot(fields, name, step, must, problems) is { } slot)
                slots[name] = slot;
        }

        fields.RefuseUnknown();
        return slots;
    }

    private static ProfileSlot? Slot(DocumentFields fields, string name, SlotStep step, bool must, DocumentProblems problems)
    {
        if (!fields.Has(name) && !must)
            return null;
        var text = fields.Text(name);
        if (text.Length == 0)
            return null;
        if (ProfileSlot.Read(text) is { } slot && slot.Step == step)
            return slot;
        problems.Add(fields.LineOf(name), $"{name} is '{text}'", step == SlotStep.Text ? "write a path such as ./a/b" : $"write a path and its step, such as './a/b | {step.ToString().ToLowerInvariant()}'");
        return null;
    }

    private static ProfilePath? Path(DocumentFields fields, string name, DocumentProblems problems)
    {
        if (!fields.Has(name))
            return null;
        var text = fields.Text(name);
        var path = ProfilePath.Read(text);
        if (path is null)
            problems.Add(fields.LineOf(name), $"{name} is '{text}', not a path", "start with / (from the message) or ./ (from the element)");
        return path;
    }

    private static string NameOf(ReadingKind kind) => kind.ToString().ToLowerInvariant();
}

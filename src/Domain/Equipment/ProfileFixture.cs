using System.Globalization;
using System.Text;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Equipment;

/// <summary>A sample inside a profile, and what has to come out of it. A profile whose samples come out differently is refused.</summary>
internal static class ProfileFixture
{
    // Samples are of any year: unless a sample says when it arrived, every stamp is believed.
    private static readonly DeviceClockWindow AnyYear = new(TimeSpan.FromDays(36_500), TimeSpan.FromDays(36_500));
    private static readonly DateTimeOffset SomeDay = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Run(EquipmentProfile profile, DocumentNode node, DocumentProblems problems)
    {
        var fields = new DocumentFields(node, "fixture", problems);
        var body = fields.Text("in");
        var topic = fields.TextOr("topic", "");
        var arrived = fields.TextOr("arrived", "");
        var (refused, dropped, watermark) = (fields.TextOr("refused", ""), fields.TextOr("dropped", "") == "true", fields.TextOr("watermark", ""));
        var parameters = new ParametersReader(problems).Read(fields);
        var expected = fields.Items("out");
        fields.RefuseUnknown();
        var segments = profile.Topic is { } pattern ? pattern.Match(topic) : new Dictionary<string, string>();
        var arrivedAt = SomeDay;
        if (segments is null)
            problems.Add(fields.LineOf("topic"), $"the fixture's topic '{topic}' does not fit the profile", $"it takes {profile.Topic!.Text}");
        else if (arrived.Length > 0 && !DateTimeOffset.TryParse(arrived, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out arrivedAt))
            problems.Add(fields.LineOf("arrived"), $"arrived is '{arrived}'", "write an instant such as 2026-11-22T17:00:00Z");
        else
        {
            var outcome = profile.Map(MessageOrigin.Anyone(segments, parameters), Encoding.UTF8.GetBytes(body), arrivedAt, arrived.Length > 0 ? null : AnyYear, retained: false);
            if (Difference(outcome, expected, refused, dropped, watermark) is { } difference)
                problems.Add(node.Line, $"the fixture comes out differently: {difference}", "correct the rules, or the fixture");
        }
    }

    private static string? Difference(MapOutcome outcome, IReadOnlyList<DocumentNode> expected, string refused, bool dropped, string watermark)
    {
        if (outcome.Refusal is { } refusal)
            return refusal.Reason.ToName() == refused ? null : $"refused as {refusal.Reason.ToName()}: {refusal.Text}";
        if (refused.Length > 0)
            return $"not refused as {refused}";
        if (dropped || outcome.IsDropped)
            return dropped && outcome.IsDropped ? null : outcome.IsDropped ? "dropped" : "not dropped";
        var message = outcome.Message!;
        var knownUpTo = message.KnownUpTo is { } known ? ReadingText.Of(known) : "";
        if (!ReadingText.Same(watermark, knownUpTo))
            return $"its watermark is '{knownUpTo}'";
        if (message.Readings.Count != expected.Count)
            return $"{message.Readings.Count} readings instead of {expected.Count}: {string.Join("; ", message.Readings.Select(reading => Written(message, reading)))}";
        return message.Readings.Zip(expected, (reading, node) => Difference(message, reading, node)).FirstOrDefault(difference => difference is not null);
    }

    private static string? Difference(AcceptedMessage message, Reading reading, DocumentNode node)
    {
        var wanted = new Dictionary<string, string>(StringComparer.Ordinal);
        Flatten(node, "", wanted);
        var made = ReadingText.Fields(message.DeviceId, reading);
        foreach (var (name, value) in made)
        {
            // The instant and the device may be left out, nothing else.
            if (!wanted.Remove(name, out var text) ? name is not ("time" or "device") : !ReadingText.Same(text, value))
                return $"{name} is {value} in {Written(message, reading)}";
        }

        return wanted.Count == 0 ? null : $"there is no {string.Join(", ", wanted.Keys)} in {Written(message, reading)}";
    }

    private static void Flatten(DocumentNode node, string prefix, Dictionary<string, string> into)
    {
        if (node is not DocumentMapping mapping)
        {
            into[prefix] = (node as DocumentScalar)?.Text ?? "";
            return;
        }

        foreach (var entry in mapping.Entries)
            Flatten(entry.Value, prefix.Length == 0 ? entry.Name : $"{prefix}.{entry.Name}", into);
    }

    private static string Written(AcceptedMessage message, Reading reading) =>
        string.Join(", ", ReadingText.Fields(message.DeviceId, reading).Select(field => $"{field.Name} {field.Value}"));
}

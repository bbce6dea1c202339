using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Tests.Equipment;

/// <summary>Small profiles for tests, and what they make of a message.</summary>
internal static class Profiles
{
    public static readonly DateTimeOffset Noon = Square.At("2026-11-22T12:00:00Z");

    public static EquipmentProfile? Read(string yaml, out IReadOnlyList<DocumentProblem> found)
    {
        var problems = new DocumentProblems("p");
        var node = DocumentYaml.Read(yaml, problems);
        var profile = node is null ? null : ProfileReader.Read(node, problems);
        found = problems.Found;
        return profile;
    }

    public static EquipmentProfile Good(string yaml)
    {
        var profile = Read(yaml, out var found);
        Assert.True(profile is not null, string.Join('\n', found));
        return profile;
    }

    /// <summary>A profile of topic <c>a/{device}/{part}</c> with the given lines after its head.</summary>
    public static EquipmentProfile Of(string lines) => Good($"profile: test\nversion: 1\nmatch: {{ topic: \"a/{{device}}/{{part}}\" }}\nparameters: {{ p: five, q: , zone: Europe/Brussels }}\n{lines}\n");

    /// <summary>One rule of a kind, over the message itself.</summary>
    public static EquipmentProfile Rule(string rule) => Of($"readings:\n  - {{ {rule} }}");

    public static MapOutcome Map(this EquipmentProfile profile, string json, DateTimeOffset? arrived = null) =>
        profile.Map(MessageOrigin.Anyone(new Dictionary<string, string> { ["device"] = "d", ["part"] = "North-1" }), Square.Utf8(json), arrived ?? Noon, DeviceClockWindow.Wall, retained: false);

    public static AcceptedMessage Taken(this EquipmentProfile profile, string json, DateTimeOffset? arrived = null)
    {
        var outcome = profile.Map(json, arrived);
        Assert.True(outcome.Message is not null, outcome.Refusal?.Text ?? "dropped");
        return outcome.Message;
    }
}

namespace Monitoring.Domain.Equipment;

/// <summary>One rule of a profile: where its elements are, when it applies, and which reading it makes of them.</summary>
internal sealed record ProfileRule(ProfilePath Each, ProfilePath? When, ProfileSlot? Channel, ReadingKind Kind, IReadOnlyDictionary<string, ProfileSlot> Slots);

/// <summary>Readings that a rule can make, with their slots.</summary>
internal enum ReadingKind
{
    Count,
    Total,
    Occupancy,
    Density,
    Position,
    Health,
    Noise,
    Event,
}

/// <summary>Slots of each kind of reading, and the step that each must end in.</summary>
internal static class ReadingSlots
{
    /// <summary>Health values that a profile may name; all are numbers.</summary>
    public static readonly string[] Health = ["batteryPercent", "temperatureC", "uptimeSeconds", "pressureBar", "positionPercent", "signalDbm"];

    public static IReadOnlyDictionary<string, (SlotStep Step, bool Must)> Of(ReadingKind kind) => kind switch
    {
        ReadingKind.Count => new Dictionary<string, (SlotStep, bool)> { ["in"] = (SlotStep.Int, true), ["out"] = (SlotStep.Int, true), ["from"] = (SlotStep.Iso, false) },
        ReadingKind.Total => new Dictionary<string, (SlotStep, bool)> { ["in"] = (SlotStep.Int, true), ["out"] = (SlotStep.Int, true), ["modulus"] = (SlotStep.Int, false) },
        ReadingKind.Occupancy => new Dictionary<string, (SlotStep, bool)> { ["people"] = (SlotStep.Int, true) },
        ReadingKind.Density => new Dictionary<string, (SlotStep, bool)> { ["perM2"] = (SlotStep.Num, true) },
        ReadingKind.Position => new Dictionary<string, (SlotStep, bool)> { ["is"] = (SlotStep.Text, true) },
        ReadingKind.Health => Health.ToDictionary(name => name, _ => (SlotStep.Num, false)),
        ReadingKind.Noise => new Dictionary<string, (SlotStep, bool)> { ["laeqDb"] = (SlotStep.Num, true) },
        _ => new Dictionary<string, (SlotStep, bool)> { ["type"] = (SlotStep.Text, true), ["code"] = (SlotStep.Int, false) },
    };
}

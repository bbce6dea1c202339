namespace Monitoring.Domain.Equipment;

/// <summary>One rule of a profile: when it applies, and which reading it makes of an element.</summary>
/// <param name="When">Condition; null: always.</param>
/// <param name="Channel">The channel; null: the device as a whole.</param>
/// <param name="Time">The reading's own instant; null: that of the message.</param>
/// <param name="Kind">The kind of reading.</param>
/// <param name="Slots">Its slots by name.</param>
/// <param name="First">Number of its <c>first</c> list, of which only one rule applies to an element; 0 where it stands alone.</param>
internal sealed record ProfileRule(ProfileCondition? When, ProfileSlot? Channel, ProfileSlot? Time, ReadingKind Kind, IReadOnlyDictionary<string, ProfileSlot> Slots, int First);

/// <summary>The rules of one <c>each</c>.</summary>
/// <param name="Each">Paths, each from the elements of the one before; one that is <c>.</c> for the message itself.</param>
/// <param name="Rules">The rules, in the order of the profile.</param>
internal sealed record ProfileRules(IReadOnlyList<ProfilePath> Each, IReadOnlyList<ProfileRule> Rules);

/// <summary>A message that vouches for all channels up to an instant.</summary>
/// <param name="When">Which messages; null: all.</param>
/// <param name="UpTo">The instant; null: that of the message.</param>
internal sealed record ProfileHeartbeat(ProfileCondition? When, ProfileSlot? UpTo);

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

/// <summary>Slots of each kind of reading, and the form that each must have.</summary>
internal static class ReadingSlots
{
    /// <summary>Health values that a profile may name; all are numbers.</summary>
    public static readonly string[] Health = ["batteryPercent", "temperatureC", "uptimeSeconds", "pressureBar", "positionPercent", "signalDbm", "cycles", "operatingHours"];

    public static IReadOnlyDictionary<string, (ValueForm Form, bool Must)> Of(ReadingKind kind) => kind switch
    {
        ReadingKind.Count => new Dictionary<string, (ValueForm, bool)> { ["in"] = (ValueForm.Whole, true), ["out"] = (ValueForm.Whole, true), ["from"] = (ValueForm.Instant, false), ["seconds"] = (ValueForm.Whole, false) },
        ReadingKind.Total => new Dictionary<string, (ValueForm, bool)> { ["in"] = (ValueForm.Whole, true), ["out"] = (ValueForm.Whole, true), ["modulus"] = (ValueForm.Whole, false) },
        ReadingKind.Occupancy => new Dictionary<string, (ValueForm, bool)> { ["people"] = (ValueForm.Whole, true) },
        ReadingKind.Density => new Dictionary<string, (ValueForm, bool)> { ["perM2"] = (ValueForm.Number, true) },
        ReadingKind.Position => new Dictionary<string, (ValueForm, bool)> { ["is"] = (ValueForm.Text, true) },
        ReadingKind.Health => Health.ToDictionary(name => name, _ => (ValueForm.Number, false)),
        ReadingKind.Noise => new Dictionary<string, (ValueForm, bool)> { ["laeqDb"] = (ValueForm.Number, true) },
        _ => new Dictionary<string, (ValueForm, bool)> { ["type"] = (ValueForm.Text, true), ["code"] = (ValueForm.Whole, false) },
    };
}

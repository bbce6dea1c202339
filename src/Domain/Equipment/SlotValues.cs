using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Equipment;

/// <summary>Reads slots of a profile and refuses what is not as its reading needs it.</summary>
internal sealed class SlotValues(ProfileScope scope, Action<RefusalReason, string> refuse)
{
    public void Refuse(RefusalReason reason, string text) => refuse(reason, text);

    public DateTimeOffset? Instant(ProfileSlot? slot) => Read(slot, ValueForm.Instant, must: false) is { } value ? value.Instant : null;

    public long? Whole(ProfileSlot? slot, long min, long max, bool must = false)
    {
        if (Read(slot, ValueForm.Whole, must) is not { Whole: var whole })
            return null;
        if (whole >= min && whole <= max)
            return whole;
        Refuse(RefusalReason.ValueOutOfRange, $"{slot!.Text} is not within {min} to {max}");
        return null;
    }

    public double? Number(ProfileSlot? slot, double min, double max, bool must = false)
    {
        if (Read(slot, ValueForm.Number, must) is not { Number: var number })
            return null;
        if (number >= min && number <= max)
            return number;
        Refuse(RefusalReason.ValueOutOfRange, FormattableString.Invariant($"{slot!.Text} is not within {min} to {max}"));
        return null;
    }

    /// <summary>A text that must be there; the empty text after a refusal.</summary>
    public string Text(ProfileSlot slot) => Read(slot, ValueForm.Text, must: true)?.Text ?? "";

    private ProfileValue? Read(ProfileSlot? slot, ValueForm form, bool must)
    {
        if (slot is null)
            return null;
        var value = slot.Of(scope);
        if (form == ValueForm.Text && value.Form is ValueForm.Element or ValueForm.Text)
            value = ProfileConversions.ToPlainText(value);
        if (value.Form == ValueForm.Failed)
            Refuse(value.Reason, $"{slot.Text} {value.Text}");
        else if (must && !value.IsThere)
            Refuse(RefusalReason.PayloadFormat, $"{slot.Text} is {(value.Form == ValueForm.Null ? "null" : "missing")}");
        return value.Form == form ? value : null;
    }
}

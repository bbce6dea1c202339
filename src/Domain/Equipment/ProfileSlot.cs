using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Monitoring.Domain.Equipment;

/// <summary>The step that turns a found element into a value.</summary>
internal enum SlotStep
{
    Text,
    Int,
    Num,
    Iso,
}

/// <summary>A path and the step that follows it: <c>./count/in | int</c>.</summary>
internal sealed partial record ProfileSlot(ProfilePath Path, SlotStep Step)
{
    private static readonly Dictionary<string, SlotStep> Steps = Enum.GetValues<SlotStep>().ToDictionary(step => step.ToString().ToLowerInvariant());

    /// <summary>Longest text taken over from a message.</summary>
    public const int TextCharsMax = 128;

    /// <summary>Reads a slot, or gives null where it is none.</summary>
    public static ProfileSlot? Read(string text)
    {
        var parts = text.Split('|', StringSplitOptions.TrimEntries);
        if (parts.Length > 2 || ProfilePath.Read(parts[0]) is not { EachItem: false } path)
            return null;
        return parts.Length == 1
            ? new ProfileSlot(path, SlotStep.Text)
            : Steps.TryGetValue(parts[1], out var step) ? new ProfileSlot(path, step) : null;
    }

    public static long? AsInt(JsonElement element) => element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var value) ? value : null;

    // A JSON number such as 1e400 reads as infinity: not a number that anything can be.
    public static double? AsNum(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value) && double.IsFinite(value) ? value : null;

    public static string? AsText(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return element.GetString() is { Length: > 0 and <= TextCharsMax } text && !text.Any(char.IsControl) ? text : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair (\ud800): JSON's grammar allows it, but it is no text.
            return null;
        }
    }

    // RFC 3339: a stamp without an offset is not taken, since nobody can say which instant it means; nor is 11/10/2026.
    public static DateTimeOffset? AsIso(JsonElement element)
    {
        if (AsText(element) is not { } text || !Instant().IsMatch(text))
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null;
    }

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Instant();
}

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Equipment;

/// <summary>Conversions of the steps. A JSON value is taken strictly: "3" is no number unless the profile says <c>| text | int</c>.</summary>
internal static partial class ProfileConversions
{
    /// <summary>Longest text taken over from a message.</summary>
    public const int TextCharsMax = 128;

    private static readonly ProfileValue NotText = ProfileValue.Failed(RefusalReason.PayloadFormat, $"is not a text of 1 to {TextCharsMax} characters without control characters");
    private static readonly ProfileValue NotWhole = ProfileValue.Failed(RefusalReason.PayloadFormat, "is not a whole number");
    private static readonly ProfileValue NotNumber = ProfileValue.Failed(RefusalReason.PayloadFormat, "is not a finite number");
    private static readonly ProfileValue NotIso = ProfileValue.Failed(RefusalReason.PayloadFormat, "is not an ISO 8601 instant with an offset or Z");
    private static readonly ProfileValue NotEpoch = ProfileValue.Failed(RefusalReason.PayloadFormat, "is not a time since 1970");

    /// <summary>A JSON string as text; no other kind of value.</summary>
    public static ProfileValue ToPlainText(ProfileValue value) =>
        Checked(value.Form == ValueForm.Element ? ProfileValue.StringOf(value.Element) : value.Text);

    /// <summary>Any single value as text.</summary>
    public static ProfileValue ToText(ProfileValue value) => Checked(value.AsScalar());

    public static ProfileValue ToWhole(ProfileValue value)
    {
        switch (value.Form)
        {
            case ValueForm.Element when value.Element.ValueKind == JsonValueKind.Number:
                return value.Element.TryGetInt64(out var whole) ? ProfileValue.Of(whole) : OutOfRange(NotWhole);
            case ValueForm.Text:
                return long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? ProfileValue.Of(parsed) : NotWhole;
            case ValueForm.Number:
                return Math.Abs(value.Number) <= ReadingLimits.TotalMax && Math.Floor(value.Number) == value.Number ? ProfileValue.Of((long)value.Number) : OutOfRange(NotWhole);
            case ValueForm.Whole:
                return value;
            default:
                return NotWhole;
        }
    }

    // A JSON number such as 1e400 reads as infinity: not a number that anything can be.
    public static ProfileValue ToNumber(ProfileValue value)
    {
        switch (value.Form)
        {
            case ValueForm.Element when value.Element.ValueKind == JsonValueKind.Number:
                return value.Element.TryGetDouble(out var number) && double.IsFinite(number) ? ProfileValue.Of(number) : OutOfRange(NotNumber);
            case ValueForm.Text:
                return double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) && double.IsFinite(parsed) ? ProfileValue.Of(parsed) : NotNumber;
            case ValueForm.Whole:
                return ProfileValue.Of((double)value.Whole);
            case ValueForm.Number:
                return value;
            default:
                return NotNumber;
        }
    }

    /// <summary>RFC 3339: a stamp without an offset is not taken, since nobody can say which instant it means; nor is 11/10/2026.</summary>
    public static ProfileValue ToInstant(ProfileValue value)
    {
        if (ToPlainText(value) is not { Form: ValueForm.Text, Text: { } text } || !Instant().IsMatch(text))
            return NotIso;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? ProfileValue.Of(instant) : NotIso;
    }

    /// <summary>As <see cref="ToInstant(ProfileValue)"/>, and a stamp without an offset in a time zone. In the hour that occurs twice, the later one (standard time); the hour that is skipped is refused.</summary>
    public static ProfileValue ToInstant(ProfileValue value, TimeZoneInfo? zone)
    {
        if (ToInstant(value) is { Form: ValueForm.Instant } whole)
            return whole;
        if (zone is null)
            return ProfileValue.Failed(RefusalReason.PayloadFormat, "needs the device's time zone: give the parameter an IANA name");
        if (ToPlainText(value) is not { Form: ValueForm.Text, Text: { } text } || !Local().IsMatch(text)
            || !DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) || zone.IsInvalidTime(local))
            return NotIso;
        var utc = local.Ticks - zone.GetUtcOffset(local).Ticks;
        return utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks ? NotIso : ProfileValue.Of(new DateTimeOffset(utc, TimeSpan.Zero));
    }

    public static ProfileValue FromEpoch(ProfileValue value, long ticksPerUnit)
    {
        var text = value.Form == ValueForm.Element && value.Element.ValueKind is not (JsonValueKind.Number or JsonValueKind.String) ? null : value.AsScalar();
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var units) || Math.Abs(units) > 1e18m)
            return NotEpoch;
        var ticks = decimal.Round(units * ticksPerUnit) + DateTimeOffset.UnixEpoch.Ticks;
        return ticks < 0 || ticks > DateTimeOffset.MaxValue.Ticks ? NotEpoch : ProfileValue.Of(new DateTimeOffset((long)ticks, TimeSpan.Zero));
    }

    public static ProfileValue FromBase64(ProfileValue value)
    {
        var text = value.AsScalar() ?? "";
        var bytes = new byte[text.Length / 4 * 3 + 3];
        return Convert.TryFromBase64String(text, bytes, out var written) ? ProfileValue.Of(bytes[..written]) : ProfileValue.Failed(RefusalReason.PayloadFormat, "is not base64");
    }

    public static ProfileValue FromHex(ProfileValue value)
    {
        var text = value.AsScalar() ?? "";
        var bytes = new byte[text.Length / 2];
        var done = Convert.FromHexString(text, bytes, out _, out var written);
        return done == System.Buffers.OperationStatus.Done ? ProfileValue.Of(bytes[..written]) : ProfileValue.Failed(RefusalReason.PayloadFormat, "is not hex");
    }

    private static ProfileValue Checked(string? text) => text is { Length: > 0 and <= TextCharsMax } && !text.Any(char.IsControl) ? ProfileValue.Of(text) : NotText;

    private static ProfileValue OutOfRange(ProfileValue failed) => ProfileValue.Failed(RefusalReason.ValueOutOfRange, failed.Text!);

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Instant();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,7})?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Local();
}

using System.Globalization;

namespace Monitoring.Domain.Equipment;

/// <summary>One step of an expression: <c>| scale 0.1</c>. The list of steps is closed; none loops, reads a file or asks the network.</summary>
/// <param name="Takes">Forms that it can take.</param>
/// <param name="Gives">The form that it gives.</param>
/// <param name="Apply">What it does. It never sees a missing, null or failed value.</param>
internal sealed record ProfileStep(ValueForm[] Takes, ValueForm Gives, Func<ProfileValue, ProfileScope, ProfileValue> Apply)
{
    private static readonly ValueForm[] Single = [ValueForm.Element, ValueForm.Text];
    private static readonly ValueForm[] Any = [ValueForm.Element, ValueForm.Text, ValueForm.Whole, ValueForm.Number];

    /// <summary>The value that stands in where the message has none; null for every step but <c>default</c>. JSON null is not replaced: the device said that it does not know.</summary>
    public ProfileValue? Otherwise { get; private init; }

    /// <summary>Reads a step, or gives null where it is none or does not fit what stands before it.</summary>
    /// <param name="text">The step without its bar.</param>
    /// <param name="before">The form before it.</param>
    public static ProfileStep? Read(string text, ValueForm before)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var (name, argument) = space < 0 ? (text, "") : (text[..space], text[(space + 1)..].Trim());
        var step = argument.Length == 0 ? Plain(name) : WithArgument(name, argument, before);
        return step is not null && step.Takes.Contains(before) ? step : null;
    }

    private static ProfileStep? Plain(string name) => name switch
    {
        "text" => new(Any, ValueForm.Text, (value, _) => ProfileConversions.ToText(value)),
        "int" => new(Any, ValueForm.Whole, (value, _) => ProfileConversions.ToWhole(value)),
        "num" => new(Any, ValueForm.Number, (value, _) => ProfileConversions.ToNumber(value)),
        "lower" => new(Single, ValueForm.Text, (value, _) => OnText(value, text => text.ToLowerInvariant())),
        "id" => new(Single, ValueForm.Text, (value, _) => OnText(value, text => string.Concat(text.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')))),
        "mac" => new(Single, ValueForm.Text, (value, _) => OnText(value, text => string.Concat(text.Where(c => c is not (':' or '-' or '.'))).ToLowerInvariant())),
        "iso" => new(Single, ValueForm.Instant, (value, _) => ProfileConversions.ToInstant(value)),
        "base64" => new(Single, ValueForm.Bytes, (value, _) => ProfileConversions.FromBase64(value)),
        "hex" => new(Single, ValueForm.Bytes, (value, _) => ProfileConversions.FromHex(value)),
        _ => null,
    };

    private static ProfileStep? WithArgument(string name, string argument, ValueForm before)
    {
        switch (name)
        {
            case "scale":
                return ReadScale(argument);
            case "enum":
                return ProfileEnumeration.Read(argument) is { } names ? new(Any, ValueForm.Text, (value, _) => names.Of(value)) : null;
            case "default":
                return ReadDefault(argument, before);
            case "bit" when int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out var bit) && bit < 63:
                return new([ValueForm.Whole], ValueForm.Whole, (value, _) => ProfileValue.Of((value.Whole >> bit) & 1));
            case "epoch" when argument is "s" or "ms" or "us":
                var perUnit = argument switch { "s" => TimeSpan.TicksPerSecond, "ms" => TimeSpan.TicksPerMillisecond, _ => TimeSpan.TicksPerMicrosecond };
                return new(Any, ValueForm.Instant, (value, _) => ProfileConversions.FromEpoch(value, perUnit));
            case "iso" when argument.StartsWith('$') && ProfileNames.IsName(argument[1..]):
                return new(Single, ValueForm.Instant, (value, scope) => ProfileConversions.ToInstant(value, ZoneOf(scope, argument[1..])));
            case "iso" when TimeZoneInfo.TryFindSystemTimeZoneById(argument, out var zone):
                return new(Single, ValueForm.Instant, (value, _) => ProfileConversions.ToInstant(value, zone));
            default:
                return null;
        }
    }

    private static TimeZoneInfo? ZoneOf(ProfileScope scope, string parameter) =>
        scope.Parameters.TryGetValue(parameter, out var values) && values.Count > 0 && TimeZoneInfo.TryFindSystemTimeZoneById(values[0], out var zone) ? zone : null;

    private static ProfileStep? ReadScale(string argument)
    {
        var parts = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > 2 || !parts.All(ProfileNames.IsNumber))
            return null;
        var numbers = parts.Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        var (factor, offset) = (numbers[0], numbers.Length == 2 ? numbers[1] : 0);
        return new([ValueForm.Whole, ValueForm.Number], ValueForm.Number, (value, _) => ProfileValue.Of((value.Form == ValueForm.Whole ? value.Whole : value.Number) * factor + offset));
    }

    private static ProfileStep? ReadDefault(string argument, ValueForm before)
    {
        var text = argument.Length > 1 && argument[0] == '\'' && argument[^1] == '\'' ? argument[1..^1] : argument;
        var value = before switch
        {
            ValueForm.Whole => ProfileConversions.ToWhole(ProfileValue.Of(text)),
            ValueForm.Number => ProfileConversions.ToNumber(ProfileValue.Of(text)),
            ValueForm.Text or ValueForm.Element => ProfileValue.Of(text),
            _ => ProfileValue.Missing,
        };
        return value.Form is ValueForm.Missing or ValueForm.Failed ? null : new([before], before, (same, _) => same) { Otherwise = value };
    }

    private static ProfileValue OnText(ProfileValue value, Func<string, string> change) =>
        ProfileConversions.ToPlainText(value) is { Form: ValueForm.Text } text ? ProfileValue.Of(change(text.Text!)) : ProfileConversions.ToPlainText(value);
}

/// <summary>The names of <c>| enum 0=unknown,1=raised,*=fault</c>.</summary>
internal sealed class ProfileEnumeration
{
    private readonly Dictionary<string, string> _names;
    private readonly string? _otherwise;

    private ProfileEnumeration(Dictionary<string, string> names, string? otherwise) => (_names, _otherwise) = (names, otherwise);

    public static ProfileEnumeration? Read(string text)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text.Split(','))
        {
            var sides = pair.Split('=', StringSplitOptions.TrimEntries);
            if (sides.Length != 2 || sides[0].Length == 0 || sides[1].Length == 0 || !names.TryAdd(sides[0], sides[1]))
                return null;
        }

        names.Remove("*", out var otherwise);
        return new ProfileEnumeration(names, otherwise);
    }

    public ProfileValue Of(ProfileValue value)
    {
        if (value.AsScalar() is { } text && _names.TryGetValue(text, out var name))
            return ProfileValue.Of(name);
        return _otherwise is not null ? ProfileValue.Of(_otherwise) : ProfileValue.Failed(Intake.RefusalReason.ValueOutOfRange, $"is not one of {string.Join(", ", _names.Keys)}");
    }
}

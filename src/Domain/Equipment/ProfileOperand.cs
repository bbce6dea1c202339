using System.Globalization;

namespace Monitoring.Domain.Equipment;

/// <summary>What a comparison compares with: a literal, a device's parameter (any of its values), a captured name.</summary>
internal sealed class ProfileOperand
{
    private readonly string? _literal;
    private readonly string? _parameter;
    private readonly string? _captured;

    private ProfileOperand(string? literal, string? parameter, string? captured) => (_literal, _parameter, _captured) = (literal, parameter, captured);

    /// <summary>Reads an operand, or gives null where it is none.</summary>
    /// <param name="text"><c>'text'</c>, a number, <c>true</c>, <c>false</c>, <c>$parameter</c> or <c>{captured}</c>.</param>
    /// <param name="known">Captured names.</param>
    /// <param name="bare">Whether a text may stand without quotes.</param>
    public static ProfileOperand? Read(string text, IReadOnlySet<string> known, bool bare = false)
    {
        if (text.StartsWith('$'))
            return ProfileNames.IsName(text[1..]) ? new ProfileOperand(null, text[1..], null) : null;
        if (text.StartsWith('{'))
            return text.EndsWith('}') && known.Contains(text[1..^1]) ? new ProfileOperand(null, null, text[1..^1]) : null;
        if (text.Length > 1 && text[0] == '\'' && text[^1] == '\'')
            return new ProfileOperand(text[1..^1], null, null);
        return text.Length > 0 && (bare || text is "true" or "false" || ProfileNames.IsNumber(text)) ? new ProfileOperand(text, null, null) : null;
    }

    public bool Matches(string text, ProfileScope scope) =>
        _parameter is not null
            ? scope.Parameters.TryGetValue(_parameter, out var values) && values.Contains(text, StringComparer.Ordinal)
            : string.Equals(_captured is null ? _literal : scope.Captured(_captured), text, StringComparison.Ordinal);
}

/// <summary>Names and numbers as profiles write them.</summary>
internal static class ProfileNames
{
    /// <summary>Longest text that a <c>{name}</c> captures.</summary>
    public const int CapturedCharsMax = 64;

    public static bool IsName(string text) => text.Length is > 0 and <= 32 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    public static bool IsNumber(string text) => double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);
}

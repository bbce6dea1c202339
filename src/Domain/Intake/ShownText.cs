using System.Globalization;

namespace Monitoring.Domain.Intake;

/// <summary>Text of a stranger, made fit to be shown: it is one line, bounded, and cannot pretend to be another.</summary>
public static class ShownText
{
    /// <summary>Stands for what is not shown.</summary>
    public const char Replacement = '\uFFFD';

    /// <summary>Cuts a text and replaces what does not show or turns the text around it: control and format characters (line ends, zero widths, bidi marks), fillers, halves of pairs, and what is not assigned.</summary>
    /// <param name="text">The text as received.</param>
    /// <param name="charsMax">Most characters kept, 1 or more; the last one of a text that was cut is <c>…</c>.</param>
    public static string Of(string text, int charsMax)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(charsMax, 1);
        var shown = text.Length > charsMax ? string.Concat(text.AsSpan(0, charsMax - 1), "…") : text;
        return string.Create(shown.Length, shown, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++)
                to[i] = Shows(from[i]) ? from[i] : Replacement;
        });
    }

    /// <summary>Whether a text is shown as it is; one in which something was replaced before is not.</summary>
    /// <param name="text">The text.</param>
    public static bool IsPlain(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.All(Shows);
    }

    private static bool Shows(char one) => char.GetUnicodeCategory(one) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => false,
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.EnclosingMark => false,
        UnicodeCategory.SpaceSeparator => one == ' ',

        // Letters and marks that are drawn as nothing: Hangul fillers, the combining grapheme joiner, variation selectors, blank Braille.
        _ => one is not (Replacement or '\u115F' or '\u1160' or '\u3164' or '\uFFA0' or '\u034F' or '\u2800' or (>= '\uFE00' and <= '\uFE0F') or (>= '\u180B' and <= '\u180F')),
    };
}

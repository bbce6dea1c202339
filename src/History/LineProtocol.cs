using System.Globalization;
using System.Text;

namespace Monitoring.History;

/// <summary>One line of InfluxDB's line protocol, put together field by field.</summary>
/// <remarks>
/// The protocol has no escape for a backslash in names: it stands for itself, unless a comma, an equals sign or a space follows. Servers read two of them, or one
/// at the end, differently, so a name with such a one makes the line unwritable, as does a control character. Nothing is replaced: another name is another series.
/// Source: https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/.
/// </remarks>
/// <param name="measurement">The measurement.</param>
internal sealed class LineProtocol(string measurement)
{
    private readonly StringBuilder _line = new(Escape(measurement, ", "), 256);
    private bool _isWritable = IsName(measurement);
    private bool _hasField;

    /// <summary>Whether a text can be a measurement, a tag, a value of a tag or a name of a field.</summary>
    /// <param name="text">The text.</param>
    public static bool IsName(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && (i + 1 == text.Length || text[i + 1] is '\\' or ',' or '=' or ' '))
                return false;
        }

        return text.Length > 0 && IsText(text);
    }

    /// <summary>Adds a tag. Tags come before fields, best by name.</summary>
    public LineProtocol Tag(string key, string value)
    {
        _isWritable &= IsName(key) && IsName(value) && !_hasField;
        _line.Append(',').Append(Escape(key, ",= ")).Append('=').Append(Escape(value, ",= "));
        return this;
    }

    /// <summary>Adds a whole number; nothing where there is none.</summary>
    public LineProtocol Integer(string key, long? value) => value is { } number ? Field(key, $"{number.ToString(CultureInfo.InvariantCulture)}i") : this;

    /// <summary>Adds a number with a fraction; nothing where there is none, or it is not a number or without end, which the protocol cannot say.</summary>
    public LineProtocol Float(string key, double? value) => value is { } number && double.IsFinite(number) ? Field(key, number.ToString("R", CultureInfo.InvariantCulture)) : this;

    /// <summary>Adds yes or no as 1 or 0: panels and InfluxQL can compute with numbers only.</summary>
    public LineProtocol Flag(string key, bool value) => Integer(key, value ? 1 : 0);

    /// <summary>Adds a text; nothing where there is none.</summary>
    public LineProtocol Text(string key, string? value)
    {
        if (value is null)
            return this;
        _isWritable &= IsText(value);
        return Field(key, $"\"{Escape(value, "\\\"")}\"");
    }

    /// <summary>Ends the line with its instant in milliseconds.</summary>
    /// <returns>The line without a line end; null where it cannot be written, or has no field.</returns>
    public string? At(DateTimeOffset instant) =>
        _isWritable && _hasField ? _line.Append(' ').Append(instant.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)).ToString() : null;

    private LineProtocol Field(string key, string value)
    {
        _isWritable &= IsName(key);
        _line.Append(_hasField ? ',' : ' ').Append(Escape(key, ",= ")).Append('=').Append(value);
        _hasField = true;
        return this;
    }

    // A half of a surrogate pair has no UTF-8 form: it would be sent as another character.
    private static bool IsText(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
                return false;
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }

        return true;
    }

    private static string Escape(string text, string special)
    {
        if (text.AsSpan().IndexOfAny(special) < 0)
            return text;
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var character in text)
        {
            if (special.Contains(character, StringComparison.Ordinal))
                escaped.Append('\\');
            escaped.Append(character);
        }

        return escaped.ToString();
    }
}

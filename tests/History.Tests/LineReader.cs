using System.Globalization;
using System.Text;

namespace Monitoring.History.Tests;

/// <summary>One line as a server takes it.</summary>
internal sealed record ReadLine(string Measurement, SortedDictionary<string, string> Tags, Dictionary<string, object> Fields, long Ms)
{
    /// <summary>Measurement and tags, by which a server knows a series.</summary>
    public string Series => string.Join('\n', Tags.Select(tag => $"{tag.Key}\t{tag.Value}").Prepend(Measurement));
}

/// <summary>Reads line protocol by the rules of its documentation, written independently of the code that writes it.</summary>
internal sealed class LineReader(string line)
{
    private int _at;

    public static ReadLine Read(string line) => new LineReader(line).Read();

    private ReadLine Read()
    {
        var measurement = Name(", ");
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        while (Take(','))
        {
            var key = Name("=");
            Expect('=');
            tags.Add(key, Name(", "));
        }

        var fields = new Dictionary<string, object>();
        do
        {
            _at++;
            var key = Name("=");
            Expect('=');
            fields.Add(key, Value());
        }
        while (_at < line.Length && line[_at] == ',');
        Expect(' ');
        return new ReadLine(measurement, tags, fields, long.Parse(line.AsSpan(_at), CultureInfo.InvariantCulture));
    }

    // A backslash before a comma, an equals sign or a space makes it part of the name; any other backslash stands for itself.
    private string Name(string ends)
    {
        var name = new StringBuilder();
        while (_at < line.Length && !ends.Contains(line[_at], StringComparison.Ordinal))
        {
            if (line[_at] == '\\' && _at + 1 < line.Length && line[_at + 1] is ',' or '=' or ' ')
                _at++;
            name.Append(line[_at++]);
        }

        return name.Length > 0 ? name.ToString() : throw new FormatException($"A name is empty at {_at}.");
    }

    private object Value()
    {
        if (!Take('"'))
        {
            var end = line.IndexOfAny([',', ' '], _at);
            var text = line[_at..(end < 0 ? line.Length : end)];
            _at += text.Length;
            return text.EndsWith('i') ? (object)long.Parse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        var value = new StringBuilder();
        while (!Take('"'))
        {
            if (line[_at] == '\\' && line[_at + 1] is '"' or '\\')
                _at++;
            value.Append(line[_at++]);
        }

        return value.ToString();
    }

    private bool Take(char character)
    {
        if (_at >= line.Length)
            throw new FormatException("The line ends too early.");
        if (line[_at] != character)
            return false;
        _at++;
        return true;
    }

    private void Expect(char character)
    {
        if (!Take(character))
            throw new FormatException($"'{character}' is expected at {_at}.");
    }
}

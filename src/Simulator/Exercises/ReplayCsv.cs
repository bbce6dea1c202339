using System.Globalization;
using Monitoring.Domain.Intake;

namespace Monitoring.Simulator.Exercises;

/// <summary>Reads a comma-separated file line by line, columns by name. Quotes are not read: recorded counts need none.</summary>
internal sealed class ReplayCsv
{
    private static readonly string[] StampFormats = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mmzzz"];

    private readonly TextReader _reader;
    private readonly string _file;
    private readonly string[] _header;

    /// <summary>Reads the header.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="file">File name for messages.</param>
    public ReplayCsv(TextReader reader, string file)
    {
        (_reader, _file, Line) = (reader, file, 1);
        _header = Split(reader.ReadLine() ?? throw Problem("the file is empty", "give a file with a header line"));
    }

    /// <summary>Line read last, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Position of a column.</summary>
    /// <param name="name">Its name.</param>
    public int Column(string name)
    {
        var at = Array.IndexOf(_header, name);
        return at >= 0 ? at : throw Problem($"there is no column '{name}'", $"the header has: {string.Join(", ", _header)}");
    }

    /// <summary>The rows; a blank line is skipped.</summary>
    public IEnumerable<string[]> Rows()
    {
        while (_reader.ReadLine() is { } line)
        {
            Line++;
            if (line.Length == 0)
                continue;
            var fields = Split(line);
            yield return fields.Length == _header.Length ? fields : throw Problem($"the row has {fields.Length} fields, the header {_header.Length}", "mend the row");
        }
    }

    /// <summary>Reads a stamp.</summary>
    /// <param name="text">ISO 8601 with Z or an offset: a local time without one is not unique.</param>
    public DateTimeOffset Stamp(string text) =>
        DateTimeOffset.TryParseExact(text, StampFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var stamp)
            ? stamp
            : throw Problem($"'{text}' is not a time", "write it as 2024-01-16T13:55:00Z, or with an offset");

    /// <summary>Reads a number of passages.</summary>
    /// <param name="text">0 to 1,000,000.</param>
    public int Passages(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var passages) && passages <= ReadingLimits.CountMax
            ? passages
            : throw Problem($"'{text}' is not a number of passages", $"use a whole number from 0 to {ReadingLimits.CountMax}");

    /// <summary>A problem with the line read last.</summary>
    /// <param name="what">The cause.</param>
    /// <param name="remedy">What to change.</param>
    public ReplayInputException Problem(string what, string remedy) => new($"{_file}:{Line}: {what}; {remedy}");

    private string[] Split(string line) =>
        line.Contains('"') ? throw Problem("the line has quotes", "write plain fields without quotes") : line.TrimStart('\uFEFF').Split(',');
}

/// <summary>The recorded counts, the outages or the map are wrong; the message names file, line, cause and remedy.</summary>
/// <param name="message">The message.</param>
public sealed class ReplayInputException(string message) : Exception(message);

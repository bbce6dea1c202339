namespace Monitoring.Privacy;

/// <summary>Which stream counts into which series. A stream is in one series at most; otherwise one passage would be told twice.</summary>
public sealed class SeriesMap
{
    /// <summary>Most series of a map.</summary>
    public const int SeriesMax = 1_000;

    private readonly Dictionary<StreamId, string> _seriesOf = [];

    /// <summary>A map.</summary>
    /// <param name="series">1 to <see cref="SeriesMax"/> series with different names and no stream in common.</param>
    /// <exception cref="ArgumentException">They are not; the message says where.</exception>
    public SeriesMap(params IReadOnlyList<Series> series)
    {
        if (series.Count is 0 or > SeriesMax)
            throw new ArgumentException($"There are {series.Count} series; give 1 to {SeriesMax}.");
        Series = [.. series.OrderBy(one => one.Name, StringComparer.Ordinal)];
        if (Series.FirstOrDefault(one => !IsWord(one.Name) || one.Streams.Count == 0 || !one.Streams.All(stream => IsWord(stream.Text))) is { } odd)
            throw new ArgumentException($"The series '{odd.Name}' needs a name and at least one stream, without blanks in their names.");
        if (Series.Zip(Series.Skip(1)).FirstOrDefault(pair => pair.First.Name == pair.Second.Name).First is { } twice)
            throw new ArgumentException($"Two series are called '{twice.Name}'; give each its own name.");
        foreach (var one in Series)
        {
            foreach (var stream in one.Streams.Where(stream => !_seriesOf.TryAdd(stream, one.Name)))
                throw new ArgumentException($"The stream '{stream}' is in '{_seriesOf[stream]}' and again in '{one.Name}'; leave it in one of them.");
        }
    }

    /// <summary>The series, by name.</summary>
    public IReadOnlyList<Series> Series { get; }

    /// <summary>Every stream that counts.</summary>
    public IReadOnlyCollection<StreamId> Streams => _seriesOf.Keys;

    /// <summary>The map in one line. Equal maps have equal lines, different ones do not: names have no blanks.</summary>
    public override string ToString() =>
        string.Join("; ", Series.Select(one => $"{one.Name} = {string.Join(" + ", one.Streams.Select(stream => stream.Text).Order(StringComparer.Ordinal))}"));

    private static bool IsWord(string? text) => !string.IsNullOrEmpty(text) && !text.Any(char.IsWhiteSpace);
}

/// <summary>A bundle of streams that is released as one number per cell.</summary>
/// <param name="Name">Its name, unique in the space.</param>
/// <param name="Streams">Its streams. A border that two zones share is one stream each way: "out of A" and "into B" are the same passage.</param>
public sealed record Series(string Name, params IReadOnlyList<StreamId> Streams);

/// <summary>Where counts physically come from: a line of a device in one direction, or its gauge in a zone.</summary>
/// <param name="Text">Identity of the hardware and its channel, not a name that somebody gave it: renaming must not open a second budget for the same passages.</param>
public readonly record struct StreamId(string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}

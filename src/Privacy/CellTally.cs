namespace Monitoring.Privacy;

/// <summary>
/// The true numbers of one day's cells, before noise: what one person adds to their sum is bounded by the group's sensitivity, because a
/// passage is counted in one cell of one series, and a sample stands for one minute of one zone.
/// </summary>
/// <remarks>Repeats of a reading have been recognised before it comes here. The order of readings does not matter.</remarks>
public sealed class CellTally
{
    private readonly ReleaseDay _day;
    private readonly Dictionary<(string Series, DateTimeOffset From), long> _sums = [];
    private readonly Dictionary<(StreamId Stream, long Minute), (long Ticks, long People)> _samples = [];

    /// <summary>A tally of nothing.</summary>
    /// <param name="day">The day.</param>
    public CellTally(ReleaseDay day) => _day = day;

    /// <summary>The cells in which something was counted.</summary>
    internal IReadOnlyDictionary<(string Series, DateTimeOffset From), long> Sums => _sums;

    /// <summary>Counts passages over a line.</summary>
    /// <param name="stream">The line's stream.</param>
    /// <param name="at">Start of the reading's interval, or its instant.</param>
    /// <param name="passages">How many, 0 or more.</param>
    /// <returns>Whether they fell into a cell of this day.</returns>
    public bool Count(StreamId stream, DateTimeOffset at, long passages)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(passages);
        return Add(ReleaseKind.Flow, stream, at, passages);
    }

    /// <summary>Takes a count of people in a zone. Of several in the same minute the last stands for it.</summary>
    /// <param name="stream">The zone's stream.</param>
    /// <param name="at">The instant at which they were counted. A value that is older must not be passed again for later minutes: it would count a person for longer than they were there.</param>
    /// <param name="people">How many, 0 or more.</param>
    /// <returns>Whether it fell into a cell of this day.</returns>
    public bool Sample(StreamId stream, DateTimeOffset at, long people)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(people);
        var minute = (stream, at.UtcTicks / TimeSpan.TicksPerMinute);
        var sample = (at.UtcTicks, people);
        var known = _samples.GetValueOrDefault(minute);
        var replaces = sample.CompareTo(known) > 0;
        if (!Add(ReleaseKind.Presence, stream, at, replaces ? people - known.People : 0))
            return false;
        if (replaces)
            _samples[minute] = sample;
        return true;
    }

    /// <summary>The true number of a cell: zero where nothing was counted.</summary>
    /// <param name="series">Name of the series.</param>
    /// <param name="cell">One of its cells on this day.</param>
    public long Of(string series, Cell cell) => _sums.GetValueOrDefault((series, cell.From));

    private bool Add(ReleaseKind kind, StreamId stream, DateTimeOffset at, long more)
    {
        if (_day.SeriesOf(kind, stream) is not { } series || _day.CellAt(kind, at) is not { } cell)
            return false;
        _sums[(series, cell.From)] = _sums.GetValueOrDefault((series, cell.From)) + more;
        return true;
    }
}

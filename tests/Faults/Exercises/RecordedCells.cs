using System.Globalization;

namespace Monitoring.Faults.Exercises;

/// <summary>A cell that the hub releases: a direction of a line, and its UTC start.</summary>
/// <param name="Series">The line and its direction.</param>
/// <param name="From">UTC start.</param>
internal readonly record struct RecordedCell(string Series, DateTimeOffset From);

/// <summary>What the cells of recorded counts hold in truth, straight from the files: quarters of an hour, and one cell for the local hours 0 to 6.</summary>
internal sealed class RecordedCells
{
    private static readonly TimeSpan Bin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Night = TimeSpan.FromHours(6);

    private readonly Dictionary<RecordedCell, long> _counts = [];
    private readonly List<(string Sensor, DateTimeOffset From, DateTimeOffset To)> _outages;
    private readonly TimeZoneInfo _zone;
    private DateTimeOffset _first = DateTimeOffset.MaxValue;
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    private RecordedCells(string outagesFile, TimeZoneInfo zone)
    {
        _zone = zone;
        _outages = [.. File.ReadLines(outagesFile).Skip(1).Select(line => line.Split(',')).Select(row => (row[0], Instant(row[1]), Instant(row[2])))];
    }

    /// <summary>Each cell from the first local day to the last, with its true count; null where a sensor did not vouch for all of it.</summary>
    public required IReadOnlyDictionary<RecordedCell, long?> Truth { get; init; }

    /// <summary>First instant of the first local day.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Last instant of the last local day, excluded.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Reads a file of 5-minute counts with the columns <c>time_utc,sensor_id,in,out</c>, where a missing row is a zero, and one of outages.</summary>
    /// <param name="countsFile">The counts, in order of time.</param>
    /// <param name="outagesFile">The outages.</param>
    /// <param name="sensors">All sensors; each is a line of the same name.</param>
    /// <param name="zone">Zone of the local days, without a change of the clock in the file.</param>
    public static RecordedCells Read(string countsFile, string outagesFile, IReadOnlyCollection<string> sensors, TimeZoneInfo zone)
    {
        var read = new RecordedCells(outagesFile, zone) { Truth = new Dictionary<RecordedCell, long?>(), From = default, To = default };
        foreach (var row in File.ReadLines(countsFile).Skip(1).Select(line => line.Split(',')))
            read.Add(Instant(row[0]), row[1], Passages(row[2]), Passages(row[3]));
        var (from, to) = (read.Midnight(read._first), read.Midnight(read._last).AddDays(1));
        var truth = new Dictionary<RecordedCell, long?>();
        for (var cell = from; cell < to; cell = read.EndOf(cell))
        {
            foreach (var sensor in sensors)
            {
                var heard = read.IsHeard(sensor, cell);
                foreach (var series in (string[])[$"{sensor}-in", $"{sensor}-out"])
                    truth.Add(new RecordedCell(series, cell), heard ? read._counts.GetValueOrDefault(new RecordedCell(series, cell)) : null);
            }
        }

        return new RecordedCells(outagesFile, zone) { Truth = truth, From = from, To = to };
    }

    private void Add(DateTimeOffset start, string sensor, long passagesIn, long passagesOut)
    {
        (_first, _last) = (start < _first ? start : _first, start > _last ? start : _last);
        foreach (var (series, count) in (IEnumerable<(string, long)>)[($"{sensor}-in", passagesIn), ($"{sensor}-out", passagesOut)])
        {
            var cell = new RecordedCell(series, StartOf(start));
            _counts[cell] = _counts.GetValueOrDefault(cell) + count;
        }
    }

    // Two heartbeats vouch for the time between them where that is at most two bins: a bin is known when one came at its start and one at its end, or one of the two a bin further away.
    private bool IsHeard(string sensor, DateTimeOffset cell)
    {
        for (var bin = cell; bin < EndOf(cell); bin += Bin)
        {
            if (!(Beats(sensor, bin) && (Beats(sensor, bin + Bin) || Beats(sensor, bin + (2 * Bin)))) && !(Beats(sensor, bin - Bin) && Beats(sensor, bin + Bin)))
                return false;
        }

        return true;
    }

    // A heartbeat comes at the end of each bin in which the sensor is there, and at the start of one before which it was away for more than two.
    private bool Beats(string sensor, DateTimeOffset at) =>
        IsThere(sensor, at - Bin) || (IsThere(sensor, at) && !IsThere(sensor, at - (2 * Bin)) && !IsThere(sensor, at - (3 * Bin)));

    private bool IsThere(string sensor, DateTimeOffset bin) =>
        bin >= _first && bin <= _last && !_outages.Exists(outage => outage.Sensor == sensor && outage.From <= bin && bin < outage.To);

    private DateTimeOffset StartOf(DateTimeOffset instant) =>
        instant < Midnight(instant) + Night ? Midnight(instant) : new DateTimeOffset(instant.UtcTicks / Quarter.Ticks * Quarter.Ticks, TimeSpan.Zero);

    private DateTimeOffset EndOf(DateTimeOffset cell) => cell == Midnight(cell) ? cell + Night : cell + Quarter;

    private DateTimeOffset Midnight(DateTimeOffset instant)
    {
        var local = TimeZoneInfo.ConvertTime(instant, _zone).Date;
        return new DateTimeOffset(local, _zone.GetUtcOffset(local)).ToUniversalTime();
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static long Passages(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

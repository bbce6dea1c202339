namespace Monitoring.Simulator.Exercises;

/// <summary>Turns rows of recorded counts into bins in order of time, one after the other from the first to the last.</summary>
/// <remarks>A bin without rows is still a bin: its devices are alive and counted nobody.</remarks>
public static class ReplayBins
{
    /// <summary>Longest gap between two rows. A longer one is more likely a wrong stamp than a silence.</summary>
    public static readonly TimeSpan GapMax = TimeSpan.FromDays(366);

    /// <summary>Reads bins while they are asked for.</summary>
    /// <param name="counts">The recorded counts, rows in order of time.</param>
    /// <param name="file">File name for messages.</param>
    /// <param name="map">The map.</param>
    /// <param name="outages">The outages (<c>sensor_id,from,to</c>), or null.</param>
    /// <param name="outagesFile">File name of the outages for messages.</param>
    /// <exception cref="ReplayInputException">A row is wrong (thrown when it is reached).</exception>
    public static IEnumerable<ReplayBin> Read(TextReader counts, string file, ReplayMap map, TextReader? outages = null, string outagesFile = "outages")
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(map);
        return Read(new ReplayCsv(counts, file), map, outages is null ? ReplayOutages.None : ReplayOutages.Read(outages, outagesFile, map));
    }

    /// <summary>Each local day twice: all its bins, then the same bins again. A hub must count them once.</summary>
    /// <param name="bins">Bins in order of time.</param>
    /// <param name="zone">Time zone of the local days.</param>
    public static IEnumerable<ReplayBin> DaysTwice(IEnumerable<ReplayBin> bins, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(bins);
        var day = new List<ReplayBin>();
        foreach (var bin in bins)
        {
            if (day.Count > 0 && LocalDay(day[0].Start, zone) != LocalDay(bin.Start, zone))
            {
                foreach (var again in day)
                    yield return again;
                day.Clear();
            }

            day.Add(bin);
            yield return bin;
        }

        foreach (var again in day)
            yield return again;
    }

    /// <summary>Local day of an instant.</summary>
    internal static DateOnly LocalDay(DateTimeOffset instant, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    /// <summary>The local midnight at or after the end of a bin.</summary>
    /// <param name="end">End of the bin.</param>
    /// <param name="zone">Time zone of the local days.</param>
    public static DateTimeOffset MidnightFrom(DateTimeOffset end, TimeZoneInfo zone)
    {
        var midnight = LocalDay(end.AddTicks(-1), zone).AddDays(1).ToDateTime(TimeOnly.MinValue);

        // Where clocks go forward at midnight, the day begins an hour later.
        while (zone.IsInvalidTime(midnight))
            midnight = midnight.AddMinutes(30);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }

    private static IEnumerable<ReplayBin> Read(ReplayCsv csv, ReplayMap map, ReplayOutages outages)
    {
        var sensorsByDevice = map.Sensors.GroupBy(sensor => sensor.Value.Device, sensor => sensor.Key).ToList();
        var heardTo = new Dictionary<string, DateTimeOffset>();
        ReplayBin Bin(DateTimeOffset start, IEnumerable<CsvRow> rows)
        {
            var alive = sensorsByDevice.Where(device => !device.Any(sensor => outages.Covers(sensor, start))).Select(device => device.Key).ToList();

            // Of two heartbeats at most two intervals apart the hub takes all between them as vouched for: one at the end of so short an outage would make it a zero.
            var back = alive.Where(device => !heardTo.TryGetValue(device, out var to) || start - to > 2 * map.Interval).ToList();
            alive.ForEach(device => heardTo[device] = start + map.Interval);
            return new ReplayBin(
                start,
                start + map.Interval,
                [.. rows.Where(row => !outages.Covers(row.Sensor, start)).Select(row => new ReplayCount(map.Sensors[row.Sensor].Device, map.Sensors[row.Sensor].Channel, row.In, row.Out))],
                alive,
                back);
        }

        var rows = new List<CsvRow>();
        foreach (var row in Rows(csv, map))
        {
            if (rows.Count > 0 && row.Start != rows[0].Start)
            {
                var start = rows[0].Start;
                yield return Bin(start, rows);
                for (start += map.Interval; start < row.Start; start += map.Interval)
                    yield return Bin(start, []);
                rows.Clear();
            }

            rows.Add(row);
        }

        if (rows.Count > 0)
            yield return Bin(rows[0].Start, rows);
    }

    private static IEnumerable<CsvRow> Rows(ReplayCsv csv, ReplayMap map)
    {
        var (time, sensor, inward, outward) = (csv.Column(map.TimeColumn), csv.Column(map.SensorColumn), csv.Column(map.InColumn), map.OutColumn is { } name ? csv.Column(name) : -1);
        DateTimeOffset? last = null;
        foreach (var fields in csv.Rows())
        {
            var stamp = csv.Stamp(fields[time]);
            var row = new CsvRow(map.StampIsEnd ? stamp - map.Interval : stamp, fields[sensor], csv.Passages(fields[inward]), outward < 0 ? 0 : csv.Passages(fields[outward]));
            if (!map.Sensors.ContainsKey(row.Sensor))
                throw csv.Problem($"sensor '{row.Sensor}' is not in the map", "add it under 'sensors:'");
            if (row.Start < last)
                throw csv.Problem("the time goes back", "sort the rows by time");
            if (last is { } before && (row.Start - before).Ticks % map.Interval.Ticks != 0)
                throw csv.Problem($"the time is not a multiple of {map.Interval.TotalSeconds} s after the row before", "mend the stamp, or intervalSeconds of the map");
            if (row.Start - last > GapMax)
                throw csv.Problem($"the time is over {GapMax.TotalDays} days after the row before", "mend the stamp, or replay the parts one by one");
            last = row.Start;
            yield return row;
        }
    }

    private sealed record CsvRow(DateTimeOffset Start, string Sensor, int In, int Out);
}

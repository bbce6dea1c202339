using System.Globalization;
using Monitoring.Domain.Spaces;

namespace Monitoring.Faults.Exercises;

/// <summary>Totals by local day and line, straight from a file of recorded counts: what the hub has to say.</summary>
internal sealed class ReplayedDays
{
    private readonly Dictionary<(DateOnly Day, string Line), (long In, long Out)> _totals = [];

    /// <summary>Local days with counts, in order.</summary>
    public IReadOnlyList<DateOnly> Days => [.. _totals.Keys.Select(key => key.Day).Distinct().Order()];

    /// <summary>Reads a file with the columns <c>time_utc,sensor_id,in,out</c>; a stamp is the start of its interval.</summary>
    public static ReplayedDays Read(string file, TimeZoneInfo zone)
    {
        var days = new ReplayedDays();
        foreach (var fields in File.ReadLines(file).Skip(1).Select(line => line.Split(',')))
        {
            var start = DateTimeOffset.Parse(fields[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            var key = (DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(start, zone).DateTime), fields[1]);
            var (passagesIn, passagesOut) = days._totals.GetValueOrDefault(key);
            days._totals[key] = (passagesIn + long.Parse(fields[2], CultureInfo.InvariantCulture), passagesOut + long.Parse(fields[3], CultureInfo.InvariantCulture));
        }

        return days;
    }

    /// <summary>Where a snapshot's totals of a day differ from the file's, in words.</summary>
    public IEnumerable<string> Differences(DateOnly day, IEnumerable<LineSnapshot> lines, Func<LineSnapshot, LineTotal> totalOf) =>
        from line in lines
        let expected = _totals.GetValueOrDefault((day, line.Id))
        let found = totalOf(line)
        where (found.In, found.Out) != expected
        select $"{day:yyyy-MM-dd} {line.Id}: in {found.In}, out {found.Out}; the file says {expected.In}, {expected.Out}";
}

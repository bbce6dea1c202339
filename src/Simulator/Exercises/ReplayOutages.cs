namespace Monitoring.Simulator.Exercises;

/// <summary>Times in which sensors were away: they send no counts, and their devices no heartbeats.</summary>
internal sealed class ReplayOutages
{
    /// <summary>Most outages of one file.</summary>
    public const int OutagesMax = 100_000;

    /// <summary>No outages.</summary>
    public static readonly ReplayOutages None = new(Array.Empty<Outage>().ToLookup(outage => outage.Sensor));

    private readonly ILookup<string, Outage> _bySensor;

    private ReplayOutages(ILookup<string, Outage> bySensor) => _bySensor = bySensor;

    /// <summary>Reads a file with the columns <c>sensor_id,from,to</c>.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="file">File name for messages.</param>
    /// <param name="map">The map, for the sensors.</param>
    public static ReplayOutages Read(TextReader reader, string file, ReplayMap map)
    {
        var csv = new ReplayCsv(reader, file);
        var (sensor, from, to) = (csv.Column("sensor_id"), csv.Column("from"), csv.Column("to"));
        var outages = new List<Outage>();
        foreach (var row in csv.Rows())
        {
            var outage = new Outage(row[sensor], csv.Stamp(row[from]), csv.Stamp(row[to]));
            if (!map.Sensors.ContainsKey(outage.Sensor))
                throw csv.Problem($"sensor '{outage.Sensor}' is not in the map", "add it to the map, or remove the row");
            if (outage.To <= outage.From)
                throw csv.Problem("the outage ends before it begins", "write from before to");
            if (outages.Count == OutagesMax)
                throw csv.Problem($"there are over {OutagesMax} outages", "join some");
            outages.Add(outage);
        }

        return new ReplayOutages(outages.ToLookup(outage => outage.Sensor, StringComparer.Ordinal));
    }

    /// <summary>Whether a sensor was away when a bin began.</summary>
    /// <param name="sensor">Sensor id.</param>
    /// <param name="binStart">Start of the bin.</param>
    public bool Covers(string sensor, DateTimeOffset binStart) => _bySensor[sensor].Any(outage => outage.From <= binStart && binStart < outage.To);

    private sealed record Outage(string Sensor, DateTimeOffset From, DateTimeOffset To);
}

using Monitoring.Domain;

namespace Monitoring.Simulator.Exercises;

/// <summary>How the columns of a file of recorded counts become messages of devices: MAP.yaml, described in docs/reference/replay.md.</summary>
public sealed record ReplayMap
{
    /// <summary>Most sensors of one map.</summary>
    public const int SensorsMax = 10_000;

    private ReplayMap()
    {
    }

    /// <summary>Column of the stamp, ISO 8601 with offset or Z.</summary>
    public required string TimeColumn { get; init; }

    /// <summary>Column of the sensor id.</summary>
    public required string SensorColumn { get; init; }

    /// <summary>Column of passages inward.</summary>
    public required string InColumn { get; init; }

    /// <summary>Column of passages outward; null where the file has none.</summary>
    public required string? OutColumn { get; init; }

    /// <summary>Length of a bin, 1 s to 24 h.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Whether a stamp is the end of its bin, and not the start.</summary>
    public required bool StampIsEnd { get; init; }

    /// <summary>Time zone of the local days.</summary>
    public required TimeZoneInfo TimeZone { get; init; }

    /// <summary>Sensors of the file by id.</summary>
    public required IReadOnlyDictionary<string, ReplaySensor> Sensors { get; init; }

    /// <summary>Reads a map.</summary>
    /// <param name="document">The document.</param>
    /// <param name="problems">Where problems go.</param>
    /// <returns>The map; null where a problem was found.</returns>
    public static ReplayMap? Read(DocumentNode document, DocumentProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        var before = problems.Found.Count;
        var fields = new DocumentFields(document, "replay map", problems);
        var columns = new DocumentFields(fields.Optional("columns") ?? new DocumentMapping([], fields.Line), "columns", problems);
        var outColumn = columns.TextOr("out", "");
        var map = new ReplayMap
        {
            TimeColumn = columns.Text("time"),
            SensorColumn = columns.Text("sensor"),
            InColumn = columns.Text("in"),
            OutColumn = outColumn.Length > 0 ? outColumn : null,
            Interval = TimeSpan.FromSeconds(fields.Whole("intervalSeconds", 1, 86_400)),
            StampIsEnd = ReadStamp(fields, problems),
            TimeZone = ReadTimeZone(fields, problems),
            Sensors = ReadSensors(fields, problems),
        };
        columns.RefuseUnknown();
        fields.RefuseUnknown();
        return problems.Found.Count > before ? null : map;
    }

    private static bool ReadStamp(DocumentFields fields, DocumentProblems problems)
    {
        var stamp = fields.TextOr("stamp", "start");
        if (stamp is not ("start" or "end"))
            problems.Add(fields.LineOf("stamp"), $"stamp is '{stamp}'", "use start or end: which edge of its bin a row's time names");
        return stamp == "end";
    }

    private static TimeZoneInfo ReadTimeZone(DocumentFields fields, DocumentProblems problems)
    {
        var id = fields.Text("timeZone");
        if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone))
            return zone;
        if (id.Length > 0)
            problems.Add(fields.LineOf("timeZone"), $"timeZone '{id}' is not known", "use an IANA name such as Europe/Zurich, or UTC");
        return TimeZoneInfo.Utc;
    }

    private static Dictionary<string, ReplaySensor> ReadSensors(DocumentFields fields, DocumentProblems problems)
    {
        var sensors = new Dictionary<string, ReplaySensor>(StringComparer.Ordinal);
        foreach (var item in fields.Items("sensors"))
        {
            var sensor = new DocumentFields(item, "sensor", problems);
            var id = sensor.Text("id");
            if (!sensors.TryAdd(id, new ReplaySensor(sensor.TextOr("device", id), sensor.TextOr("channel", id))))
                problems.Add(item.Line, $"sensor '{id}' stands twice", "keep one of them");
            sensor.RefuseUnknown();
        }

        if (sensors.Count is 0 or > SensorsMax)
            problems.Add(fields.LineOf("sensors"), $"the map has {sensors.Count} sensors", $"list 1 to {SensorsMax} under 'sensors:'");
        return sensors;
    }
}

/// <summary>The device and channel that speak for a sensor of the file.</summary>
/// <param name="Device">Device id, as in the site.</param>
/// <param name="Channel">Channel of that device.</param>
public sealed record ReplaySensor(string Device, string Channel);

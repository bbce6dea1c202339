using System.Diagnostics.Metrics;

namespace Monitoring.History;

/// <summary>Instruments of the copy in InfluxDB; docs/reference/metrics.md lists them.</summary>
/// <remarks>A cell makes one line whether it has a number or not, so lines and requests follow the schedule alone.</remarks>
internal static class InfluxMetrics
{
    private static readonly Meter Meter = new(InfluxHistory.MeterName);
    private static readonly Counter<long> Lines = Meter.CreateCounter<long>("monitoring.history.influx.lines", "{line}", "Lines written to InfluxDB, by destination.");
    private static readonly Counter<long> Aside = Meter.CreateCounter<long>("monitoring.history.influx.set_aside", "{line}", "Lines that InfluxDB does not take, by destination and reason.");
    private static readonly Counter<long> Requests = Meter.CreateCounter<long>("monitoring.history.influx.requests", "{request}", "Requests to InfluxDB, by outcome.");

    public static void Written(InfluxTarget target, int lines) => Lines.Add(lines, new KeyValuePair<string, object?>("destination", target.ToString()));

    public static void SetAside(InfluxTarget target, int lines, string reason) => Aside.Add(lines, new("destination", target.ToString()), new("reason", reason));

    /// <summary>Notes a request.</summary>
    /// <param name="status">HTTP status; null where there was no whole answer.</param>
    public static void Requested(int? status) => Requests.Add(1, new KeyValuePair<string, object?>("outcome", status switch
    {
        null => "unreachable",
        200 or 204 => "done",
        400 or 413 or 422 => "refused",
        401 or 403 => "denied",
        404 => "not-found",
        408 or 429 or >= 500 => "busy",
        _ => "not-influxdb",
    }));
}

using System.Diagnostics.Metrics;

namespace Monitoring.Silo.Alarms;

/// <summary>Metrics of the rows that hold alarms.</summary>
internal static class RowMetrics
{
    private static readonly Meter Meter = new("Monitoring.Silo");
    private static readonly Counter<long> FailedSaves = Meter.CreateCounter<long>("monitoring.spaces.failed_saves", "{save}", "Checkpoints that the state store did not take");

    public static void FailedSave() => FailedSaves.Add(1);
}

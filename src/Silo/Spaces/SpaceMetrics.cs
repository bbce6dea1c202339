using System.Diagnostics.Metrics;

namespace Monitoring.Silo.Spaces;

/// <summary>Metrics of the spaces. None depends on single passages: what was counted or set aside stays in the live domain.</summary>
internal static class SpaceMetrics
{
    private static readonly Meter Meter = new("Monitoring.Silo");
    private static readonly Counter<long> UnreadableRecords = Meter.CreateCounter<long>("monitoring.spaces.unreadable", "{record}", "Journal records that a space could not read");

    private static readonly Counter<long> RefusedWatches = Meter.CreateCounter<long>("monitoring.spaces.refused_watches", "{watch}", "Live watches of a space that were turned away because there were too many");

    public static void RefusedWatch() => RefusedWatches.Add(1);

    public static void Unreadable() => UnreadableRecords.Add(1);
}

using System.Diagnostics.Metrics;

namespace Monitoring.Gateway.Intake;

/// <summary>Instruments of the gateway; docs/reference/metrics.md lists them.</summary>
/// <remarks>Accepted messages are not among them: devices leave zeros out, so their number follows single passages.</remarks>
internal static class IntakeMetrics
{
    public const string MeterName = "Monitoring.Gateway";

    private static readonly Meter Meter = new(MeterName);
    private static readonly SlowestOfQuarterHours Commits = new();

    public static readonly Counter<long> Rejected = Meter.CreateCounter<long>("monitoring.intake.rejected", "{message}", "Messages refused, by reason.");

    public static readonly Counter<long> RejectedForgotten = Meter.CreateCounter<long>("monitoring.intake.rejected_forgotten", "{message}", "Refused messages that are no longer in the list, because there were newer ones.");
    public static readonly Counter<long> PendingForgotten = Meter.CreateCounter<long>("monitoring.intake.pending_forgotten", "{device}", "Unknown devices forgotten for others at the limit of the list.");

    public static readonly UpDownCounter<long> Connections = Meter.CreateUpDownCounter<long>("monitoring.intake.connections", "{connection}", "Open MQTT connections, signed in or not.");

    public static readonly Counter<long> Closed = Meter.CreateCounter<long>("monitoring.intake.closed", "{connection}", "Connections that the gateway closed, by reason.");

    public static readonly Counter<long> Quarantined = Meter.CreateCounter<long>("monitoring.journal.quarantined", "{row}", "Damaged journal rows put into quarantine.");

    public static readonly ObservableGauge<double> SlowestCommit = Meter.CreateObservableGauge("monitoring.journal.slowest_commit", () => Commits.Slowest().TotalSeconds, "s", "Longest group commit of this quarter of an hour and the one before.");

    public static readonly Counter<long> FellBehind = Meter.CreateCounter<long>("monitoring.dispatch.fell_behind", "{event}", "Times a space's messages went over the memory limit and were left to the journal.");

    public static readonly Counter<long> Rewound = Meter.CreateCounter<long>("monitoring.dispatch.rewound", "{event}", "Times a space had to be sent messages again from the journal.");

    /// <summary>Notes how long a commit took.</summary>
    public static void Committed(TimeSpan took) => Commits.Note(took);
}

using System.Diagnostics.Metrics;

namespace Monitoring.Dashboard.Spaces;

/// <summary>Figures of the live feed. Nothing here counts updates: those follow single passages.</summary>
internal sealed class LiveMetrics
{
    private readonly Counter<long> _refused;
    private readonly Counter<long> _reconnects;

    public LiveMetrics(IMeterFactory meters, Func<int> subscribers, Func<int> lost)
    {
        var meter = meters.Create("Monitoring.Dashboard");
        meter.CreateObservableGauge("monitoring.live.subscribers", subscribers, "{subscriber}", "Open event streams and pages.");
        meter.CreateObservableGauge("monitoring.live.spaces_lost", lost, "{space}", "Spaces that did not answer lately.");
        _refused = meter.CreateCounter<long>("monitoring.live.refused", "{subscriber}", "Subscribers turned away because there were too many.");
        _reconnects = meter.CreateCounter<long>("monitoring.live.reconnects", "{watch}", "Watches of a space that ended and were begun again.");
    }

    public void Refused() => _refused.Add(1);

    public void Reconnected() => _reconnects.Add(1);
}

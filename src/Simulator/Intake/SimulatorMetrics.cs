using System.Diagnostics.Metrics;

namespace Monitoring.Simulator.Intake;

/// <summary>Counters of the simulator, meter <c>Monitoring.Simulator</c>.</summary>
internal sealed class SimulatorMetrics : IDisposable
{
    private readonly Meter _meter = new("Monitoring.Simulator");
    private readonly Counter<long> _published;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _dropped;

    public SimulatorMetrics()
    {
        _published = _meter.CreateCounter<long>("monitoring.simulator.published", "{message}", "Messages of simulated equipment that the hub accepted");
        _refused = _meter.CreateCounter<long>("monitoring.simulator.refused", "{message}", "Messages of simulated equipment that the hub refused for good");
        _dropped = _meter.CreateCounter<long>("monitoring.simulator.dropped", "{message}", "Messages of simulated equipment lost because the hub was away for too long");
    }

    public void Published() => _published.Add(1);

    public void Refused() => _refused.Add(1);

    public void Dropped() => _dropped.Add(1);

    public void Dispose() => _meter.Dispose();
}

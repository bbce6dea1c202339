using System.Diagnostics.Metrics;

namespace Monitoring.Gateway.Tests;

/// <summary>Counts what a metric says, of one reason or in all.</summary>
internal sealed class CountedMetric : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;

    public CountedMetric(string name, string? reason = null)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == name)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var counts = reason is null;
            foreach (var tag in tags)
                counts |= tag.Value as string == reason;
            if (counts)
                Interlocked.Add(ref _count, value);
        });
        _listener.Start();
    }

    public long Count => Interlocked.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}

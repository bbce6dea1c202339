using System.Diagnostics.Metrics;

namespace Monitoring.History.Tests;

/// <summary>Counts what an instrument says with one tag; other tests run beside it.</summary>
internal sealed class CountedLines : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;

    public CountedLines(string instrument, string tag)
    {
        _listener.InstrumentPublished = (found, listener) =>
        {
            if (found.Name == instrument)
                listener.EnableMeasurementEvents(found);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            foreach (var each in tags)
            {
                if (each.Value as string == tag)
                    Interlocked.Add(ref _count, value);
            }
        });
        _listener.Start();
    }

    public long Count => Interlocked.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}

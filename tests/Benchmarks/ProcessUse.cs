using System.Diagnostics;

namespace Monitoring.Benchmarks;

/// <summary>What a process takes of the machine.</summary>
internal sealed class ProcessUse : IDisposable
{
    private const double BytesPerMB = 1_000_000;
    private static readonly TimeSpan QuietFor = TimeSpan.FromMilliseconds(500);

    private readonly Process _process;

    public ProcessUse(int processId) => _process = Process.GetProcessById(processId);

    /// <summary>Processor time since its start, all threads.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory, MB (10^6 bytes), shared libraries included.</summary>
    public double ResidentMB
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / BytesPerMB;
        }
    }

    /// <summary>Waits until it takes less than a tenth of a core: what it was given is done.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> QuietAsync(TimeSpan within, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < within)
        {
            var (at, used) = (Stopwatch.GetTimestamp(), Processor);
            await Task.Delay(QuietFor, TimeProvider.System, cancellation);
            if ((Processor - used) < Stopwatch.GetElapsedTime(at) / 10)
                return Stopwatch.GetElapsedTime(began, at);
        }

        throw new TimeoutException($"Waited {within} in vain for process {_process.Id} to become quiet.");
    }

    public void Dispose() => _process.Dispose();
}

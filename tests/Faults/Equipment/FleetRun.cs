using System.Diagnostics;
using System.Text.Json;
using Monitoring.Fleet;
using Monitoring.Harness;

namespace Monitoring.Faults.Equipment;

/// <summary>The fleet at work, in a process of its own; killed by its id when the test ends first.</summary>
internal sealed class FleetRun : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _log;
    private readonly FileStream _tail;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private bool _atLineStart = true;

    private FleetRun(Process process, string log)
    {
        (_process, _log) = (process, log);
        _tail = new FileStream(log, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Read, Share = FileShare.ReadWrite, BufferSize = 0 });
    }

    /// <summary>Messages acknowledged so far, as of the last look.</summary>
    public int Accepted { get; private set; }

    /// <summary>Whether all messages are settled.</summary>
    public bool IsDone => _process.HasExited;

    /// <summary>Starts it.</summary>
    /// <param name="folder">Where its plan and its log go.</param>
    /// <param name="script">What it says.</param>
    /// <param name="port">MQTT port that it speaks to.</param>
    /// <param name="secret">Secret of its connection.</param>
    public static FleetRun Start(TemporaryFolder folder, FleetScript script, int port, string secret)
    {
        var plan = folder.Write("fleet.json", JsonSerializer.Serialize(new FleetPlan(port, FaultSite.Connection, secret, script.Clients), JsonSerializerOptions.Web));
        var log = folder.Write("fleet.log", "");
        var start = new ProcessStartInfo("dotnet", [Repository.TestProgram("Fleet"), plan, log]) { RedirectStandardInput = true, WorkingDirectory = folder.Path };
        return new FleetRun(Process.Start(start)!, log);
    }

    /// <summary>Waits until so many messages are acknowledged, or all.</summary>
    public Task AcceptedAsync(int messages, TimeSpan standstill, CancellationToken cancellation) =>
        GoesOnUntilAsync(() => Look() >= messages || _process.HasExited, standstill, cancellation);

    /// <summary>Waits until every message is settled.</summary>
    /// <returns>What became of each.</returns>
    public async Task<FleetOutcome> FinishAsync(TimeSpan standstill, CancellationToken cancellation)
    {
        await GoesOnUntilAsync(() => _process.HasExited, standstill, cancellation);
        Assert.Equal(0, _process.ExitCode);
        return FleetOutcome.Read(_log);
    }

    /// <summary>Kills it in the middle of its work.</summary>
    /// <returns>What it had written.</returns>
    public async Task<FleetOutcome> KillAsync()
    {
        await EndAsync();
        return FleetOutcome.Read(_log);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _process.Dispose();
        await _tail.DisposeAsync();
    }

    // A long form on a busy machine takes its time; only a fleet that stands still has failed.
    private async Task GoesOnUntilAsync(Func<bool> isSo, TimeSpan standstill, CancellationToken cancellation)
    {
        while (!isSo())
        {
            var before = Look();
            await Waiting.UntilAsync($"the fleet goes on ({before} messages acknowledged)", () => Task.FromResult(isSo() || Look() > before), standstill, cancellation);
        }
    }

    private async Task EndAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
    }

    // Reads what was added since the last look.
    private int Look()
    {
        int read;
        while ((read = _tail.Read(_buffer)) > 0)
        {
            foreach (var letter in _buffer.AsSpan(0, read))
            {
                if (_atLineStart && letter == FleetEntry.Accepted)
                    Accepted++;
                _atLineStart = letter == '\n';
            }
        }

        return Accepted;
    }
}

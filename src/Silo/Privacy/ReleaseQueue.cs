using System.Collections.Concurrent;
using Monitoring.Domain;
using Monitoring.Privacy;
using Monitoring.Storage;

namespace Monitoring.Silo.Privacy;

/// <summary>Where all spaces bring their sealed cells: those of a full hour share one transaction, on a thread that answers nobody.</summary>
internal sealed class ReleaseQueue : IDisposable
{
    /// <summary>Most spaces that wait for the next transaction: all of a site, twice. A further one tries again with its next beat.</summary>
    public const int WaitingMax = 2_000;

    private readonly ConcurrentDictionary<string, bool> _away = new(StringComparer.Ordinal);
    private readonly GroupCommit<Work> _writer;

    public ReleaseQueue(ReleaseStore ledger, HubClock clock) => _writer = new GroupCommit<Work>("releases", WaitingMax, works => Release(ledger, works, clock));

    /// <summary>Spaces whose newest cells could not be stored.</summary>
    public int SpacesAway => _away.Count;

    /// <summary>Releases cells of one space.</summary>
    /// <param name="space">The space.</param>
    /// <param name="cells">Cells with the terms on their days.</param>
    /// <returns>Ends when they are stored; fails where nothing of them is.</returns>
    public async Task ReleaseAsync(string space, IReadOnlyList<(ReleaseDay Day, SealedCell Cell)> cells)
    {
        try
        {
            await ReleaseAsync(cells);
            _away.TryRemove(space, out _);
        }
        catch
        {
            _away[space] = true;
            throw;
        }
    }

    /// <summary>That nobody brings cells of a space any more: what waits there is not waited for.</summary>
    /// <param name="space">The space.</param>
    public void Leave(string space) => _away.TryRemove(space, out _);

    private async Task ReleaseAsync(IReadOnlyList<(ReleaseDay Day, SealedCell Cell)> cells)
    {
        var (work, committed) = _writer.TryAdd(() => new Work(cells)) ?? throw new IOException($"{WaitingMax} spaces wait for the release ledger already.");
        await committed;
        if (work.Fault is { } fault)
            throw new InvalidOperationException("The release ledger does not take these cells.", fault);
    }

    public void Dispose() => _writer.Dispose();

    private static void Release(ReleaseStore ledger, IReadOnlyList<Work> works, HubClock clock)
    {
        try
        {
            ledger.Release([.. works.SelectMany(work => work.Cells)], clock);
        }
        catch (ArgumentException)
        {
            // A defect of ours in one space must not keep the others from their releases.
            foreach (var work in works)
                ReleaseAlone(ledger, work, clock);
        }
    }

    private static void ReleaseAlone(ReleaseStore ledger, Work work, HubClock clock)
    {
        try
        {
            ledger.Release(work.Cells, clock);
        }
        catch (ArgumentException fault)
        {
            work.Fault = fault;
        }
    }

    private sealed class Work(IReadOnlyList<(ReleaseDay Day, SealedCell Cell)> cells)
    {
        public IReadOnlyList<(ReleaseDay Day, SealedCell Cell)> Cells { get; } = cells;

        public ArgumentException? Fault { get; set; }
    }
}

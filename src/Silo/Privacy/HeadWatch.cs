using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monitoring.Domain;
using Monitoring.Domain.History;

namespace Monitoring.Silo.Privacy;

/// <summary>Keeps the head of the release ledger in copies of the history, and compares the ledger with what they know: a data folder that is put back as a whole is noticed by nothing on this machine.</summary>
/// <param name="ledger">The ledger.</param>
/// <param name="time">The wall clock.</param>
/// <param name="logger">Log.</param>
internal sealed class HeadWatch(ReleaseStore ledger, TimeProvider time, ILogger<HeadWatch> logger)
{
    /// <summary>How often a head is kept.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromDays(1);

    /// <summary>Longest wait for one copy at the start: a hub is not kept from counting by a history that is away. It is compared later too, before a head is kept.</summary>
    public static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, DateTimeOffset> _kept = [];
    private readonly Dictionary<string, LedgerMark> _noticed = [];
    private readonly HashSet<string> _unasked = [];

    /// <summary>Compares the ledger with what copies know, before the first number is drawn.</summary>
    /// <param name="services">Services of a process with the silo role that has not started.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task CompareAsync(IServiceProvider services, CancellationToken cancellation)
    {
        if (services.GetRequiredService<HubClock>().Kind == ClockKind.Replay)
            return;
        var watch = services.GetRequiredService<HeadWatch>();
        foreach (var copy in services.GetServices<IHistoryCopy>())
        {
            using var within = new CancellationTokenSource(StartWithin, services.GetRequiredService<HubClock>().Wall);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, within.Token);
            await watch.IsOlderAsync(copy, either.Token, cancellation);
        }
    }

    /// <summary>Once a day: compares, and then keeps the head.</summary>
    /// <param name="copy">The copy; it can be reached.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Whether the ledger was found to be put back, which is to be told.</returns>
    /// <exception cref="HistoryAwayException">The head was not kept; the caller comes again.</exception>
    public async Task<bool> LookAsync(IHistoryCopy copy, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_kept.TryGetValue(copy.Name, out var last) && now - last < Every && now >= last)
            return false;
        var isOlder = await IsOlderAsync(copy, cancellation, cancellation);

        // What could not be read is not written over: it may be all that tells of a ledger that was put back.
        if (_unasked.Contains(copy.Name))
            return false;
        await copy.KeepHeadAsync(ledger.Head, now, cancellation);
        _kept[copy.Name] = now;
        return isOlder;
    }

    private async Task<bool> IsOlderAsync(IHistoryCopy copy, CancellationToken cancellation, CancellationToken ending)
    {
        try
        {
            var known = await copy.HeadAsync(cancellation);
            _unasked.Remove(copy.Name);
            // What was noticed at the start stands there until a newer head does.
            if (known is null || _noticed.GetValueOrDefault(copy.Name) == known || !ledger.NoticeHead(copy.Name, known, time.GetUtcNow()))
                return false;
            _noticed[copy.Name] = known;
            return true;
        }
        catch (Exception fault) when (fault is HistoryAwayException || (fault is OperationCanceledException && !ending.IsCancellationRequested))
        {
            if (_unasked.Add(copy.Name))
                logger.HeadNotCompared(copy.Name, fault is HistoryAwayException ? fault.Message : "It did not answer in time");
            return false;
        }
    }
}

using System.Collections.Concurrent;
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

    /// <summary>How often a copy is asked whose head only a person can make readable again.</summary>
    public static readonly TimeSpan UnreadableEvery = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, DateTimeOffset> _kept = [];
    private readonly Dictionary<string, DateTimeOffset> _unreadable = [];
    private readonly Dictionary<string, LedgerMark> _noticed = [];
    private readonly ConcurrentDictionary<string, bool> _unasked = [];

    /// <summary>Whether the head that a copy keeps cannot be read before a person has seen to it: a data folder that is put back would not be noticed.</summary>
    public bool NeedsPerson => _unasked.Any(copy => copy.Value);

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
            try
            {
                await watch.IsOlderAsync(copy, either.Token);
            }
            catch (HistoryAwayException)
            {
                // It is in the log, and the copy gets nothing before it was asked again.
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                watch.NoteUnasked(copy, "It did not answer in time");
            }
        }
    }

    /// <summary>Once a day: compares, and then keeps the head.</summary>
    /// <param name="copy">The copy; it can be reached.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Whether the ledger was found to be put back, which is to be told.</returns>
    /// <exception cref="HistoryAwayException">The copy cannot be asked or the head not be kept; nothing is to be copied before.</exception>
    public async Task<bool> LookAsync(IHistoryCopy copy, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_kept.TryGetValue(copy.Name, out var last) && now - last < Every && now >= last)
            return false;
        if (_unreadable.TryGetValue(copy.Name, out var tried) && now - tried < UnreadableEvery && now >= tried)
            return false;
        try
        {
            var isOlder = await IsOlderAsync(copy, cancellation);
            await copy.KeepHeadAsync(ledger.Head, now, cancellation);
            _kept[copy.Name] = now;
            return isOlder;
        }
        catch (HistoryAwayException away) when (away.NeedsPerson && _unasked.ContainsKey(copy.Name))
        {
            // What could not be read is not written over: it may be all that tells of a ledger that was put back. Releases go on meanwhile.
            _unreadable[copy.Name] = now;
            return false;
        }
    }

    private async Task<bool> IsOlderAsync(IHistoryCopy copy, CancellationToken cancellation)
    {
        LedgerMark? known;
        try
        {
            known = await copy.HeadAsync(cancellation);
        }
        catch (HistoryAwayException away)
        {
            NoteUnasked(copy, away.Message, away.NeedsPerson);
            throw;
        }

        _unasked.TryRemove(copy.Name, out _);

        // What was noticed at the start stands there until a newer head does.
        if (known is null || _noticed.GetValueOrDefault(copy.Name) == known || !ledger.NoticeHead(copy.Name, known, time.GetUtcNow()))
            return false;
        _noticed[copy.Name] = known;
        return true;
    }

    private void NoteUnasked(IHistoryCopy copy, string why, bool needsPerson = false)
    {
        if (!_unasked.ContainsKey(copy.Name))
            logger.HeadNotCompared(copy.Name, why);
        _unasked[copy.Name] = needsPerson;
    }
}

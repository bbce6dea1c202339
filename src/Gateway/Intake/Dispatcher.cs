using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;

namespace Monitoring.Gateway.Intake;

/// <summary>Brings journaled messages to their spaces: in order, once as far as the space is concerned, for as long as it takes.</summary>
/// <remarks>A lane whose memory is full leaves its tail to the journal; <see cref="CatchUp"/> reads it from there when there is room.</remarks>
internal sealed class Dispatcher : IDisposable
{
    private readonly ConcurrentDictionary<string, SpaceLane> _lanes = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly IngestJournal _journal;
    private readonly IGrainFactory _grains;
    private readonly IntakeRecord _record;
    private readonly DispatchOptions _options;
    private readonly string _gateway;
    private readonly TimeProvider _wall;
    private readonly ILogger _log;
    private int _pending;
    private long _pendingBytes;

    public Dispatcher(IngestJournal journal, IGrainFactory grains, IntakeRecord record, IOptions<DispatchOptions> options, IOptions<GatewayOptions> gateway, HubClock clock, ILogger<Dispatcher> log)
    {
        (_journal, _grains, _record, _options, _gateway, _wall, _log) = (journal, grains, record, options.Value, gateway.Value.Name, clock.Wall, log);
        foreach (var (space, highest) in journal.HighestBySpace())
            _lanes[space] = new SpaceLane(space) { Highest = highest, Behind = true, CursorUnknown = true };
        journal.Committed += Offer;
    }

    /// <summary>Wakes the reader of the journal: a lane fell behind, or has room again.</summary>
    public SemaphoreSlim CatchUpWork { get; } = new(1);

    public IEnumerable<SpaceLane> Lanes => _lanes.Values;

    /// <summary>Messages in memory, all spaces.</summary>
    public int Pending => Volatile.Read(ref _pending);

    public int LanesBehind => _lanes.Values.Count(lane => lane.Behind);

    /// <summary>Whether a lane may take one more message into memory.</summary>
    public bool HasRoom(SpaceLane lane) => lane.Pending < _options.LanePendingMax && Pending < _options.PendingMax && Volatile.Read(ref _pendingBytes) < _options.PendingBytesMax;

    /// <summary>Waits until everything that is journaled now is applied by its space.</summary>
    public Task DrainAsync(CancellationToken cancellation) => Task.WhenAll(_lanes.Values.Select(lane =>
    {
        lock (lane.Gate)
            return lane.WhenApplied(lane.Highest);
    })).WaitAsync(cancellation);

    /// <summary>Takes a message into memory and starts its lane's sender. The caller holds the lane's gate.</summary>
    public void Take(SpaceLane lane, JournalRow row)
    {
        lane.Take(new JournaledMessage(row.Offset, row.Body));
        Interlocked.Increment(ref _pending);
        Interlocked.Add(ref _pendingBytes, row.Body.Length);
        if (lane.Sending)
            return;
        lane.Sending = true;
        _ = Task.Run(() => SendAsync(lane));
    }

    /// <summary>Asks a space how far it has come, and takes that over.</summary>
    public async Task AskCursorAsync(SpaceLane lane)
    {
        var sent = lane.Applied;
        var receipt = await _grains.GetGrain<ISpaceGrain>(lane.Space).GetCursorAsync(_journal.Id);
        lock (lane.Gate)
        {
            if (lane.CursorUnknown)
            {
                lane.Restart(receipt.Applied);
                lane.Settle(receipt, lane.Applied);
                Wake();
            }
            else if (!lane.Sending)
            {
                Settle(lane, receipt, sent);
            }
        }
    }

    public void Wake()
    {
        if (CatchUpWork.CurrentCount == 0)
            CatchUpWork.Release();
    }

    /// <summary>Ends the senders; what is not applied stays in the journal.</summary>
    public void Dispose()
    {
        _journal.Committed -= Offer;
        _stopping.Cancel();
    }

    private void Offer(IReadOnlyList<JournalRow> rows)
    {
        _record.Accepted(rows.Count);
        foreach (var row in rows)
        {
            var lane = _lanes.GetOrAdd(row.Space, static space => new SpaceLane(space));
            lock (lane.Gate)
            {
                lane.Highest = row.Offset;
                if (lane.Behind)
                    continue;
                if (HasRoom(lane))
                {
                    Take(lane, row);
                    continue;
                }

                lane.Behind = true;
            }

            IntakeMetrics.FellBehind.Add(1);
            Wake();
        }
    }

    private async Task SendAsync(SpaceLane lane)
    {
        var backoff = new Backoff();
        var space = _grains.GetGrain<ISpaceGrain>(lane.Space);
        while (true)
        {
            ReadingBatch batch;
            lock (lane.Gate)
            {
                if (lane.Pending == 0 || _stopping.IsCancellationRequested)
                {
                    lane.Sending = false;
                    return;
                }

                batch = lane.NextBatch(_journal.Id, _gateway);
            }

            try
            {
                var receipt = await space.IngestAsync(batch);
                _record.Duplicates(receipt.Duplicates);
                lock (lane.Gate)
                    Settle(lane, receipt, batch.Records[^1].Offset);
                backoff = new Backoff();
            }
#pragma warning disable CA1031 // Whatever keeps the space away (no silo, a time-out, its store), the batch is sent again; said once per change.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                if (!lane.Away)
                    _log.SpaceAway(lane.Space, fault);
                lane.Away = true;
                await backoff.WaitAsync(_wall, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Settle(SpaceLane lane, IngestReceipt receipt, long sentThrough)
    {
        var bytes = lane.PendingBytes;
        var (left, rewound) = lane.Settle(receipt, sentThrough);
        Interlocked.Add(ref _pending, -left);
        Interlocked.Add(ref _pendingBytes, lane.PendingBytes - bytes);
        if (lane.Away)
            _log.SpaceBack(lane.Space);
        lane.Away = false;
        if (rewound)
        {
            IntakeMetrics.Rewound.Add(1);
            _log.SpaceRewound(lane.Space, receipt.Applied, sentThrough);
        }

        if (lane.Behind)
            Wake();
    }
}

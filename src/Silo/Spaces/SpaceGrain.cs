using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;
using Orleans.Storage;

namespace Monitoring.Silo.Spaces;

/// <summary>Holds one public space: applies what its devices report, publishes what may be shown, saves what must be kept.</summary>
[KeepAlive]
internal sealed class SpaceGrain(
    [PersistentState("space")] IPersistentState<SpaceState> store,
    SiteCache sites,
    HubClock clock,
    IOptions<SpaceOptions> options,
    ILogger<SpaceGrain> logger) : Grain, ISpaceGrain
{
    /// <summary>A published state is not saved for its number alone: after a crash the numbers go on above what anybody has seen. 115 days of one a second.</summary>
    private const long SequenceJump = 10_000_000;

    private readonly Dictionary<Guid, long> _saved = [];
    private SpaceModel? _model;
    private SpaceView? _view;
    private SpaceUpdate? _published;
    private TaskCompletionSource _change = NewChange();
    private IGrainTimer? _publishSoon;
    private Task _saving = Task.CompletedTask;
    private int _watchers;
    private bool _unpublished;
    private bool _unsaved;
    private bool _saveFailed;

    private string Id => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        store.State.Sequence += SequenceJump;
        foreach (var cursor in store.State.Cursors)
            _saved[cursor.Journal] = cursor.Offset;
        await ReloadSiteAsync();
        var beat = TimeSpan.FromMilliseconds(options.Value.CheckpointEveryMs);
        this.RegisterGrainTimer(LookAsync, beat, beat);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _saving;
        if (_unsaved)
            await store.WriteStateAsync(cancellationToken);
    }

    public async Task ReloadSiteAsync()
    {
        var space = await sites.FindAsync(Id);
        if (space is null)
            logger.NotInSite(Id);
        _model = new SpaceModel(space ?? Unlisted(Id), store.State);
        _view = space is null ? null : new SpaceView(space, store.State);
        _unpublished = true;
    }

    public Task<IngestReceipt> IngestAsync(ReadingBatch batch)
    {
        var applied = store.State.CursorOf(batch.Journal);
        if (applied == 0 && !store.State.Knows(batch.Journal) && store.State.Cursors.Count > 0)
            logger.NewJournal(Id, batch.Journal, batch.Gateway);
        if (batch.After > applied)
            return Task.FromResult(new IngestReceipt(applied, _saved.GetValueOrDefault(batch.Journal), 0));
        var duplicates = 0;
        foreach (var record in batch.Records)
        {
            if (record.Offset <= applied)
                continue;
            duplicates += Apply(record, batch.Journal);
            applied = record.Offset;
            store.State.MoveCursor(batch.Journal, applied);
        }

        _unsaved = true;
        Changed();
        return Task.FromResult(new IngestReceipt(applied, _saved.GetValueOrDefault(batch.Journal), duplicates));
    }

    public Task<IngestReceipt> GetCursorAsync(Guid journal) =>
        Task.FromResult(new IngestReceipt(store.State.CursorOf(journal), _saved.GetValueOrDefault(journal), 0));

    public Task<SpaceUpdate> GetAsync()
    {
        if (_published is null || _unpublished)
            Publish();
        return Task.FromResult(_published! with { IsSnapshot = true });
    }

    public async IAsyncEnumerable<SpaceUpdate> WatchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (_watchers >= options.Value.WatchersMax)
            throw new InvalidOperationException($"Space '{Id}' has {_watchers} live watches; close one, or raise Silo:Spaces:WatchersMax.");
        _watchers++;
        try
        {
            var last = await GetAsync();
            yield return last;
            while (true)
            {
                var change = _change.Task;
                if (_published!.Sequence == last.Sequence)
                    await change.WaitAsync(cancellation);
                var next = _published;
                last = next with { IsSnapshot = next.Sequence != last.Sequence + 1 };
                yield return last;
            }
        }
        finally
        {
            _watchers--;
        }
    }

    public Task<byte[]> GetDevicesAsync() => Task.FromResult(DeviceStatus.ToBytes(new EquipmentView(_model!.Space, store.State).At(clock.Now)));

    public Task TickAsync()
    {
        _model!.Forget(clock.Now);
        if (_view is not null)
            Publish();
        return Task.CompletedTask;
    }

    private static PublicSpace Unlisted(string id) => new(id, id, "", TimeZoneInfo.Utc, [], [], [], [], [], []);

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A record that cannot be applied must not hold up those behind it: it is logged, counted and passed over.
    private int Apply(JournaledMessage record, Guid journal)
    {
        try
        {
            var fates = _model!.Apply(AcceptedMessage.FromBytes(record.Body));
            return fates.GetValueOrDefault(SetAside.Duplicate);
        }
#pragma warning disable CA1031 // A defect of ours must not stop a space for ever either.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            logger.UnreadableRecord(fault, Id, record.Offset, journal);
            SpaceMetrics.Unreadable();
            store.State.SetAsideElsewhere[SetAside.Unreadable] = store.State.SetAsideElsewhere.GetValueOrDefault(SetAside.Unreadable) + 1;
            return 0;
        }
    }

    private void Changed()
    {
        _unpublished = true;
        if (_watchers == 0 || _view is null || _publishSoon is not null)
            return;

        // The first change goes out at once; those that follow within the interval share the next state.
        _publishSoon = this.RegisterGrainTimer(PublishPending, new GrainTimerCreationOptions(TimeSpan.FromMilliseconds(options.Value.PublishEveryMs), Timeout.InfiniteTimeSpan) { KeepAlive = false });
        Publish();
    }

    private Task PublishPending()
    {
        _publishSoon?.Dispose();
        _publishSoon = null;
        if (_unpublished)
            Changed();
        return Task.CompletedTask;
    }

    private void Publish()
    {
        if (_view is null)
            throw new KeyNotFoundException($"The site has no space '{Id}'.");
        store.State.Sequence++;
        var levels = Levels();
        _published = new SpaceUpdate(store.State.Sequence, false, _view.At(clock.Now, clock.Kind).ToBytes());
        _unsaved |= !levels.SequenceEqual(Levels());
        _unpublished = false;
        var change = _change;
        _change = NewChange();
        change.SetResult();
    }

    // What silence holds on to must survive a restart, although no message came with it.
    private List<(LevelOfService, LevelOfService?)> Levels() => [.. store.State.Zones.Values.Select(zone => (zone.LastLevel, zone.HeldLevel))];

    private async Task LookAsync(CancellationToken cancellation)
    {
        await TickAsync();
        if (_unsaved && _saving.IsCompleted)
            _saving = SaveAsync();
    }

    // Not awaited by the turn that starts it: while the store is slow or away, the space goes on in memory.
    private async Task SaveAsync()
    {
        var cursors = store.State.Cursors.ToList();
        _unsaved = false;
        try
        {
            await store.WriteStateAsync();
            foreach (var cursor in cursors)
                _saved[cursor.Journal] = cursor.Offset;
            if (_saveFailed)
                logger.SavesAgain(Id);
            _saveFailed = false;
        }
#pragma warning disable CA1031 // Whatever keeps the store from writing is the same to a space: stay dirty, say so once, try again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _unsaved = true;
            SpaceMetrics.FailedSave();

            // Somebody else wrote the row, or a write that was reported lost was not: begin anew from what is stored; the gateway hands the rest over again.
            if (fault is InconsistentStateException)
                DeactivateOnIdle();
            if (!_saveFailed)
                logger.CannotSave(fault, Id);
            _saveFailed = true;
        }
    }
}

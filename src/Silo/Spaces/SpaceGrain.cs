using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Accounts;
using Monitoring.Contracts.Alarms;
using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;
using Monitoring.Silo.Alarms;
using Monitoring.Silo.Privacy;

namespace Monitoring.Silo.Spaces;

/// <summary>Holds one public space: applies what its devices report, publishes what may be shown, saves what must be kept.</summary>
[KeepAlive]
internal sealed class SpaceGrain(
    [PersistentState("space")] IPersistentState<SpaceState> row,
    [PersistentState("alarms")] IPersistentState<AlarmArchive> archive,
    SiteCache sites,
    ReleaseQueue ledger,
    HubClock clock,
    IOptions<SpaceOptions> options,
    ILogger<SpaceGrain> logger) : Grain, ISpaceGrain
{
    /// <summary>A published state is not saved for its number alone: after a crash the numbers go on above what anybody has seen. 115 days of one a second.</summary>
    private const long SequenceJump = 10_000_000;

    private readonly RecentStrip _recent = new();
    private readonly Dictionary<Guid, long> _saved = [];
    private RowStore<SpaceState> _store = null!;
    private AlarmDesk _desk = null!;
    private SpaceReleases _releases = null!;
    private SpaceCells _cells = null!;
    private SpaceModel? _model;
    private SpaceView? _view;
    private SpaceUpdate? _published;
    private TaskCompletionSource _change = NewChange();
    private IGrainTimer? _publishSoon;
    private LiveWatches _watches = null!;
    private bool _unpublished;
    private int _siteVersion;

    private string Id => this.GetPrimaryKeyString();

    private SpaceState State => row.State;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        State.Sequence += SequenceJump;
        _watches = new LiveWatches(Id, options.Value.WatchersMax);
        NoteSaved(State.Cursors);
        _store = new RowStore<SpaceState>(row, $"Space {Id}", DeactivateOnIdle, logger) { BeforeSave = () => { var (cursors, lastSealed) = (State.Cursors.ToList(), State.Releases.LastSealed); return () => { NoteSaved(cursors); _releases.SavedTo = lastSealed; }; } };
        _releases = new SpaceReleases(Id, State, ledger, _store.Touch, logger);
        _desk = new AlarmDesk(State, _store.SaveNowAsync, DeactivateOnIdle, archive, clock, () => GrainFactory.GetGrain<IAuditGrain>(0), logger);
        await ReloadSiteAsync();
        if (_cells.Seal(clock.Now))
            _store.Touch();
        var beat = TimeSpan.FromMilliseconds(options.Value.CheckpointEveryMs);
        this.RegisterGrainTimer(LookAsync, beat, beat);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Also where the row cannot be saved. What a release has taken from it meanwhile is saved after it: true numbers that are out go.
        try
        {
            await _store.SaveLastAsync(cancellationToken);
        }
        finally
        {
            await _releases.EndAsync().WaitAsync(cancellationToken);
        }

        await _store.SaveLastAsync(cancellationToken);
    }

    public async Task ReloadSiteAsync()
    {
        (var space, _siteVersion) = await sites.FindAsync(Id);
        if (space is null)
            logger.NotInSite(Id);
        var described = space ?? Unlisted(Id);
        _cells = new SpaceCells(Id, State);
        _model = new SpaceModel(described, State, clock.Kind, options.Value.Repeats(), _cells);
        _view = space is null ? null : new SpaceView(space, State);
        TakeTermsOver();
        if (space is null)
            _recent.Clear();
        if (State.Alarms.Release((rule, subject) => _model.Space.HasSubject(rule, subject) && State.Alarms.ThresholdFor(_model.Space.Thresholds, rule, subject, clock.Now) is not null, clock.Now))
            _store.Touch();
        _unpublished = true;
    }

    public Task<IngestReceipt> IngestAsync(ReadingBatch batch)
    {
        var applied = State.CursorOf(batch.Journal);
        if (applied == 0 && !State.Knows(batch.Journal) && State.Cursors.Count > 0)
            logger.NewJournal(Id, batch.Journal, batch.Gateway);
        if (batch.After > applied)
            return Task.FromResult(new IngestReceipt(applied, _saved.GetValueOrDefault(batch.Journal), 0));
        var (duplicates, alarmMoved) = (0, false);
        foreach (var record in batch.Records)
        {
            if (record.Offset <= applied)
                continue;
            duplicates += Apply(record, batch.Journal);
            alarmMoved |= _model!.Moved.Count > 0;
            applied = record.Offset;
            State.MoveCursor(batch.Journal, applied);
        }

        _store.Touch();
        if (alarmMoved)
            _store.SaveSoon();
        Changed();
        return Task.FromResult(new IngestReceipt(applied, _saved.GetValueOrDefault(batch.Journal), duplicates));
    }

    public Task<IngestReceipt> GetCursorAsync(Guid journal) =>
        Task.FromResult(new IngestReceipt(State.CursorOf(journal), _saved.GetValueOrDefault(journal), 0));

    public Task<SpaceUpdate> GetAsync()
    {
        if (_published is null || (_unpublished && !_desk.IsStoring))
            Publish();
        return Task.FromResult(_published! with { IsSnapshot = true });
    }

    public Task<byte[]> GetTermsAsync() => Task.FromResult(JsonSerializer.SerializeToUtf8Bytes(State.Releases.Days));

    public async IAsyncEnumerable<SpaceUpdate> WatchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        _watches.Enter();
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
            _watches.Leave();
        }
    }

    public Task<byte[]> GetDevicesAsync()
    {
        NoteClock();
        return Task.FromResult(DeviceStatus.ToBytes(new EquipmentView(_model!.Space, State).At(clock.Now)));
    }

    public Task<byte[]> GetRecentAsync() => Task.FromResult(_recent.ToBytes());

    public Task<byte[]> GetAlarmsAsync() => Task.FromResult(_desk.Open());

    public Task<byte[]> GetAlarmsOverAsync(DateTimeOffset? before, int max) => Task.FromResult(_desk.Over(before, max));

    public async Task<AcknowledgeAnswer> AcknowledgeAsync(string alarm, string by, string note)
    {
        var answer = await _desk.AcknowledgeAsync(alarm, by, note);
        if (answer.Outcome == AcknowledgeOutcome.Taken)
            Changed();
        return answer;
    }

    public async Task<string?> ChangeThresholdAsync(ThresholdWish wish)
    {
        var problem = await _desk.ChangeAsync(_model!.Space, wish);
        if (problem is null)
            Changed();
        return problem;
    }

    public async Task TickAsync()
    {
        Look();
        if (clock.Kind == ClockKind.Replay)
            await ReleaseAllAsync();
    }

    private void Look()
    {
        NoteClock();
        if (_model!.Forget(clock.Now))
            _store.Touch();
        if (_desk.EndChanges(Id))
            _store.Touch();
        TakeTermsOver();
        if (_cells.Seal(clock.Now))
            _store.Touch();
        if (_view is not null)
            Publish();
    }

    // A replay's clock that was not moved yet knows no day. Of a space that the site no longer has, the days that have begun are brought to their end.
    private void TakeTermsOver()
    {
        if (_view is not null && clock.Now > DateTimeOffset.UnixEpoch && _cells.Pin(_model!.Space, _siteVersion, clock.Now, SpaceCells.AheadOn(clock.Kind)))
            _store.Touch();
    }

    // A replay's clock goes on when everything that ended before is released: its days pass in seconds.
    private async Task ReleaseAllAsync()
    {
        while (State.Releases.Sealed.Count > 0)
        {
            if (_releases.SavedTo < State.Releases.LastSealed)
                await _store.SaveNowAsync();
            await _releases.ReleaseNowAsync(_cells);
            if (_releases.IsAway)
                return;
            TakeTermsOver();
            if (_cells.Seal(clock.Now))
                _store.Touch();
        }
    }

    private static PublicSpace Unlisted(string id) => new(id, id, "", TimeZoneInfo.Utc, [], [], [], [], [], []);

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A record that cannot be applied must not hold up those behind it: it is logged, counted and passed over.
    private int Apply(JournaledMessage record, Guid journal)
    {
        try
        {
            NoteClock();
            var fates = _model!.Apply(AcceptedMessage.FromBytes(record.Body));
            return fates.GetValueOrDefault(SetAside.Duplicate);
        }
#pragma warning disable CA1031 // A defect of ours must not stop a space for ever either.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            logger.UnreadableRecord(fault, Id, record.Offset, journal);
            SpaceMetrics.Unreadable();
            State.SetAsideElsewhere[SetAside.Unreadable] = State.SetAsideElsewhere.GetValueOrDefault(SetAside.Unreadable) + 1;
            return 0;
        }
    }

    private void NoteClock()
    {
        if (!_model!.NoteClock(clock.Now))
            return;
        logger.ClockPutBack(Id);
        _store.Touch();
        _unpublished = true;
    }

    private void NoteSaved(List<JournalCursor> cursors)
    {
        foreach (var cursor in cursors)
            _saved[cursor.Journal] = cursor.Offset;
    }

    private void Changed()
    {
        _unpublished = true;
        if (_watches.Open == 0 || _view is null || _publishSoon is not null)
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
        NoteClock();
        State.Sequence++;
        var levels = Levels();
        var snapshot = _view.At(clock.Now, clock.Kind);
        _recent.Note(snapshot);
        _published = new SpaceUpdate(State.Sequence, false, snapshot.ToBytes());
        if (!levels.SequenceEqual(Levels()))
            _store.Touch();
        _unpublished = false;
        var change = _change;
        _change = NewChange();
        change.SetResult();
    }

    // What silence holds on to must survive a restart, although no message came with it.
    private List<(LevelOfService, LevelOfService?)> Levels() => [.. State.Zones.Values.Select(zone => (zone.LastLevel, zone.HeldLevel))];

    private async Task LookAsync(CancellationToken cancellation)
    {
        Look();
        _desk.HandOn(_store);
        _releases.ReleaseSoon(_cells);

        // It may have been told of a new site in vain: it was busy, or its answer was lost.
        if (sites.NewestVersion() > _siteVersion)
            await ReloadSiteAsync();
    }
}

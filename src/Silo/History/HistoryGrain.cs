using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Accounts;
using Monitoring.Contracts.History;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Domain.History;
using Monitoring.Domain.Spaces;
using Monitoring.Privacy;
using Monitoring.Silo.Privacy;
using Monitoring.Silo.Spaces;

namespace Monitoring.Silo.History;

/// <summary>Copies what is released to where it is read, each copy at its own pace, and answers questions from the one on this machine.</summary>
/// <remarks>Reentrant: a question does not wait for a copy that hangs. What it writes is written by its timer alone.</remarks>
[KeepAlive, Orleans.Concurrency.Reentrant]
internal sealed class HistoryGrain(
    [PersistentState("history")] IPersistentState<HistoryState> row,
    IEnumerable<IHistoryCopy> copies,
    IHistoryStore store,
    ReleaseStore ledger,
    HeadWatch heads,
    SiteCache sites,
    HubClock clock,
    IOptions<ReleaseOptions> options,
    ILogger<HistoryGrain> logger) : Grain, IHistoryGrain, IDisposable
{
    /// <summary>How often it looks for what is new, by the wall clock.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>How often the state of equipment is written, by the hub's clock: at whole multiples, whatever happens in between.</summary>
    public static readonly TimeSpan HealthEvery = TimeSpan.FromMinutes(15);

    /// <summary>How often the terms of days are asked of their spaces, by the wall clock: they are taken over an hour before they hold.</summary>
    public static readonly TimeSpan TermsEvery = TimeSpan.FromMinutes(1);

    /// <summary>Most points of one file.</summary>
    public const int FilePointsMax = 5_000_000;

    private const int PieceBytes = 64 * 1_024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Dictionary<string, byte[]> _terms = [];
    private readonly CancellationTokenSource _ending = new();
    private HistoryReader _reader = null!;
    private HistoryCopies _copies = null!;
    private DateTimeOffset _healthAt = DateTimeOffset.MinValue;
    private Task _beat = Task.CompletedTask;
    private Task _asking = Task.CompletedTask;
    private Task _clearing = Task.CompletedTask;
    private Task _saving = Task.CompletedTask;
    private bool _unsaved;
    private long? _termsRead;
    private ReleaseAudit _audit = null!;
    private Dictionary<CopyRun, UsualWeeks> _weeks = [];

    private HistoryState State => row.State;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var assembly = new PointAssembly(ledger, State.On);
        _reader = new HistoryReader(store, State.On);
        var chance = new Random(unchecked((int)clock.Wall.GetTimestamp()));
        var health = new HealthLog(store, State, store.HealthAfterAsync);
        _copies = new HistoryCopies([.. copies.Prepend(store).Distinct().Select(copy => new CopyRun(copy, ledger, assembly, health, State, SaveAsync, clock.Wall, chance, logger))], ledger, assembly, health, State, logger);
        _audit = new ReleaseAudit(() => GrainFactory.GetGrain<IAuditGrain>(0), ledger, State, clock.Wall, logger);
        _weeks = _copies.Runs.Where(run => run.Copy.KeepsWeeks).ToDictionary(run => run, _ => new UsualWeeks(_reader));
        await NoteSpacesAsync();
        this.RegisterGrainTimer(LookAsync, new GrainTimerCreationOptions(Every, Every) { Interleave = true });
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_beat, _asking);
        await _copies.UnderWay;
        // Who asked for these is told how they end.
        await Task.WhenAll(_clearing, _saving).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _ending.Dispose();

    public Task<HistoryAnswer> ReadAsync(HistoryQuestion question) => _reader.ReadAsync(question, _ending.Token);

    public Task<HistoryAnswer> WeekAsync(HistoryQuestion question) => _reader.WeekAsync(question, _ending.Token);

    public Task<HistoryAnswer> SeriesAsync(string space) => _reader.SeriesAsync(space, _ending.Token);

    public Task<HistoryAnswer> HealthAsync(string device, DateTimeOffset from, DateTimeOffset to) => _reader.HealthAsync(device, from, to, _ending.Token);

    public async IAsyncEnumerable<byte[]> ExportAsync(HistoryQuestion question, HistoryFormat format, bool withNoise, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var file = await _reader.ExportAsync(question, format, withNoise, FilePointsMax, cancellation);
        await using var content = file.Content;
        var piece = new byte[PieceBytes];
        int read;
        while ((read = await content.ReadAtLeastAsync(piece, PieceBytes, throwOnEndOfStream: false, cancellation)) > 0)
            yield return piece[..read];
    }

    public async Task<HistoryAnswer> PrivacyAsync(string space, DateOnly from, DateOnly to)
    {
        var (known, version) = await sites.FindAsync(space);
        if (known is null)
            return new HistoryAnswer(null, "not-found", "The site has no such space.");
        var terms = PromisedTerms.Of(known, version, _terms.GetValueOrDefault(space));
        var today = CivilDay.At(clock.Now, known.TimeZone).Date;
        var days = ledger.SpentOn(space, from, to, clock.Now).Select(day => new PrivacyDay(day.Day, PointAssembly.KindOf(day.Kind), day.SpentMicro, day.Released, day.Without));
        return new HistoryAnswer(JsonSerializer.SerializeToUtf8Bytes(new PrivacyReport(space, known.TimeZone.Id, terms.On(today), [.. days.OrderByDescending(day => day.Day)], options.Value.RetentionDays, terms.After(today)), Json));
    }

    public async Task<int> WithdrawAsync(string space, DateOnly day, string by, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        // A space that is not in the site any more may still have numbers to take back.
        if ((await sites.FindAsync(space)).Space is null && !ledger.Knows(space))
            throw new HistoryRefusedException("not-found", "Neither the site nor the release ledger has such a space: nothing was taken back.");
        var fact = new AuditFact($"withdrawn/{space}/{day:O}/{clock.Wall.GetUtcNow().UtcTicks}", clock.Wall.GetUtcNow(), "release-withdrawn", by, $"{space} {day:O}", reason);
        await GrainFactory.GetGrain<IAuditGrain>(0).AppendAsync([fact]);
        return ledger.Withdraw(space, day, clock.Now);
    }

    // Two at once are one: the second finds nothing to clear that the first does not.
    public Task RebuildAsync() => _clearing.IsCompleted ? _clearing = ClearAsync() : _clearing;

    public Task<byte[]> CopiesAsync()
    {
        var last = ledger.LastPublished(clock.Now);
        return Task.FromResult(JsonSerializer.SerializeToUtf8Bytes(_copies.Runs.Select(run => run.Status(last)), Json));
    }

    private Task LookAsync(CancellationToken cancellation)
    {
        if (_beat.IsCompleted && _clearing.IsCompleted)
            _beat = CopyAsync();
        if (_asking.IsCompleted)
            _asking = AskSpacesAsync();
        return Task.CompletedTask;
    }

    // Not awaited by its timer, and it awaits no copy: one that hangs must not hold up questions, other copies, nor the end of the grain.
    private Task CopyAsync() => TryAsync(async () =>
    {
        if (await NoteSpacesAsync() || _unsaved)
            await SaveAsync();
        var now = clock.Now;
        await _copies.ForgetAsync(now, options.Value.RetentionDays, due => _audit.TellDueAsync(due, options.Value.RetentionDays), _ending.Token);
        _copies.Begin(now, KeepHeadAsync, run => WriteWeeksAsync(run, now), _ending.Token);
    });

    // Beside the copying: a space that takes its time holds up no number.
    private Task AskSpacesAsync() => TryAsync(async () =>
    {
        await ReadTermsAsync();
        await ReadHealthAsync(clock.Now);
        if (await _audit.TellRefusedAsync(ledger.LastPublished(clock.Now)))
            _unsaved = true;
    });

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
        }
#pragma warning disable CA1031 // Whatever it is, the ledger has the numbers, and the next beat tries again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            logger.CannotCopy(fault);
        }
    }

    private async Task ClearAsync()
    {
        await _beat;
        await _copies.UnderWay;
        foreach (var weeks in _weeks.Values)
            weeks.Forget();
        try
        {
            await _copies.ClearAsync(_ending.Token);
        }
        catch (HistoryAwayException away)
        {
            throw new HistoryRefusedException("away", away.Message);
        }
    }

    // One write at a time: what changes meanwhile is in the next.
    private Task SaveAsync()
    {
        _unsaved = true;
        return _saving.IsCompleted ? _saving = WriteAsync() : _saving;

        async Task WriteAsync()
        {
            while (_unsaved)
            {
                _unsaved = false;
                try
                {
                    await row.WriteStateAsync();
                }
                catch
                {
                    _unsaved = true;
                    throw;
                }
            }
        }
    }

    private async Task<bool> NoteSpacesAsync()
    {
        var changed = false;
        foreach (var space in (await sites.SpacesAsync()).Values)
            changed |= State.Note(space, CivilDay.At(clock.Now + SpaceCells.AheadOn(clock.Kind), space.TimeZone).Date);
        return changed;
    }

    private async Task ReadHealthAsync(DateTimeOffset now)
    {
        var at = new DateTimeOffset(now.UtcTicks / HealthEvery.Ticks * HealthEvery.Ticks, TimeSpan.Zero);
        if (at == _healthAt)
            return;
        await _copies.NoteHealthAsync((await sites.SpacesAsync()).Keys, async space => EquipmentHealth.Of(space, DeviceStatus.FromBytes(await GrainFactory.GetGrain<ISpaceGrain>(space).GetDevicesAsync()), at));
        _healthAt = at;
    }

    // On a schedule of its own and not when somebody asks: how soon a space answers follows from how many people pass.
    private async Task ReadTermsAsync()
    {
        var asked = clock.Wall.GetTimestamp();
        if (_termsRead is { } last && clock.Wall.GetElapsedTime(last, asked) < TermsEvery)
            return;
        _termsRead = asked;
        foreach (var space in (await sites.SpacesAsync()).Keys)
        {
            try
            {
                _terms[space] = await GrainFactory.GetGrain<ISpaceGrain>(space).GetTermsAsync();
            }
#pragma warning disable CA1031 // A space that cannot be read must not hold up the history of the others; what it said last stands.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                logger.TermsUnknown(fault, space);
            }
        }
    }

    private async Task KeepHeadAsync(CopyRun run)
    {
        // The days of a replay pass in minutes: its ledger has forgotten the row of a head before the next head is due.
        if (clock.Kind == ClockKind.Replay)
            return;
        if (await run.KeepHeadAsync(heads, _ending.Token))
            await ReleaseLedger.TellPutBackAsync(ServiceProvider);
    }

    // A copy that is away gets the week of the day on which it is back. What the store does not have yet would be missing for good.
    private async Task WriteWeeksAsync(CopyRun run, DateTimeOffset now)
    {
        if (run.Away is not null || !_weeks.TryGetValue(run, out var known))
            return;
        foreach (var space in (await sites.SpacesAsync()).Values)
        {
            if (!known.IsDue(space, now) || _copies.Runs[0] is not { Away: null } first || first.Cursor < ledger.LastPublished(now) || await known.DueAsync(space, now, _ending.Token) is not { } weeks)
                continue;
            if (await run.WriteWeeksAsync(weeks, _ending.Token))
                known.Written(space, now);
        }
    }
}

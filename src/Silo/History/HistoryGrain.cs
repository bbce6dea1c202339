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

    /// <summary>How often old cells are looked for, by the hub's clock.</summary>
    public static readonly TimeSpan RetentionEvery = TimeSpan.FromHours(1);

    /// <summary>How often the state of equipment is written, by the hub's clock: at whole multiples, whatever happens in between.</summary>
    public static readonly TimeSpan HealthEvery = TimeSpan.FromMinutes(15);

    /// <summary>How often the terms of days are asked of their spaces, by the wall clock: they are taken over an hour before they hold.</summary>
    public static readonly TimeSpan TermsEvery = TimeSpan.FromMinutes(1);

    /// <summary>How long the state of equipment is kept: 13 months.</summary>
    public static readonly TimeSpan HealthKept = TimeSpan.FromDays(396);

    /// <summary>Most points of one file.</summary>
    public const int FilePointsMax = 5_000_000;

    private const int PieceBytes = 64 * 1_024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly List<CopyRun> _runs = [];
    private readonly Dictionary<string, byte[]> _terms = [];
    private readonly CancellationTokenSource _ending = new();
    private HistoryReader _reader = null!;
    private PointAssembly _assembly = null!;
    private DateTimeOffset _retentionAt = DateTimeOffset.MinValue;
    private DateTimeOffset _healthAt = DateTimeOffset.MinValue;
    private Task _copying = Task.CompletedTask;
    private bool _monthsCopied;
    private long? _termsRead;
    private UsualWeeks _weeks = null!;

    private HistoryState State => row.State;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _assembly = new PointAssembly(ledger, State.On);
        _reader = new HistoryReader(store, State.On);
        _weeks = new UsualWeeks(_reader);
        var chance = new Random(unchecked((int)clock.Wall.GetTimestamp()));
        _runs.AddRange(copies.Prepend(store).Distinct().Select(copy => new CopyRun(copy, ledger, _assembly, State, clock.Wall, chance, logger)));
        await NoteSpacesAsync();
        this.RegisterGrainTimer(LookAsync, new GrainTimerCreationOptions(Every, Every) { Interleave = true });
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _ending.CancelAsync();
        await _copying;
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
        return new HistoryAnswer(JsonSerializer.SerializeToUtf8Bytes(new PrivacyReport(space, known.TimeZone.Id, terms.On(today), [.. days.OrderByDescending(day => day.Day)], terms.After(today)), Json));
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

    public async Task RebuildAsync()
    {
        // Nothing is copied while copies are cleared: a cursor that was read before would leave out what was there.
        while (!_copying.IsCompleted)
            await _copying;
        await (_copying = ClearAsync());
    }

    public Task<byte[]> CopiesAsync()
    {
        var last = ledger.LastPublished(clock.Now);
        return Task.FromResult(JsonSerializer.SerializeToUtf8Bytes(_runs.Select(run => new CopyStatus(run.Copy.Name, Math.Max(0, last - run.Cursor), run.Away?.Message, run.Away?.NeedsPerson == true)), Json));
    }

    private Task LookAsync(CancellationToken cancellation)
    {
        if (_copying.IsCompleted)
            _copying = CopyAsync();
        return Task.CompletedTask;
    }

    // Not awaited by its timer: a copy that hangs must not hold up questions, nor the end of the grain.
    private async Task CopyAsync()
    {
        try
        {
            var now = clock.Now;
            var changed = await NoteSpacesAsync();
            await ReadTermsAsync();

            // Before anything is copied: a copy that knows a newer ledger must not get numbers of an older one in its place.
            foreach (var run in _runs)
                await KeepHeadAsync(run);
            foreach (var moved in await Task.WhenAll(_runs.Select(run => run.GoOnAsync(now, _ending.Token))))
                changed |= moved;
            if (changed)
                await row.WriteStateAsync();
            await WriteHealthAsync(now);
            await WriteWeeksAsync(now);
            await ForgetAsync(now);
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
        foreach (var run in _runs)
        {
            await run.Copy.ClearAsync(_ending.Token);
            State.Cursors.Remove(run.Copy.Name);
            run.BeginAnew();
        }

        _monthsCopied = false;
        _weeks.Forget();
        await row.WriteStateAsync();
    }

    private async Task<bool> NoteSpacesAsync()
    {
        var changed = false;
        foreach (var space in (await sites.SpacesAsync()).Values)
            changed |= State.Note(space, CivilDay.At(clock.Now, space.TimeZone).Date);
        return changed;
    }

    private async Task WriteHealthAsync(DateTimeOffset now)
    {
        var at = new DateTimeOffset(now.UtcTicks / HealthEvery.Ticks * HealthEvery.Ticks, TimeSpan.Zero);
        if (at == _healthAt)
            return;
        var points = new List<HealthPoint>();
        foreach (var space in (await sites.SpacesAsync()).Keys)
            points.AddRange(EquipmentHealth.Of(space, DeviceStatus.FromBytes(await GrainFactory.GetGrain<ISpaceGrain>(space).GetDevicesAsync()), at));
        await Task.WhenAll(_runs.Select(run => run.WriteHealthAsync(points, _ending.Token)));
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

    // A copy that is away gets the week of the day on which it is back.
    private async Task WriteWeeksAsync(DateTimeOffset now)
    {
        if (!_runs.Exists(run => run.Copy.KeepsWeeks) || _runs.Exists(run => run.Away is not null))
            return;
        foreach (var space in (await sites.SpacesAsync()).Values)
        {
            if (await _weeks.DueAsync(space, now, _ending.Token) is not { } weeks)
                continue;
            var taken = true;
            foreach (var run in _runs.Where(run => run.Copy.KeepsWeeks))
                taken &= await run.WriteWeeksAsync(weeks, _ending.Token);
            if (taken)
                _weeks.Written(space, now);
        }
    }

    // What is kept is first copied, so that no copy misses what the ledger forgets.
    private async Task ForgetAsync(DateTimeOffset now)
    {
        if (now - _retentionAt < RetentionEvery || _runs.Any(run => run.Away is not null))
            return;
        var before = DateOnly.FromDateTime(now.UtcDateTime).AddDays(-options.Value.RetentionDays);
        var forgotten = 0;
        while (!_ending.IsCancellationRequested && ledger.Forget(before) is > 0 and var some)
            forgotten += some;
        if (forgotten > 0)
            logger.Forgotten(forgotten);
        List<HistoryPoint> months = forgotten == 0 && _monthsCopied ? [] : [.. State.Spaces.Keys.SelectMany(ledger.Months).Where(month => month.Complete).Select(_assembly.Of).OfType<HistoryPoint>()];
        foreach (var run in _runs)
        {
            if (months.Count > 0)
                await run.Copy.AppendAsync(months, run.Cursor, _ending.Token);
            await run.Copy.ForgetAsync(State.StartOf(before), now - HealthKept, _ending.Token);
        }

        (_retentionAt, _monthsCopied) = (now, true);
    }
}

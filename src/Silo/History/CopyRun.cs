using Microsoft.Extensions.Logging;
using Monitoring.Domain.History;
using Monitoring.Silo.Privacy;

namespace Monitoring.Silo.History;

/// <summary>Brings one copy of the history up to the ledger: what is new and what has changed, in order, as often as it takes.</summary>
/// <param name="copy">The copy.</param>
/// <param name="ledger">The ledger.</param>
/// <param name="assembly">How points are made.</param>
/// <param name="state">Keeps the cursor of copies that do not.</param>
/// <param name="save">Saves the state.</param>
/// <param name="time">The wall clock: waits of the network pass by it also on a replay.</param>
/// <param name="chance">For the waits: several hubs on one server must not come back together.</param>
/// <param name="logger">Log.</param>
internal sealed class CopyRun(IHistoryCopy copy, ReleaseStore ledger, PointAssembly assembly, HistoryState state, Func<Task> save, TimeProvider time, Random chance, ILogger logger)
{
    /// <summary>Most releases that are copied in one piece.</summary>
    public const int RowsMax = 2_000;

    /// <summary>Longest wait between two tries.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(1);

    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;
    private int _failures;
    private long? _cursor;
    private IReadOnlyList<HealthPoint>? _health;
    private Forgetting? _forgetting;

    /// <summary>What is wrong; null where nothing is.</summary>
    public HistoryAwayException? Away { get; private set; }

    /// <summary>The copy.</summary>
    public IHistoryCopy Copy => copy;

    /// <summary>How far it is, as known last.</summary>
    public long Cursor => _cursor ?? 0;

    /// <summary>What it is doing; it is done where it may begin again. It never fails.</summary>
    public Task UnderWay { get; set; } = Task.CompletedTask;

    /// <summary>Whether it had all that there was when it went on last.</summary>
    public bool IsUpToDate { get; private set; }

    /// <summary>Whether sums of months have to be written before anything is forgotten: a copy that was cleared, or of which nothing is known since the start, may lack some.</summary>
    public bool MonthsDue { get; set; } = true;

    /// <summary>How far it is.</summary>
    /// <param name="last">The last place that copies may read.</param>
    public CopyStatus Status(long last) => new(copy.Name, Math.Max(0, last - Cursor), Away?.Message, Away?.NeedsPerson == true, MonthsDue);

    /// <summary>Copies what is there, until the copy is up to date or does not take more now; then lets it forget what it is to.</summary>
    /// <param name="now">The current instant by the hub's clock.</param>
    /// <param name="cancellation">Ends it after the piece under way.</param>
    public async Task GoOnAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        if (time.GetUtcNow() < _notBefore)
            return;
        try
        {
            var own = await copy.CursorAsync(cancellation);
            _cursor = own ?? state.Cursors.GetValueOrDefault(copy.Name);
            while (!cancellation.IsCancellationRequested && ledger.Published(_cursor.Value, now, RowsMax) is { Count: > 0 } rows)
            {
                IsUpToDate = false;
                await copy.AppendAsync(assembly.Of(rows, now), rows[^1].Seq, cancellation);
                _cursor = rows[^1].Seq;
                if (own is not null)
                    continue;
                state.Cursors[copy.Name] = _cursor.Value;
                await save();
            }

            IsUpToDate = !cancellation.IsCancellationRequested;
            await ForgetAsync(cancellation);
            if (Away is not null)
                logger.CopyIsBack(copy.Name);
            (Away, _failures) = (null, 0);
        }
        catch (HistoryAwayException away)
        {
            NoteAway(away);
        }
    }

    /// <summary>Compares the ledger with the head that the copy keeps, and keeps a new one there, where that is due. A copy that cannot be asked takes nothing meanwhile: it may know a newer ledger.</summary>
    /// <param name="heads">What does it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Whether the ledger was found to be put back, which is to be told.</returns>
    public async Task<bool> KeepHeadAsync(HeadWatch heads, CancellationToken cancellation)
    {
        if (time.GetUtcNow() < _notBefore)
            return false;
        try
        {
            return await heads.LookAsync(copy, cancellation);
        }
        catch (HistoryAwayException away)
        {
            NoteAway(away);
            return false;
        }
    }

    /// <summary>Writes usual weeks.</summary>
    /// <param name="weeks">The weeks.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Whether they were written.</returns>
    public async Task<bool> WriteWeeksAsync(IReadOnlyList<UsualWeek> weeks, CancellationToken cancellation)
    {
        try
        {
            await copy.AppendWeeksAsync(weeks, cancellation);
            return true;
        }
        catch (HistoryAwayException away)
        {
            NoteAway(away);
            return false;
        }
    }

    /// <summary>Notes how devices were at an instant of the schedule, in place of what was noted and not written.</summary>
    /// <param name="points">The devices.</param>
    public void Note(IReadOnlyList<HealthPoint> points) => _health = points;

    /// <summary>Notes what is to be forgotten once it is up to date, in place of what was noted and not done.</summary>
    /// <param name="forgetting">What.</param>
    public void Note(Forgetting forgetting) => _forgetting = forgetting;

    /// <summary>Writes how devices were, where that was noted. A copy that is away misses it: the next instant comes soon.</summary>
    /// <param name="cancellation">Ends it.</param>
    public async Task WriteHealthAsync(CancellationToken cancellation)
    {
        var points = _health;
        _health = null;
        if (points is null || Away is not null)
            return;
        try
        {
            await copy.AppendAsync(points, cancellation);
        }
        catch (HistoryAwayException away)
        {
            NoteAway(away);
        }
    }

    /// <summary>Empties the copy, which begins again with the next beat, whatever was agreed before.</summary>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="HistoryAwayException">It may hold something still; what it gets from the beginning on goes over that.</exception>
    public async Task ClearAsync(CancellationToken cancellation)
    {
        // First of all: a copy that is cleared by half must not go on from where it was.
        (_notBefore, _cursor, _forgetting, IsUpToDate, MonthsDue) = (DateTimeOffset.MinValue, null, null, false, true);
        if (state.Cursors.Remove(copy.Name))
            await save();
        try
        {
            await copy.ClearAsync(cancellation);
        }
        catch (HistoryAwayException away)
        {
            NoteAway(away);
            throw;
        }
    }

    // Months first: what they are the sums of is gone from the ledger.
    private async Task ForgetAsync(CancellationToken cancellation)
    {
        if (_forgetting is not { } what || cancellation.IsCancellationRequested)
            return;
        if (MonthsDue && what.Months.Count > 0)
            await copy.AppendAsync(what.Months, Cursor, cancellation);
        await copy.ForgetAsync(what.CellsBefore, what.HealthBefore, cancellation);
        (_forgetting, MonthsDue) = (null, false);
    }

    private void NoteAway(HistoryAwayException away)
    {
        if (Away is null || Away.NeedsPerson != away.NeedsPerson)
            logger.CopyIsAway(copy.Name, away.Message);
        Away = away;
        _notBefore = time.GetUtcNow() + Wait(away);
    }

    private TimeSpan Wait(HistoryAwayException away)
    {
        _failures = Math.Min(_failures + 1, 16);
        if (away.RetryAfter is { } asked)
            return asked < WaitMax ? asked : WaitMax;
        return TimeSpan.FromSeconds(chance.NextDouble() * Math.Min(WaitMax.TotalSeconds, Math.Pow(2, _failures)));
    }
}

/// <summary>What a copy is to forget.</summary>
/// <param name="CellsBefore">UTC, for points of releases.</param>
/// <param name="HealthBefore">UTC, for points of devices.</param>
/// <param name="Months">Sums of months, which it has to have before.</param>
internal sealed record Forgetting(DateTimeOffset CellsBefore, DateTimeOffset HealthBefore, IReadOnlyList<HistoryPoint> Months);

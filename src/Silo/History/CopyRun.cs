using Microsoft.Extensions.Logging;
using Monitoring.Domain.History;
using Monitoring.Silo.Privacy;

namespace Monitoring.Silo.History;

/// <summary>Brings one copy of the history up to the ledger: what is new and what has changed, in order, as often as it takes.</summary>
/// <param name="copy">The copy.</param>
/// <param name="ledger">The ledger.</param>
/// <param name="assembly">How points are made.</param>
/// <param name="health">How equipment was.</param>
/// <param name="state">Keeps the cursor of copies that do not.</param>
/// <param name="save">Saves the state.</param>
/// <param name="time">The wall clock: waits of the network pass by it also on a replay.</param>
/// <param name="chance">For the waits: several hubs on one server must not come back together.</param>
/// <param name="logger">Log.</param>
internal sealed class CopyRun(IHistoryCopy copy, ReleaseStore ledger, PointAssembly assembly, HealthLog health, HistoryState state, Func<Task> save, TimeProvider time, Random chance, ILogger logger)
{
    /// <summary>Most releases that are copied in one piece.</summary>
    public const int RowsMax = 2_000;

    /// <summary>Longest wait between two tries where the copy asks for none.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(1);

    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;
    private int _failures;
    private long? _cursor;
    private long _healthLooked = -1;
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

    /// <summary>Copies what is there, until the copy is up to date or does not take more now; then lets it forget what it is to, and writes a piece of how equipment was.</summary>
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
            await WriteHealthAsync(cancellation);
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

    /// <summary>Notes what is to be forgotten once it is up to date, in place of what was noted and not done.</summary>
    /// <param name="forgetting">What.</param>
    public void Note(Forgetting forgetting) => _forgetting = forgetting;

    /// <summary>Empties the copy, which begins again with the next beat, whatever was agreed before.</summary>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="HistoryAwayException">It may hold something still; what it gets from the beginning on goes over that.</exception>
    public async Task ClearAsync(CancellationToken cancellation)
    {
        // First of all: a copy that is cleared by half must not go on from where it was.
        (_notBefore, _cursor, _forgetting, _healthLooked, IsUpToDate, MonthsDue) = (DateTimeOffset.MinValue, null, null, -1, false, true);
        if (state.Cursors.Remove(copy.Name) | state.HealthCursors.Remove(copy.Name))
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

    // One piece at a time: what it has missed of equipment must not hold up new numbers.
    private async Task WriteHealthAsync(CancellationToken cancellation)
    {
        var taken = health.Taken;
        if (ReferenceEquals(copy, health.Store))
        {
            if (await health.StoreAsync(cancellation))
                await save();
        }
        else if (_healthLooked != taken && await health.AfterAsync(state.HealthCursors.GetValueOrDefault(copy.Name), cancellation) is { } points)
        {
            if (points.Count == 0)
            {
                _healthLooked = taken;
                return;
            }

            await copy.AppendAsync(points, cancellation);
            // What the store took meanwhile may be one of these instants, again: then the piece is read once more.
            if (health.Taken != taken)
                return;
            state.HealthCursors[copy.Name] = points[^1].At;
            await save();
        }
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
            return asked;
        return TimeSpan.FromSeconds(chance.NextDouble() * Math.Min(WaitMax.TotalSeconds, Math.Pow(2, _failures)));
    }
}

/// <summary>What a copy is to forget.</summary>
/// <param name="CellsBefore">UTC, for points of releases.</param>
/// <param name="HealthBefore">UTC, for points of devices.</param>
/// <param name="Months">Sums of months, which it has to have before.</param>
internal sealed record Forgetting(DateTimeOffset CellsBefore, DateTimeOffset HealthBefore, IReadOnlyList<HistoryPoint> Months);

using Microsoft.Extensions.Logging;
using Monitoring.Domain.History;
using Monitoring.Silo.Privacy;

namespace Monitoring.Silo.History;

/// <summary>Brings one copy of the history up to the ledger: what is new and what has changed, in order, as often as it takes.</summary>
/// <param name="copy">The copy.</param>
/// <param name="ledger">The ledger.</param>
/// <param name="assembly">How points are made.</param>
/// <param name="state">Keeps the cursor of copies that do not.</param>
/// <param name="time">The wall clock: waits of the network pass by it also on a replay.</param>
/// <param name="chance">For the waits: several hubs on one server must not come back together.</param>
/// <param name="logger">Log.</param>
internal sealed class CopyRun(IHistoryCopy copy, ReleaseStore ledger, PointAssembly assembly, HistoryState state, TimeProvider time, Random chance, ILogger logger)
{
    /// <summary>Most releases that are copied in one piece.</summary>
    public const int RowsMax = 2_000;

    /// <summary>Longest wait between two tries.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(1);

    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;
    private int _failures;
    private long? _cursor;

    /// <summary>What is wrong; null where nothing is.</summary>
    public HistoryAwayException? Away { get; private set; }

    /// <summary>The copy.</summary>
    public IHistoryCopy Copy => copy;

    /// <summary>How far it is, as known last.</summary>
    public long Cursor => _cursor ?? 0;

    /// <summary>Copies what is there, until the copy is up to date or does not take more now.</summary>
    /// <param name="now">The current instant by the hub's clock.</param>
    /// <param name="cancellation">Ends it after the piece under way.</param>
    /// <returns>Whether the state has changed and has to be saved.</returns>
    public async Task<bool> GoOnAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        if (time.GetUtcNow() < _notBefore)
            return false;
        var changed = false;
        try
        {
            var own = await copy.CursorAsync(cancellation);
            _cursor = own ?? state.Cursors.GetValueOrDefault(copy.Name);
            while (!cancellation.IsCancellationRequested && ledger.Published(_cursor.Value, now, RowsMax) is { Count: > 0 } rows)
            {
                await copy.AppendAsync(assembly.Of(rows, now), rows[^1].Seq, cancellation);
                _cursor = rows[^1].Seq;
                if (own is null)
                    (state.Cursors[copy.Name], changed) = (_cursor.Value, true);
            }

            if (Away is not null)
                logger.CopyIsBack(copy.Name);
            (Away, _failures) = (null, 0);
        }
        catch (HistoryAwayException away)
        {
            NoteAway(away);
        }

        return changed;
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

    /// <summary>Writes how devices were at an instant of the schedule. A copy that is away misses it: the next instant comes soon.</summary>
    /// <param name="points">The devices.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task WriteHealthAsync(IReadOnlyList<HealthPoint> points, CancellationToken cancellation)
    {
        if (Away is not null)
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

    /// <summary>Begins again with the next beat, whatever was agreed before: the copy was cleared, and has nothing.</summary>
    public void BeginAnew() => (_notBefore, _cursor) = (DateTimeOffset.MinValue, null);

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

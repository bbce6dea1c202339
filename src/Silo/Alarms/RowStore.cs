using Microsoft.Extensions.Logging;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Accounts;
using Monitoring.Domain.Alarms;
using Orleans.Storage;

namespace Monitoring.Silo.Alarms;

/// <summary>Saves a row with alarms: now and then while it changes, at once where a person waits for it.</summary>
/// <param name="row">The row.</param>
/// <param name="owner">Whose row it is, for the log.</param>
/// <param name="startOver">Ends the activation, so that the next one begins with what is stored.</param>
/// <param name="logger">Log.</param>
internal sealed class RowStore<T>(IPersistentState<T> row, string owner, Action startOver, ILogger logger)
    where T : class, IAlarmRow
{
    private Task _saving = Task.CompletedTask;
    private bool _unsaved;
    private bool _failed;

    /// <summary>What people did here that is on disk and may be told to the audit.</summary>
    public IReadOnlyList<AuditNote> SavedNotes { get; private set; } = [.. row.State.Unaudited];

    /// <summary>Alarms that are over, as they are on disk.</summary>
    public IReadOnlyList<Alarm> SavedClosed { get; private set; } = [.. row.State.Alarms.Closed];

    /// <summary>Called before each save; what it gives back is called once that save is on disk.</summary>
    public Func<Action>? BeforeSave { get; init; }

    /// <summary>Notes that something has to be saved.</summary>
    public void Touch() => _unsaved = true;

    /// <summary>Begins to save what changed, unless a save is under way. Not awaited: while the store is slow or away, the grain goes on in memory.</summary>
    public void SaveSoon()
    {
        if (_unsaved && _saving.IsCompleted)
            _saving = SaveAsync();
    }

    /// <summary>Saves now.</summary>
    /// <exception cref="NotStoredException">The store does not take it; the caller takes back what it changed.</exception>
    public async Task SaveNowAsync()
    {
        await _saving;
        _unsaved = true;
        _saving = SaveAsync();
        await _saving;
        if (_failed)
            throw new NotStoredException();
    }

    /// <summary>Waits for what is under way and saves the rest, before the activation ends.</summary>
    public async Task SaveLastAsync(CancellationToken cancellation)
    {
        await _saving;
        if (!_unsaved)
            return;
        _unsaved = false;
        try
        {
            await row.WriteStateAsync(cancellation);
        }
        catch
        {
            _unsaved = true;
            throw;
        }
    }

    private async Task SaveAsync()
    {
        var (notes, closed, saved) = (row.State.Unaudited.ToList(), row.State.Alarms.Closed.ToList(), BeforeSave?.Invoke());
        _unsaved = false;
        try
        {
            await row.WriteStateAsync();
            saved?.Invoke();
            (SavedNotes, SavedClosed) = (notes, closed);
            if (_failed)
                logger.SavesAgain(owner);
            _failed = false;
        }
#pragma warning disable CA1031 // Whatever keeps the store from writing is the same to a grain: stay dirty, say so once, try again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _unsaved = true;
            RowMetrics.FailedSave();

            // Somebody else wrote the row, or a write that was reported lost was not: begin anew from what is stored; the gateway hands the rest over again.
            if (fault is InconsistentStateException)
                startOver();
            if (!_failed)
                logger.CannotSave(fault, owner);
            _failed = true;
        }
    }
}

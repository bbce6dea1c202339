using Microsoft.Extensions.Logging;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Accounts;
using Monitoring.Domain.Alarms;
using Monitoring.Domain.Spaces;
using Orleans.Storage;

namespace Monitoring.Silo.Spaces;

/// <summary>Saves a space's one row: now and then while it changes, at once where a person waits for it.</summary>
/// <param name="row">The row.</param>
/// <param name="space">Space id.</param>
/// <param name="startOver">Ends the activation, so that the next one begins with what is stored.</param>
/// <param name="logger">Log.</param>
internal sealed class SpaceStore(IPersistentState<SpaceState> row, string space, Action startOver, ILogger logger)
{
    private readonly Dictionary<Guid, long> _saved = row.State.Cursors.ToDictionary(cursor => cursor.Journal, cursor => cursor.Offset);
    private Task _saving = Task.CompletedTask;
    private bool _unsaved;
    private bool _failed;

    /// <summary>What the space remembers.</summary>
    public SpaceState State => row.State;

    /// <summary>What people did here that is on disk and may be told to the audit.</summary>
    public IReadOnlyList<AuditNote> SavedNotes { get; private set; } = [.. row.State.Unaudited];

    /// <summary>Alarms that are over, as they are on disk.</summary>
    public IReadOnlyList<Alarm> SavedClosed { get; private set; } = [.. row.State.Alarms.Closed];

    /// <summary>Highest offset of a journal whose effect is on disk.</summary>
    public long SavedOf(Guid journal) => _saved.GetValueOrDefault(journal);

    /// <summary>Notes that something has to be saved.</summary>
    public void Touch() => _unsaved = true;

    /// <summary>Begins to save what changed, unless a save is under way. Not awaited: while the store is slow or away, the space goes on in memory.</summary>
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
            throw new NotStoredException("Not stored: the hub's state store does not take it. Nothing was changed; try again.");
    }

    /// <summary>Waits for what is under way and saves the rest, before the activation ends.</summary>
    public async Task SaveLastAsync(CancellationToken cancellation)
    {
        await _saving;
        if (_unsaved)
            await row.WriteStateAsync(cancellation);
    }

    private async Task SaveAsync()
    {
        var (cursors, notes, closed) = (row.State.Cursors.ToList(), row.State.Unaudited.ToList(), row.State.Alarms.Closed.ToList());
        _unsaved = false;
        try
        {
            await row.WriteStateAsync();
            foreach (var cursor in cursors)
                _saved[cursor.Journal] = cursor.Offset;
            (SavedNotes, SavedClosed) = (notes, closed);
            if (_failed)
                logger.SavesAgain(space);
            _failed = false;
        }
#pragma warning disable CA1031 // Whatever keeps the store from writing is the same to a space: stay dirty, say so once, try again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _unsaved = true;
            SpaceMetrics.FailedSave();

            // Somebody else wrote the row, or a write that was reported lost was not: begin anew from what is stored; the gateway hands the rest over again.
            if (fault is InconsistentStateException)
                startOver();
            if (!_failed)
                logger.CannotSave(fault, space);
            _failed = true;
        }
    }
}

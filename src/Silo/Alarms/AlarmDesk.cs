using System.Globalization;
using Microsoft.Extensions.Logging;
using Monitoring.Contracts.Accounts;
using Monitoring.Contracts.Alarms;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Domain.Accounts;
using Monitoring.Domain.Alarms;
using Monitoring.Domain.Spaces;
using Orleans.Storage;

namespace Monitoring.Silo.Alarms;

/// <summary>What people do with the alarms and thresholds of one space: done only once it is stored, and then told to the audit.</summary>
/// <param name="state">The row that holds the alarms.</param>
/// <param name="saveNow">Saves it, or fails with <see cref="NotStoredException"/>.</param>
/// <param name="startOver">Ends the activation, so that the next one begins with what is stored.</param>
/// <param name="archive">Row of the alarms that are over.</param>
/// <param name="clock">The hub's clock.</param>
/// <param name="audit">Finds the audit, which takes the notes of what people did.</param>
/// <param name="logger">Log.</param>
internal sealed class AlarmDesk(IAlarmRow state, Func<Task> saveNow, Action startOver, IPersistentState<AlarmArchive> archive, HubClock clock, Func<IAuditGrain> audit, ILogger logger)
{
    /// <summary>Most deeds that wait for the audit; while so many wait, people cannot do more.</summary>
    private const int UnauditedMax = 1_000;

    private Task _telling = Task.CompletedTask;
    private Task _archiving = Task.CompletedTask;
    private bool _untold;
    private bool _unarchived;

    /// <summary>Whether something that a person did is on its way to the disk: until it is there, nobody is told of it.</summary>
    public bool IsStoring { get; private set; }

    private AlarmBook Book => state.Alarms;

    /// <summary>Alarms that are not over, most urgent first, as JSON.</summary>
    public byte[] Open() => Alarm.ToBytes([.. Alarm.MostUrgentFirst(Book.Open)]);

    /// <summary>Alarms that are over, newest first, as JSON.</summary>
    public byte[] Over(DateTimeOffset? before, int max) => Alarm.ToBytes(Alarm.NewestOver(archive.State.Alarms.Concat(Book.Closed).DistinctBy(alarm => alarm.Id), before, max));

    /// <summary>A person takes an alarm.</summary>
    public async Task<AcknowledgeAnswer> AcknowledgeAsync(string id, string by, string note)
    {
        RefuseWhileUntold();
        var undo = Keep();
        var now = clock.Now;
        if (Book.Acknowledge(id, by, note, now) is not var (alarm, isTaken))
            return archive.State.Alarms.Find(known => known.Id == id) is { } over ? new(AcknowledgeOutcome.TakenBefore, Alarm.ToBytes([over])) : new(AcknowledgeOutcome.Unknown, []);
        if (!isTaken)
            return new(AcknowledgeOutcome.TakenBefore, Alarm.ToBytes([alarm]));
        Note("alarm-acknowledged", by, id, $"{alarm.Rule} {alarm.Subject}", now);
        await StoreAsync(undo);
        return new(AcknowledgeOutcome.Taken, Alarm.ToBytes([alarm]));
    }

    /// <summary>Changes a threshold for a time.</summary>
    /// <returns>What is wrong with the wish; null where it is done.</returns>
    public async Task<string?> ChangeAsync(PublicSpace space, ThresholdWish wish)
    {
        var now = clock.Now;
        var change = new ThresholdChange(wish.Rule, wish.Subject, wish.On, wish.Off ?? AlarmRule.DefaultOff(wish.Rule, wish.On), wish.Until, wish.By, wish.Reason);
        if (change.ProblemIn(space.Thresholds, space.HasSubject, now) is { } problem)
            return problem;
        RefuseWhileUntold();
        var undo = Keep();
        Book.Change(change);
        Note("thresholds-changed", wish.By, space.Id, Words(change), now);
        await StoreAsync(undo);
        return null;
    }

    /// <summary>Ends changes whose time is over.</summary>
    /// <returns>Whether anything changed.</returns>
    public bool EndChanges(string space)
    {
        var ended = Book.EndChanges(clock.Now);
        foreach (var change in ended)
            Note("thresholds-reverted", AlarmBook.Hub, space, Words(change), change.Until);
        return ended.Count > 0;
    }

    /// <summary>Hands on what is saved: deeds to the audit, alarms that are over to the archive; then begins to save what changed.</summary>
    /// <typeparam name="T">The row.</typeparam>
    /// <param name="store">What saves the row.</param>
    public void HandOn<T>(RowStore<T> store)
        where T : class, IAlarmRow
    {
        // Only what is on disk is told: after a crash the same numbers would stand for other deeds. Nothing is awaited: a store that hangs must not hold up what comes in.
        TellAudit(store.SavedNotes, store.Touch);
        if (_archiving.IsCompleted)
            _archiving = ArchiveAsync(store.SavedClosed, store.Touch);
        store.SaveSoon();
    }

    /// <summary>Enters what the hub itself noticed.</summary>
    /// <param name="kind">What kind of event, in kebab case.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="detail">More, in words.</param>
    /// <returns>False where too much waits for the audit: nothing was entered, and it has to be tried again.</returns>
    public bool TryNoteOfHub(string kind, string subject, string detail)
    {
        if (state.Unaudited.Count >= UnauditedMax)
            return false;
        Note(kind, AlarmBook.Hub, subject, detail, clock.Now);
        return true;
    }

    private async Task ArchiveAsync(IReadOnlyList<Alarm> saved, Action told)
    {
        var closed = Book.Closed.Where(saved.Contains).ToList();
        if (closed.Count == 0 && !archive.State.Forget(clock.Now))
            return;
        archive.State.Take(closed);
        try
        {
            await archive.WriteStateAsync();
            _unarchived = false;
        }
#pragma warning disable CA1031 // Whatever kept it from being written: it stays in the space's row and is tried again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (!_unarchived)
                logger.CannotArchive(fault);
            _unarchived = true;
            if (fault is InconsistentStateException)
                startOver();
            return;
        }

        if (Book.Closed.RemoveAll(closed.Contains) > 0)
            told();
    }

    // What arrives twice is recorded once.
    private void TellAudit(IReadOnlyList<AuditNote> saved, Action told)
    {
        var waiting = state.Unaudited.Where(saved.Contains).Take(AuditLimits.FactsMax).ToList();
        if (waiting.Count > 0 && _telling.IsCompleted)
            _telling = TellAsync(waiting, told);
    }

    private async Task TellAsync(IReadOnlyList<AuditNote> notes, Action told)
    {
        try
        {
            await audit().AppendAsync([.. notes.Select(note => new AuditFact(note.Id, note.At, note.Kind, note.Who, note.Subject, note.Detail))]);
            state.Unaudited.RemoveAll(notes.Contains);
            _untold = false;
            told();
        }
#pragma warning disable CA1031 // Whatever kept the audit from taking it: the notes stay and are handed over again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (!_untold)
                logger.AuditWaits(fault);
            _untold = true;
        }
    }

    private void RefuseWhileUntold()
    {
        if (state.Unaudited.Count >= UnauditedMax)
            throw new NotStoredException("Nothing was changed: the audit log takes nothing. Try again in a moment; if it stays so, tell whoever looks after the hub.");
    }

    private void Note(string kind, string who, string subject, string? detail, DateTimeOffset at) =>
        state.Unaudited.Add(new AuditNote(string.Create(CultureInfo.InvariantCulture, $"{kind}/{subject}/{++state.LastNote}"), at, kind, who, subject, detail));

    private Action Keep()
    {
        var (open, closed, changes, notes) = (Book.Open.ToList(), Book.Closed.ToList(), Book.Changes.ToList(), state.Unaudited.ToList());
        var conditions = Book.Conditions.ToList();
        return () =>
        {
            Replace(Book.Open, open);
            Replace(Book.Closed, closed);
            Replace(Book.Changes, changes);
            Replace(state.Unaudited, notes);
            foreach (var (key, condition) in conditions)
                Book.Conditions[key] = condition;
        };
    }

    private static void Replace<T>(List<T> list, List<T> before)
    {
        list.Clear();
        list.AddRange(before);
    }

    private async Task StoreAsync(Action undo)
    {
        IsStoring = true;
        try
        {
            await saveNow();
        }
        catch
        {
            undo();
            throw;
        }
        finally
        {
            IsStoring = false;
        }
    }

    private static string Words(ThresholdChange change) =>
        string.Create(CultureInfo.InvariantCulture, $"{change.Rule} {change.Subject ?? "all"} on {change.On:0.##} off {change.Off:0.##} until {change.Until.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}: {change.Reason}");
}

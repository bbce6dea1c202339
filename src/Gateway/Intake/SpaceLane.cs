using Monitoring.Contracts.Intake;

namespace Monitoring.Gateway.Intake;

/// <summary>The messages of one space on their way to it, in the order of their offsets. Not safe for threads: callers hold <see cref="Gate"/>.</summary>
internal sealed class SpaceLane(string space)
{
    private readonly Queue<JournaledMessage> _pending = new();
    private readonly List<(long Offset, TaskCompletionSource Applied)> _waiting = [];

    public Lock Gate { get; } = new();

    public string Space { get; } = space;

    /// <summary>Highest offset of this space that is in the journal.</summary>
    public long Highest { get; set; }

    /// <summary>Highest offset taken into memory, or applied; the journal is read from here.</summary>
    public long TakenThrough { get; private set; }

    /// <summary>Highest offset that the space has applied.</summary>
    public long Applied { get; private set; }

    /// <summary>Highest offset that the space has on disk.</summary>
    public long Saved { get; private set; }

    /// <summary>Whether the journal has messages that are not in memory.</summary>
    public bool Behind { get; set; }

    /// <summary>Whether the space has to be asked first how far it has come.</summary>
    public bool CursorUnknown { get; set; }

    /// <summary>Whether a sender is at work.</summary>
    public bool Sending { get; set; }

    /// <summary>Whether the last call to the space failed.</summary>
    public bool Away { get; set; }

    public int Pending => _pending.Count;

    /// <summary>Bytes of the messages in memory.</summary>
    public long PendingBytes { get; private set; }

    public bool Unsaved => Highest > Saved;

    public void Take(JournaledMessage message)
    {
        _pending.Enqueue(message);
        PendingBytes += message.Body.Length;
        TakenThrough = message.Offset;
    }

    public ReadingBatch NextBatch(Guid journal, string gateway) =>
        new(journal, gateway, [.. _pending.Take(ReadingBatch.RecordsMax)], Applied);

    /// <summary>Takes over how far the space has come.</summary>
    /// <returns>How many messages left memory, and whether the space lacks some that were sent.</returns>
    public (int Left, bool Rewound) Settle(IngestReceipt receipt, long sentThrough)
    {
        Saved = Math.Max(Saved, Math.Min(receipt.Saved, Highest));
        if (receipt.Applied < sentThrough)
            return (Restart(receipt.Applied), true);
        var left = 0;
        while (_pending.TryPeek(out var first) && first.Offset <= receipt.Applied)
        {
            PendingBytes -= _pending.Dequeue().Body.Length;
            left++;
        }

        Applied = Math.Max(Applied, Math.Max(sentThrough, Math.Min(receipt.Applied, TakenThrough)));
        TellWaiting();
        return (left, false);
    }

    /// <summary>Leaves everything after an offset to the journal.</summary>
    /// <returns>How many messages left memory.</returns>
    public int Restart(long appliedThrough)
    {
        var left = _pending.Count;
        _pending.Clear();
        PendingBytes = 0;
        Applied = TakenThrough = appliedThrough;
        CursorUnknown = false;
        Behind = Highest > appliedThrough;
        TellWaiting();
        return left;
    }

    /// <summary>The journal has nothing after what was taken: the row was damaged and is in quarantine.</summary>
    public void EndsAt(long offset)
    {
        Highest = offset;
        Saved = Math.Min(Saved, offset);
        TellWaiting();
    }

    public Task WhenApplied(long offset)
    {
        if (CursorUnknown || Applied < Math.Min(offset, Highest))
        {
            // Drains that wait for the same message share one task, so that repeated drains of a space that is away do not pile up.
            if (_waiting is [.., var last] && last.Offset == offset)
                return last.Applied.Task;
            var applied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((offset, applied));
            return applied.Task;
        }

        return Task.CompletedTask;
    }

    private void TellWaiting()
    {
        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            if (Applied < Math.Min(_waiting[i].Offset, Highest))
                continue;
            _waiting[i].Applied.SetResult();
            _waiting.RemoveAt(i);
        }
    }
}

using Monitoring.Gateway.Intake;

namespace Monitoring.FaultyHub;

/// <summary>The journal's file on a disk that can be away, full or slow.</summary>
internal sealed class FaultyJournalFile(IJournalFile inner, StoreFault fault) : IJournalFile
{
    private readonly ManualResetEvent _never = new(false);

    public Guid Id => inner.Id;

    public long HighWater => inner.HighWater;

    public void Insert(IReadOnlyList<JournalRow> rows)
    {
        Write();
        inner.Insert(rows);
    }

    public JournalRead Read(long after, int max)
    {
        fault.ThrowOnRead();
        return inner.Read(after, max);
    }

    public void KeepNoneAfter(DateTimeOffset now) => inner.KeepNoneAfter(now);

    public void Replace(IReadOnlyList<JournalRow> rows)
    {
        Write();
        inner.Replace(rows);
    }

    public IReadOnlyDictionary<string, long> HighestBySpace() => inner.HighestBySpace();

    public int Delete(long through, int max)
    {
        Write();
        return inner.Delete(through, max);
    }

    public void Quarantine(IReadOnlyList<long> offsets, DateTimeOffset foundAt)
    {
        Write();
        inner.Quarantine(offsets, foundAt);
    }

    public void EmptyQuarantine(DateTimeOffset keptBefore)
    {
        Write();
        inner.EmptyQuarantine(keptBefore);
    }

    public long Quarantined(DateTimeOffset foundSince) => inner.Quarantined(foundSince);

    public long UsedBytes() => inner.UsedBytes();

    public void Checkpoint(DateTimeOffset now)
    {
        Write();
        inner.Checkpoint(now);
    }

    public void Dispose()
    {
        inner.Dispose();
        _never.Dispose();
    }

    // On the writer's own thread, as a slow disk would hold it.
    private void Write()
    {
        fault.ThrowOnWrite();
        if (fault.Delay is var delay && delay > TimeSpan.Zero)
            _never.WaitOne(delay);
    }
}

using Monitoring.Gateway.Intake;

namespace Monitoring.Benchmarks.Intake;

/// <summary>A journal on a slower disk: each commit takes so much longer.</summary>
internal sealed class DelayedJournalFile(IJournalFile inner, TimeSpan delay) : IJournalFile
{
    private readonly ManualResetEvent _never = new(false);

    public Guid Id => inner.Id;

    public long HighWater => inner.HighWater;

    public void Insert(IReadOnlyList<JournalRow> rows)
    {
        inner.Insert(rows);

        // On the writer's own thread, as a slow disk would hold it.
        if (delay > TimeSpan.Zero)
            _never.WaitOne(delay);
    }

    public JournalRead Read(long after, int max) => inner.Read(after, max);

    public IReadOnlyDictionary<string, long> HighestBySpace() => inner.HighestBySpace();

    public int Delete(long through, int max) => inner.Delete(through, max);

    public void Quarantine(IReadOnlyList<long> offsets, DateTimeOffset foundAt) => inner.Quarantine(offsets, foundAt);

    public long UsedBytes() => inner.UsedBytes();

    public void KeepNoneAfter(DateTimeOffset now) => inner.KeepNoneAfter(now);

    public void Replace(IReadOnlyList<JournalRow> rows) => inner.Replace(rows);

    public void EmptyQuarantine(DateTimeOffset keptBefore) => inner.EmptyQuarantine(keptBefore);

    public long Quarantined(DateTimeOffset foundSince) => inner.Quarantined(foundSince);

    public void Checkpoint(DateTimeOffset now) => inner.Checkpoint(now);

    public void Dispose()
    {
        inner.Dispose();
        _never.Dispose();
    }
}

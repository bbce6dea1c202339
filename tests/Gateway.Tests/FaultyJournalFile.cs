using Monitoring.Gateway.Intake;

namespace Monitoring.Gateway.Tests;

/// <summary>A journal file whose commits can be held up or made to fail.</summary>
internal sealed class FaultyJournalFile(IJournalFile inner) : IJournalFile
{
    private readonly ManualResetEventSlim _open = new(true);
    private volatile bool _fails;

    public Guid Id => inner.Id;

    public long HighWater => inner.HighWater;

    public void Hold() => _open.Reset();

    public void LetGo() => _open.Set();

    public void Fail(bool fails) => _fails = fails;

    public void Insert(IReadOnlyList<JournalRow> rows)
    {
        _open.Wait();
        if (_fails)
            throw new IOException("No space left on device");
        inner.Insert(rows);
    }

    public JournalRead Read(long after, int max) => inner.Read(after, max);

    public IReadOnlyDictionary<string, long> HighestBySpace() => inner.HighestBySpace();

    public int Delete(long through, int max) => inner.Delete(through, max);

    public void Quarantine(IReadOnlyList<long> offsets, DateTimeOffset foundAt) => inner.Quarantine(offsets, foundAt);

    public void KeepNoneAfter(DateTimeOffset now) => inner.KeepNoneAfter(now);

    public void Replace(IReadOnlyList<JournalRow> rows) => inner.Replace(rows);

    public void EmptyQuarantine(DateTimeOffset keptBefore) => inner.EmptyQuarantine(keptBefore);

    public long Quarantined(DateTimeOffset foundSince) => inner.Quarantined(foundSince);

    public long UsedBytes() => inner.UsedBytes();

    public void Checkpoint(DateTimeOffset now) => inner.Checkpoint(now);

    public void Dispose()
    {
        _open.Set();
        inner.Dispose();
        _open.Dispose();
    }
}

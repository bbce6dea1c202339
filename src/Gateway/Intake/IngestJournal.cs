using Monitoring.Domain;
using Monitoring.Storage;

namespace Monitoring.Gateway.Intake;

/// <summary>Keeps accepted messages until their space has them on disk. What was not committed was not accepted.</summary>
internal sealed class IngestJournal : IDisposable
{
    /// <summary>Rows deleted in one transaction, so that commits of new rows wait only shortly.</summary>
    public const int DeleteBatch = 4_096;

    private const int SizeCheckBytes = 1024 * 1024;

    private readonly IJournalFile _file;
    private readonly JournalOptions _options;
    private readonly HubClock _clock;
    private readonly ILogger _log;
    private readonly SteadyClock _steady;
    private readonly GroupCommit<JournalRow> _commits;
    private long _next;
    private long _committed;
    private long _unchecked = SizeCheckBytes;
    private long _used;
    private long _queuedBytes;
    private volatile bool _full;
    private volatile string? _fault;

    public IngestJournal(IJournalFile file, JournalOptions options, HubClock clock, ILogger log)
    {
        (_file, _options, _clock, _log, _steady) = (file, options, clock, log, new SteadyClock(clock.Wall));
        file.KeepNoneAfter(Now);
        _committed = file.HighWater;

        // An older copy of the file put back would hand out offsets anew that its spaces have applied already, and lose what it
        // accepts. So each start begins above every offset that an earlier one can have reached at a million messages a second.
        _next = Math.Max(file.HighWater, (clock.Wall.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        CheckSize();
        _commits = new GroupCommit<JournalRow>("ingest journal", options.QueueMax, Commit);
    }

    /// <summary>Tells of rows that are durable, in the order of their offsets, on the writer's thread, before any waiter knows.</summary>
    public event Action<IReadOnlyList<JournalRow>>? Committed;

    public Guid Id => _file.Id;

    /// <summary>Highest offset that is durable, or was before it was deleted.</summary>
    public long CommittedThrough => Volatile.Read(ref _committed);

    /// <summary>Now, as ages in the journal are measured.</summary>
    public DateTimeOffset Now => _steady.Now;

    /// <summary>What is wrong with the journal; null where nothing is.</summary>
    public string? Fault => _fault ?? (_full ? $"the journal is over {_options.BytesMax} bytes" : null);

    /// <summary>Whether anything was committed, or could not be, since the start: before that nothing is known of the disk.</summary>
    public bool HasCommitted => _fault is not null || Volatile.Read(ref _committed) != _file.HighWater;

    /// <summary>Size of the used pages at the last look, percent of the limit.</summary>
    public double UsedPercent => 100.0 * Interlocked.Read(ref _used) / _options.BytesMax;

    /// <summary>Hands a message to the next commit.</summary>
    /// <returns>A task that ends when it is durable; null where it cannot be kept now.</returns>
    public (long Offset, Task Committed)? TryAppend(string space, byte[] body)
    {
        if (_full)
            return null;
        if (Interlocked.Add(ref _queuedBytes, body.Length) <= _options.QueueBytesMax)
        {
            try
            {
                if (_commits.TryAdd(() => new JournalRow(++_next, space, body, Now)) is { } added)
                    return (added.Item.Offset, added.Committed);
            }
            catch (ObjectDisposedException)
            {
                // The gateway is stopping: what comes now is not kept, and the sender is told so.
            }
        }

        Interlocked.Add(ref _queuedBytes, -body.Length);
        return null;
    }

    /// <summary>Reads rows after an offset in order; damaged ones are put into quarantine, counted and logged, and read as empty.</summary>
    public JournalRead Read(long after, int max)
    {
        JournalRead read;
        while ((read = _file.Read(after, max)).Damaged.Count > 0)
        {
            // Each is replaced or deleted, so the next read has none of these, but it may reach further.
            _file.Quarantine(read.Damaged, Now);
            IntakeMetrics.Quarantined.Add(read.Damaged.Count);
            _log.RowsQuarantined(read.Damaged.Count, read.Damaged[0], read.Damaged[^1]);
        }

        return read;
    }

    public IReadOnlyDictionary<string, long> HighestBySpace() => _file.HighestBySpace();

    /// <summary>Deletes rows up to and including an offset.</summary>
    public void DeleteThrough(long offset)
    {
        while (_file.Delete(offset, DeleteBatch) == DeleteBatch)
        {
        }

        CheckSize();
    }

    public void Checkpoint() => _file.Checkpoint(_clock.Wall.GetUtcNow());

    /// <summary>Overwrites the bodies of rows; one that is gone stays gone.</summary>
    public void Replace(IReadOnlyList<JournalRow> rows)
    {
        if (rows.Count > 0)
            _file.Replace(rows);
    }

    /// <summary>Overwrites the bodies of damaged rows that are kept since before an instant.</summary>
    public void EmptyQuarantine(DateTimeOffset keptBefore) => _file.EmptyQuarantine(keptBefore);

    /// <summary>How many damaged rows were found since an instant.</summary>
    public long Quarantined(DateTimeOffset foundSince) => _file.Quarantined(foundSince);

    /// <summary>Commits what waits, then closes the file.</summary>
    public void Dispose()
    {
        _commits.Dispose();
        _file.Dispose();
    }

    private void Commit(IReadOnlyList<JournalRow> rows)
    {
        var started = _clock.Wall.GetTimestamp();
        var bytes = rows.Sum(row => (long)row.Body.Length);
        try
        {
            _file.Insert(rows);
        }
        catch (Exception fault)
        {
            if (_fault is null)
                _log.JournalFailed(fault);
            _fault = fault.Message;
            throw;
        }
        finally
        {
            Interlocked.Add(ref _queuedBytes, -bytes);
        }

        if (_fault is not null)
            _log.JournalRecovered();
        _fault = null;
        IntakeMetrics.Committed(_clock.Wall.GetElapsedTime(started));
        _unchecked += bytes;
        if (_unchecked >= SizeCheckBytes)
            CheckSize();
        Committed?.Invoke(rows);

        // Only now: what counts as committed is known to its lane, so that nobody deletes it as saved by all.
        Volatile.Write(ref _committed, rows[^1].Offset);
    }

    private void CheckSize()
    {
        Interlocked.Exchange(ref _unchecked, 0);
        var used = _file.UsedBytes();
        Interlocked.Exchange(ref _used, used);
        var full = used > _options.BytesMax;
        if (full && !_full)
            _log.JournalFull(_options.BytesMax);
        _full = full;
    }
}

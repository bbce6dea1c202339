namespace Monitoring.Storage;

/// <summary>One writer for many: items that come while a commit is under way share the next one.</summary>
/// <remarks>A failed commit fails every item of its batch: nobody is told that something is kept which is not.</remarks>
/// <typeparam name="T">What is written.</typeparam>
public sealed class GroupCommit<T> : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly int _waitingMax;
    private readonly Action<IReadOnlyList<T>> _commit;
    private readonly Thread _writer;
    private Batch _open = new();
    private bool _closed;

    /// <summary>Starts the writer.</summary>
    /// <param name="name">Name of its thread.</param>
    /// <param name="waitingMax">Most items that may wait for the next commit; more are turned away.</param>
    /// <param name="commit">Writes a batch durably, or throws. Runs on the writer's thread only.</param>
    public GroupCommit(string name, int waitingMax, Action<IReadOnlyList<T>> commit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(waitingMax, 1);
        _waitingMax = waitingMax;
        _commit = commit;
        _writer = new Thread(Write) { Name = name, IsBackground = true };

        // It serves everybody: the request that happened to need it first is not carried into all that it writes.
        _writer.UnsafeStart();
    }

    /// <summary>Adds an item to the next commit.</summary>
    /// <param name="make">Makes the item; called once, under the lock, in the order of the batches, so that it may hand out growing numbers.</param>
    /// <returns>The item, and a task that ends when it is durable and fails when its batch could not be written; null where too many wait.</returns>
    public (T Item, Task Committed)? TryAdd(Func<T> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_open.Items.Count >= _waitingMax)
                return null;
            var item = make();
            _open.Items.Add(item);
            if (_open.Items.Count == 1)
                _work.Release();
            return (item, _open.Done.Task);
        }
    }

    /// <summary>Writes what waits, then ends the writer.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_closed)
                return;
            _closed = true;
        }

        _work.Release();
        _writer.Join();
        _work.Dispose();
    }

    private void Write()
    {
        while (true)
        {
            _work.Wait();
            Batch batch;
            bool last;
            lock (_lock)
            {
                (batch, _open) = (_open, new Batch());
                last = _closed;
            }

            if (batch.Items.Count > 0)
                Commit(batch);
            if (last)
                return;
        }
    }

    private void Commit(Batch batch)
    {
        try
        {
            _commit(batch.Items);
        }
#pragma warning disable CA1031 // Whatever went wrong is handed to every waiter; each of them names its own input.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            batch.Done.SetException(fault);
            _ = batch.Done.Task.Exception;
            return;
        }

        batch.Done.SetResult();
    }

    private sealed class Batch
    {
        public List<T> Items { get; } = [];

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

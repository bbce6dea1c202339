using Monitoring.Domain.History;

namespace Monitoring.History;

/// <summary>Lets so many questions run, so many wait, and sends further ones away.</summary>
internal sealed class QueryGate(int running, int waiting) : IDisposable
{
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turns = new(running);
    private int _inside;

    /// <summary>Waits for a turn.</summary>
    /// <returns>Gives the turn back when disposed of.</returns>
    /// <exception cref="HistoryAwayException">So many wait already.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _inside) > running + waiting)
        {
            Interlocked.Decrement(ref _inside);
            throw new HistoryAwayException($"The history has {running} questions to answer, and {waiting} wait: ask again in a second.") { RetryAfter = ComeAgain };
        }

        try
        {
            await _turns.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            Interlocked.Decrement(ref _inside);
            throw;
        }

        return new Turn(this);
    }

    public void Dispose() => _turns.Dispose();

    private sealed class Turn(QueryGate gate) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) != 0)
                return;
            Interlocked.Decrement(ref gate._inside);
            gate._turns.Release();
        }
    }
}

namespace Monitoring.Harness;

/// <summary>Keeps counters of a fixture square alive in the background: a heartbeat of each, several times in its interval.</summary>
public sealed class HeartbeatsOf : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(300);

    private readonly CancellationTokenSource _stop = new();
    private readonly Publisher _publisher;
    private readonly Task _beating;
    private IReadOnlyList<int> _counters;

    /// <summary>Starts.</summary>
    /// <param name="publisher">Signed-in connection.</param>
    /// <param name="counters">Numbers of the counters.</param>
    public HeartbeatsOf(Publisher publisher, IReadOnlyList<int> counters)
    {
        (_publisher, _counters) = (publisher, counters);
        _beating = BeatAsync();
    }

    /// <summary>Lets only these counters go on.</summary>
    public void Only(params int[] counters) => _counters = counters;

    /// <summary>Ends; a beat that failed meanwhile fails the test here.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _beating;
        _stop.Dispose();
    }

    private async Task BeatAsync()
    {
        try
        {
            while (true)
            {
                // A publish that is under way at the end is let through: MQTTnet reports a cancelled one as timed out.
                foreach (var counter in _counters)
                    await _publisher.BeatAsync($"counter-{counter}", TimeProvider.System.GetUtcNow(), CancellationToken.None);
                await Task.Delay(Every, TimeProvider.System, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end that DisposeAsync asked for.
        }
    }
}

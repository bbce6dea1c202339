namespace Monitoring.Harness;

/// <summary>Waits for an event, not for the clock: asks again until it is so.</summary>
public static class Waiting
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until something is so.</summary>
    /// <param name="what">What is waited for, for the message.</param>
    /// <param name="isSo">Asks; may throw <see cref="HttpRequestException"/> while the hub is away.</param>
    /// <param name="within">Time-out: ten times what it should take.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="TimeoutException">It did not become so.</exception>
    public static async Task UntilAsync(string what, Func<Task<bool>> isSo, TimeSpan within, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(within);
        try
        {
            while (!await AskAsync(isSo))
                await Task.Delay(AskEvery, TimeProvider.System, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited {within} for this, in vain: {what}.");
        }
    }

    private static async Task<bool> AskAsync(Func<Task<bool>> isSo)
    {
        try
        {
            return await isSo();
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

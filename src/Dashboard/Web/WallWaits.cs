namespace Monitoring.Dashboard.Web;

/// <summary>Waits that end quietly when what they wait for is over.</summary>
internal static class WallWaits
{
    /// <summary>Waits for a while; returns early where it is cancelled.</summary>
    public static async Task PauseAsync(this TimeProvider wall, TimeSpan pause, CancellationToken cancellation) =>
        await Task.Delay(pause, wall, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Waits for the next beat; false where it is cancelled.</summary>
    public static async Task<bool> NextAsync(this PeriodicTimer timer, CancellationToken cancellation)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

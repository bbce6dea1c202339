using Monitoring.Harness;

namespace Monitoring.Faults.History;

/// <summary>A connection that sends each message, unchanged, until it is acknowledged, whatever becomes of the hub.</summary>
internal sealed class StubbornLink(int port, string user, string secret) : IAsyncDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _opening = new(1);
    private Publisher? _open;
    private long _acknowledged;
    private long _again;

    /// <summary>Messages that were acknowledged.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Attempts that were not.</summary>
    public long Repeated => Interlocked.Read(ref _again);

    /// <summary>Sends readings of a device.</summary>
    public async Task SendAsync(string device, DateTimeOffset at, string readings, CancellationToken cancellation)
    {
        while (true)
        {
            var link = await OpenAsync(cancellation);
            try
            {
                await link.SendAsync(device, at, readings, cancellation);
                Interlocked.Increment(ref _acknowledged);
                return;
            }
#pragma warning disable CA1031 // Whatever it was: not acknowledged is not accepted.
            catch (Exception) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Interlocked.Increment(ref _again);
                await CloseAsync(link);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_open is { } open)
            await CloseAsync(open);
        _opening.Dispose();
    }

    private async Task<Publisher> OpenAsync(CancellationToken cancellation)
    {
        await _opening.WaitAsync(cancellation);
        try
        {
            while (_open is null)
            {
                try
                {
                    _open = await Publisher.ConnectAsync(port, user, secret, cancellation);
                }
#pragma warning disable CA1031 // The hub is away, or does not know yet where the clock stands.
                catch (Exception) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    await Task.Delay(Again, TimeProvider.System, cancellation);
                }
            }

            return _open;
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task CloseAsync(Publisher broken)
    {
        if (Interlocked.CompareExchange(ref _open, null, broken) != broken)
            return;
        try
        {
            await broken.DisposeAsync();
        }
#pragma warning disable CA1031 // It is broken already.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}

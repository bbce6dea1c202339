using System.Threading.Channels;

namespace Monitoring.Dashboard.Spaces;

/// <summary>One subscriber's signal that something moved. It holds at most one signal: who is slow sees the newest state, never a queue of old ones.</summary>
internal sealed class LiveSubscription(LiveFeed feed, string? space) : IDisposable
{
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Waits until something moved since the last wait.</summary>
    public ValueTask<bool> MovedAsync(CancellationToken cancellation) => _signal.Reader.ReadAsync(cancellation);

    /// <summary>Says that a space moved; null for the site as a whole.</summary>
    public void Signal(string? moved)
    {
        if (space is null || moved is null || moved == space)
            _signal.Writer.TryWrite(true);
    }

    public void Dispose() => feed.Leave(this);
}

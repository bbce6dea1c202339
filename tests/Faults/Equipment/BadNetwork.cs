using System.Net;
using System.Net.Sockets;

namespace Monitoring.Faults.Equipment;

/// <summary>A way to the hub on loopback that loses, cuts and slows connections as a street cabinet's radio does.</summary>
internal sealed class BadNetwork : IAsyncDisposable
{
    private const int ConnectionsMax = 100, ChunkBytes = 4_096;

    private static readonly TimeSpan SlowChunkEvery = TimeSpan.FromMilliseconds(50);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Passage> _passages = [];
    private readonly int _hubPort;
    private readonly Task _accepting;
    private volatile int _slowBytes;

    /// <summary>Opens it.</summary>
    /// <param name="hubPort">MQTT port of the hub.</param>
    public BadNetwork(int hubPort)
    {
        _hubPort = hubPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Port that equipment connects to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Lets so few bytes pass at a time, 20 times in a second, in both directions; 0 for as many as come.</summary>
    public void Slow(int bytes) => _slowBytes = bytes;

    /// <summary>Resets all connections.</summary>
    public void Cut() => ForEach(passage => passage.Reset());

    /// <summary>Leaves all connections open, and nothing passes on them any more.</summary>
    public void HalfOpen() => ForEach(passage => passage.IsDead = true);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private void ForEach(Action<Passage> act)
    {
        lock (_lock)
            _passages.ToList().ForEach(act);
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var equipment = await _listener.AcceptSocketAsync(_stop.Token);
            var passage = new Passage(equipment, new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
            lock (_lock)
            {
                if (_passages.Count >= ConnectionsMax)
                {
                    passage.Reset();
                    continue;
                }

                _passages.Add(passage);
            }

            _ = CarryAsync(passage);
        }
    }

    private async Task CarryAsync(Passage passage)
    {
        try
        {
            await passage.Hub.ConnectAsync(IPAddress.Loopback, _hubPort, _stop.Token);
            await Task.WhenAny(PumpAsync(passage, passage.Equipment, passage.Hub), PumpAsync(passage, passage.Hub, passage.Equipment));
        }
        catch (Exception away) when (away is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The hub is away: the equipment sees its connection end.
        }

        passage.Reset();
        lock (_lock)
            _passages.Remove(passage);
    }

    private async Task PumpAsync(Passage passage, Socket from, Socket to)
    {
        var buffer = new byte[ChunkBytes];
        try
        {
            while (true)
            {
                var slow = _slowBytes;
                var read = await from.ReceiveAsync(buffer.AsMemory(0, slow > 0 ? slow : ChunkBytes), _stop.Token);
                if (read == 0)
                    return;
                if (slow > 0)
                    await Task.Delay(SlowChunkEvery, TimeProvider.System, _stop.Token);
                if (!passage.IsDead)
                    await SendAllAsync(to, buffer.AsMemory(0, read));
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side is gone; so is the other, at once.
        }
    }

    private async Task SendAllAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await to.SendAsync(bytes, _stop.Token)..];
    }

    private sealed class Passage(Socket equipment, Socket hub)
    {
        public Socket Equipment => equipment;

        public Socket Hub => hub;

        public volatile bool IsDead;

        public void Reset()
        {
            equipment.Close(0);
            hub.Close(0);
        }
    }
}

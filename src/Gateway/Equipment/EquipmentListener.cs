using System.Collections.Concurrent;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Gateway.Intake;
using Monitoring.Gateway.Spaces;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Monitoring.Gateway.Equipment;

/// <summary>Receives connections from Kestrel, puts the guard in front of each and hands them to MQTTnet.</summary>
internal sealed class EquipmentListener(DoorServices door, IOptions<GatewayOptions> options) : ConnectionHandler, IMqttServerAdapter
{
    /// <summary>Time that a peer has to take the last bytes before its socket is cut.</summary>
    private static readonly TimeSpan LingerMax = TimeSpan.FromSeconds(5);

    private static readonly object PastHandshake = new();

    private readonly ConcurrentDictionary<EquipmentChannel, bool> _channels = new();
    private readonly AddressCount _addresses = new(options.Value.ConnectionsPerAddressMax);
    private readonly NamedChannels _names = new(options.Value.ConnectionsPerNameMax);
    private int _open;
    private volatile bool _stopping;

    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    /// <summary>Open connections, signed in or not.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Counts a connection before anything of it is read, its TLS handshake included, and turns away those over a limit.</summary>
    public async Task AdmitAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (Interlocked.Increment(ref _open) > options.Value.ConnectionsMax || _stopping)
        {
            Interlocked.Decrement(ref _open);
            TurnAway(connection, "too-many");
            return;
        }

        var address = PeerAddress.Of(connection.RemoteEndPoint);
        if (!_addresses.TryEnter(address))
        {
            Interlocked.Decrement(ref _open);
            TurnAway(connection, "too-many-of-address");
            return;
        }

        IntakeMetrics.Connections.Add(1);
        try
        {
            await next(connection);

            // Kestrel ends a handshake that fails or takes too long without a word to what stands behind it.
            if (!connection.Items.ContainsKey(PastHandshake))
                IntakeMetrics.Closed.Add(1, new KeyValuePair<string, object?>("reason", "handshake"));
        }
        finally
        {
            _addresses.Leave(address);
            Interlocked.Decrement(ref _open);
            IntakeMetrics.Connections.Add(-1);
        }
    }

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        connection.Items[PastHandshake] = true;
        if (_stopping || ClientHandler is not { } serve)
        {
            TurnAway(connection, "stopping");
            return;
        }

        var guard = new PacketGuard(connection.Transport.Input, door.Options);
        connection.Transport = new Duplex(guard, new PoliteWriter(connection.Transport.Output));
        using var channel = new EquipmentChannel(connection, guard, door);
        channel.OnSignedIn = () => MakeRoom(channel);
        _channels[channel] = true;
        try
        {
            await using var deadline = door.Wall.CreateTimer(_ => EndIfSilent(channel, guard), null, TimeSpan.FromSeconds(door.Options.FirstPacketSeconds), Timeout.InfiniteTimeSpan);
            await serve(channel);
        }
        finally
        {
            _channels.TryRemove(channel, out _);
            _names.Leave(channel);
            _ = CutAsync(connection);
        }
    }

    /// <summary>Ends connections that have said nothing for one and a half times their keep-alive (MQTT 5.0 §3.1.2.10).</summary>
    public void EndSilent()
    {
        foreach (var channel in _channels.Keys)
        {
            if (channel.KeepAliveSeconds > 0 && channel.Silence > TimeSpan.FromSeconds(1.5 * channel.KeepAliveSeconds))
                _ = channel.CloseAsync(MqttDisconnectReasonCode.KeepAliveTimeout, "nothing was heard for one and a half times the keep-alive");
        }
    }

    /// <summary>Ends connections that a new site does not list.</summary>
    public void EndUnlisted(AdmittedSite site)
    {
        foreach (var channel in _channels.Keys)
        {
            if (channel.Name.Length > 0 && !site.Connections.ContainsKey(channel.Name))
                _ = channel.CloseAsync(MqttDisconnectReasonCode.AdministrativeAction, "the site does not list this connection any more");
        }
    }

    /// <summary>Takes no new connection, answers what is open and ends every connection.</summary>
    public Task EndAllAsync(CancellationToken cancellation)
    {
        _stopping = true;
        return Task.WhenAll(_channels.Keys.Select(channel => channel.StopAsync(cancellation)));
    }

    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger) => Task.CompletedTask;

    public Task StopAsync() => Task.CompletedTask;

    public void Dispose()
    {
    }

    private void EndIfSilent(EquipmentChannel channel, PacketGuard guard)
    {
        if (channel.Verdict is not null || guard.HadConnect)
            return;
        door.Record.Refused(new Refusal(RefusalReason.Protocol, $"no complete CONNECT came within {door.Options.FirstPacketSeconds} s"), "", "", 0, []);
        guard.End();
    }

    private static void TurnAway(ConnectionContext connection, string reason)
    {
        IntakeMetrics.Closed.Add(1, new KeyValuePair<string, object?>("reason", reason));
        connection.Abort();
    }

    // Not the new one: behind a weak link the old ones are dead, and the device would stay outside until their keep-alive has passed.
    private void MakeRoom(EquipmentChannel channel)
    {
        if (_names.Enter(channel) is { } most)
            _ = most.CloseAsync(MqttDisconnectReasonCode.QuotaExceeded, "this user name has too many connections; the one that was silent for longest ends", "too-many-of-name");
    }

    // A peer that does not read would otherwise keep its socket, and what was sent to it, for ever.
    private async Task CutAsync(ConnectionContext connection)
    {
        await Task.Delay(LingerMax, door.Wall, connection.ConnectionClosed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!connection.ConnectionClosed.IsCancellationRequested)
            connection.Abort();
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input { get; } = input;

        public PipeWriter Output { get; } = output;
    }
}

using System.Net.Sockets;

namespace Monitoring.Gateway.Tests;

public sealed class PacketGuardTests
{
    [Fact]
    public async Task Twenty_half_packets_of_peers_that_have_gone_end_at_once()
    {
        await using var gateway = await RunningGateway.StartAsync(settings: ("Gateway:Intake:FirstPacketSeconds", "60"));

        for (var i = 0; i < 20; i++)
        {
            using var socket = await gateway.ConnectRawAsync(0x10, 0x20, 0, 4);
            socket.Shutdown(SocketShutdown.Send);
        }

        await RunningGateway.Until(() => gateway.Counters.Reasons.GetValueOrDefault("protocol") == 20, "the guard to refuse all of them");
        await RunningGateway.Until(() => gateway.Health.Connections == 0, "all connections to end");
    }

    [Fact]
    public async Task A_half_packet_after_sign_in_ends_too()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using (var raw = await RawClient.ConnectAsync(gateway, "one"))
            await raw.SendAsync([0x32, 0x20, 0]);

        await RunningGateway.Until(() => gateway.Health.Connections == 0, "the connection to end");
    }

    [Theory]
    [InlineData(new byte[] { 0x30, 0x02, 0, 0 }, "protocol")]
    [InlineData(new byte[] { 0x10, 0x80, 0x80, 0x80, 0x80, 1 }, "protocol")]
    [InlineData(new byte[] { 0x10, 0xFF, 0xFF, 0xFF, 0x7F }, "too-large")]
    [InlineData(new byte[] { 0x16, 0x03, 0x01, 0x00, 0xA5 }, "protocol")]
    public async Task What_is_no_small_CONNECT_ends_the_connection(byte[] bytes, string reason)
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var socket = await gateway.ConnectRawAsync(bytes);

        await RunningGateway.Until(() => gateway.Counters.Reasons.GetValueOrDefault(reason) == 1, "the refusal");
        await RunningGateway.Until(() => gateway.Health.Connections == 0, "the connection to end");
    }

    [Fact]
    public async Task A_peer_that_says_nothing_is_closed()
    {
        await using var gateway = await RunningGateway.StartAsync(settings: ("Gateway:Intake:FirstPacketSeconds", "1"));
        using var socket = await gateway.ConnectRawAsync();

        await RunningGateway.Until(() => gateway.Counters.Reasons.GetValueOrDefault("protocol") == 1, "the deadline");
        await RunningGateway.Until(() => gateway.Health.Connections == 0, "the connection to end");
    }

    [Fact]
    public async Task One_connection_too_many_is_closed()
    {
        await using var gateway = await RunningGateway.StartAsync(settings: ("Gateway:ConnectionsMax", "1"));
        using var first = await gateway.ConnectAsync("one");
        using var second = await gateway.ConnectRawAsync();

        await RunningGateway.UntilClosedAsync(second);
        Assert.True(first.IsConnected);
    }

    [Fact]
    public async Task A_client_that_falls_silent_is_told_and_closed()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var raw = await RawClient.ConnectAsync(gateway, "one", keepAliveSeconds: 1);

        Assert.Equal(0x8D, await raw.ReadDisconnectAsync());
    }

    [Fact]
    public async Task The_same_client_id_of_another_connection_pushes_nobody_out_of_its_own_it_does()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var first = await RawClient.ConnectAsync(gateway, "one");
        using var other = await RawClient.ConnectAsync(gateway, "two");

        using var again = await RawClient.ConnectAsync(gateway, "one");

        Assert.Equal(0x8E, await first.ReadDisconnectAsync());
        await other.PublishAsync("equipment/c2/readings", RunningGateway.Count(1), 1, 1);
        Assert.Equal((1, 0), await other.ReadPubAckAsync());
        await again.PublishAsync(RunningGateway.Own, RunningGateway.Count(1), 1, 1);
        Assert.Equal((1, 0), await again.ReadPubAckAsync());
    }
}

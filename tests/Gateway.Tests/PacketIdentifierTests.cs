namespace Monitoring.Gateway.Tests;

/// <summary>0 is no packet identifier: nothing can be answered to it, so the connection ends instead of waiting for an answer for ever.</summary>
public sealed class PacketIdentifierTests
{
    [Fact]
    public async Task A_message_with_the_identifier_0_ends_the_connection_and_is_not_kept()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var raw = await RawClient.ConnectAsync(gateway, "one");

        await raw.PublishAsync(RunningGateway.Own, RunningGateway.Count(1), quality: 1, packet: 0);

        Assert.Equal(0x82, await raw.ReadDisconnectAsync());
        Assert.Equal((0, 1), (gateway.Counters.Accepted, gateway.Counters.Reasons["protocol"]));
    }

    [Theory]
    [InlineData(new byte[] { 0x82, 7, 0, 0, 0, 0, 1, (byte)'a', 0 })]
    [InlineData(new byte[] { 0xA2, 6, 0, 0, 0, 0, 1, (byte)'a' })]
    public async Task So_do_subscriptions_and_their_ends(byte[] packet)
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var raw = await RawClient.ConnectAsync(gateway, "one");

        await raw.SendAsync(packet);

        Assert.Equal(0x82, await raw.ReadDisconnectAsync());
        Assert.Equal(1, gateway.Counters.Reasons["protocol"]);
    }
}

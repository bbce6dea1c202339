namespace Monitoring.Gateway.Tests;

public sealed class ConnectionLimitsTests
{
    [Fact]
    public async Task One_connection_too_many_of_an_address_is_closed_and_counted_and_a_place_that_is_free_again_is_given()
    {
        using var closed = new CountedMetric("monitoring.intake.closed", "too-many-of-address");
        await using var gateway = await RunningGateway.StartAsync(settings: ("Gateway:ConnectionsPerAddressMax", "2"));
        using var first = await RawClient.ConnectAsync(gateway, "one");
        var second = await RawClient.ConnectAsync(gateway, "two");
        using var third = await gateway.ConnectRawAsync();

        await RunningGateway.UntilClosedAsync(third);

        Assert.Equal(1, closed.Count);
        second.Dispose();
        await RunningGateway.Until(() => gateway.Health.Connections == 1, "the second connection to end");
        using var again = await RawClient.ConnectAsync(gateway, "two");
        await first.PublishAsync(RunningGateway.Own, RunningGateway.Count(1), 1, 1);
        Assert.Equal((1, 0), await first.ReadPubAckAsync());
    }

    [Fact]
    public async Task With_one_connection_too_many_of_a_name_the_one_silent_for_longest_is_told_and_closed()
    {
        using var closed = new CountedMetric("monitoring.intake.closed", "too-many-of-name");
        var time = new SteppedTime();
        await using var gateway = await RunningGateway.StartAsync(time, settings: ("Gateway:ConnectionsPerNameMax", "2"));
        using var talking = await RawClient.ConnectAsync(gateway, "one", clientId: "a");
        using var silent = await RawClient.ConnectAsync(gateway, "one", clientId: "b");
        using var other = await RawClient.ConnectAsync(gateway, "two", clientId: "c");
        time.Step(TimeSpan.FromSeconds(1));
        await talking.PublishAsync(RunningGateway.Own, RunningGateway.Count(1), 1, 1);
        Assert.Equal((1, 0), await talking.ReadPubAckAsync());

        using var third = await RawClient.ConnectAsync(gateway, "one", clientId: "d");

        Assert.Equal(0x97, await silent.ReadDisconnectAsync());
        Assert.Equal(1, closed.Count);
        foreach (var (client, topic) in new[] { (talking, RunningGateway.Own), (third, RunningGateway.Own), (other, "equipment/c2/readings") })
        {
            await client.PublishAsync(topic, RunningGateway.Count(1), 1, 2);
            Assert.Equal((2, 0), await client.ReadPubAckAsync());
        }
    }
}

using Monitoring.Domain.Intake;
using MQTTnet;
using MQTTnet.Formatter;

namespace Monitoring.Gateway.Tests;

public sealed class PubAckTests
{
    [Theory]
    [InlineData(MqttProtocolVersion.V500)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task The_PUBACK_leaves_only_after_the_commit(MqttProtocolVersion version)
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var client = await gateway.ConnectAsync("one", version);
        gateway.File.Hold();

        var answer = RunningGateway.PublishAsync(client, RunningGateway.Own, RunningGateway.Count(3));

        // A ping behind the message is answered, so the message has been taken; its PUBACK has not left.
        await client.PingAsync(TestContext.Current.CancellationToken);
        Assert.False(answer.IsCompleted);
        Assert.Equal(0, gateway.Counters.Accepted);
        gateway.File.LetGo();
        Assert.True((await answer).IsSuccess);
        await RunningGateway.Until(() => gateway.Silo.Space("square").Applied.Count == 1, "the space to have it");
        var message = AcceptedMessage.FromBytes(gateway.Silo.Space("square").Applied[0].Body);
        Assert.Equal(("c1", 3), (message.DeviceId, Assert.IsType<CountReading>(Assert.Single(message.Readings)).In));
    }

    [Fact]
    public async Task PUBACKs_leave_in_the_order_of_their_messages_refused_ones_among_them()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var raw = await RawClient.ConnectAsync(gateway, "one");
        gateway.File.Hold();

        for (ushort packet = 1; packet <= 200; packet++)
            await raw.PublishAsync(RunningGateway.Own, packet % 5 == 0 ? "no JSON" : RunningGateway.Count(packet), 1, packet);
        gateway.File.LetGo();

        for (var packet = 1; packet <= 200; packet++)
            Assert.Equal((packet, packet % 5 == 0 ? 0x99 : 0), await raw.ReadPubAckAsync());
        Assert.Equal((160, 40), (gateway.Counters.Accepted, gateway.Counters.Rejected));
    }

    [Fact]
    public async Task A_failed_commit_is_told_and_the_next_one_is_tried()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var client = await gateway.ConnectAsync("one");
        gateway.File.Fail(true);

        var answer = await RunningGateway.PublishAsync(client, RunningGateway.Own, RunningGateway.Count(1));

        Assert.Equal(MqttClientPublishReasonCode.QuotaExceeded, answer.ReasonCode);
        Assert.Equal((0, 1), (gateway.Counters.Accepted, gateway.Counters.Reasons["cannot-keep"]));
        Assert.False(gateway.Health.IsReady);
        gateway.File.Fail(false);
        Assert.True((await RunningGateway.PublishAsync(client, RunningGateway.Own, RunningGateway.Count(1))).IsSuccess);
        Assert.True(gateway.Health.IsReady);
    }

    [Fact]
    public async Task After_a_failed_commit_a_3_1_1_sender_gets_no_PUBACK_and_is_closed()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var client = await gateway.ConnectAsync("one", MqttProtocolVersion.V311);
        gateway.File.Fail(true);

        await Assert.ThrowsAnyAsync<Exception>(() => RunningGateway.PublishAsync(client, RunningGateway.Own, RunningGateway.Count(1)));

        await RunningGateway.Until(() => gateway.Health.Connections == 0, "the connection to end");
        Assert.Equal(0, gateway.Counters.Accepted);
    }

    [Fact]
    public async Task A_sender_that_does_not_wait_for_answers_is_closed()
    {
        await using var gateway = await RunningGateway.StartAsync(settings: ("Gateway:Intake:UnsentRepliesMax", "16"));
        using var raw = await RawClient.ConnectAsync(gateway, "one");
        gateway.File.Hold();

        for (ushort packet = 1; packet <= 40; packet++)
            await raw.PublishAsync(RunningGateway.Own, RunningGateway.Count(1), 1, packet);

        Assert.Equal(0x93, await raw.ReadDisconnectAsync());
        gateway.File.LetGo();
    }

    [Fact]
    public async Task A_stop_answers_what_was_accepted_and_loses_nothing()
    {
        var folder = RunningGateway.NewFolder();
        var silo = new FakeSilo { Site = RunningGateway.Site() };
        long acknowledged = 0;
        await using (var gateway = await RunningGateway.StartAsync(folder, silo))
        {
            silo.IsAway = true;
            using var client = await gateway.ConnectAsync("one");
            var sending = Enumerable.Range(1, 50).Select(n => RunningGateway.PublishAsync(client, RunningGateway.Own, RunningGateway.Count(n))).ToList();
            await RunningGateway.Until(() => gateway.Counters.Accepted > 0, "the first message");
            await gateway.StopAsync();
            foreach (var answer in sending)
                acknowledged += await Succeeded(answer);
        }

        silo.IsAway = false;
        await using var again = await RunningGateway.StartAsync(folder, silo);
        await RunningGateway.Until(() => silo.Space("square").Applied.Count >= acknowledged, "all acknowledged messages");
    }

    private static async Task<int> Succeeded(Task<MqttClientPublishResult> answer)
    {
        await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return answer.IsCompletedSuccessfully && answer.Result.IsSuccess ? 1 : 0;
    }
}

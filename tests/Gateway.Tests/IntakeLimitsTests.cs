using System.Text;

namespace Monitoring.Gateway.Tests;

/// <summary>The limits on packets, topics and payloads, each exactly at its edge: so much passes, one more does not.</summary>
public sealed class IntakeLimitsTests
{
    private const string TwoReadings = """{"readings":[{"channel":"gate","count":{"in":1,"out":0}},{"channel":"gate","event":{"type":"x"}}]}""";

    [Theory]
    [InlineData("Gateway:Intake:TopicBytesMax", 21, 0x90, "topic-invalid")]
    [InlineData("Gateway:Intake:TopicLevelsMax", 3, 0x90, "topic-invalid")]
    [InlineData("Gateway:Intake:PayloadBytesMax", 98, 0x99, "too-large")]
    [InlineData("Gateway:Intake:ReadingsMax", 2, 0x99, "too-large")]
    [InlineData("Gateway:Intake:JsonDepthMax", 4, 0x99, "payload-format")]
    [InlineData("Gateway:Intake:JsonElementsMax", 2, 0x99, "too-large")]
    public async Task A_message_at_the_limit_is_taken_and_beyond_it_refused_and_counted(string setting, int limit, int code, string reason)
    {
        Assert.Equal((21, 98), (Encoding.UTF8.GetByteCount(RunningGateway.Own), Encoding.UTF8.GetByteCount(TwoReadings)));
        foreach (var (value, expected) in ((int, int)[])[(limit, 0), (limit - 1, code)])
        {
            await using var gateway = await RunningGateway.StartAsync(settings: (setting, value.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            using var raw = await RawClient.ConnectAsync(gateway, "one");

            await raw.PublishAsync(RunningGateway.Own, TwoReadings, 1, 1);

            Assert.Equal((1, expected), await raw.ReadPubAckAsync());
            Assert.Equal(expected == 0 ? 0 : 1, gateway.Counters.Reasons.GetValueOrDefault(reason));
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task A_CONNECT_is_read_up_to_its_most_bytes(int more, bool gets)
    {
        await using var gateway = await RunningGateway.StartAsync(settings: ("Gateway:Intake:ConnectBytesMax", "300"));
        var plain = RawClient.SignInPacket("one", gateway.Secrets["one"], new string('i', 100)).Length;
        using var raw = await RawClient.OpenAsync(gateway);

        await raw.SendAsync(RawClient.SignInPacket("one", gateway.Secrets["one"], new string('i', 100 + 300 - plain + more)));

        if (gets)
            Assert.Equal((0x20, 0), await raw.ReadPacketAsync() is var (first, body) ? (first, body[1]) : default);
        else
            await RunningGateway.Until(() => gateway.Counters.Reasons.GetValueOrDefault("too-large") == 1 && gateway.Health.Connections == 0, "the refusal and the end");
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task A_packet_is_read_up_to_its_most_bytes(int more, bool passes)
    {
        await using var gateway = await RunningGateway.StartAsync(settings: ("Gateway:Intake:PacketBytesMax", "1024"));
        using var raw = await RawClient.ConnectAsync(gateway, "one");
        var bare = 1 + 2 + RawClient.Text(RunningGateway.Own).Length + 2 + 1 + RunningGateway.Count(1).Length;

        await raw.PublishAsync(RunningGateway.Own, RunningGateway.Count(1) + new string(' ', 1024 - bare + more), 1, 1);

        if (passes)
            Assert.Equal((1, 0), await raw.ReadPubAckAsync());
        else
            Assert.Equal(0x95, await raw.ReadDisconnectAsync());
        Assert.Equal(passes ? 0 : 1, gateway.Counters.Reasons.GetValueOrDefault("too-large"));
    }

    [Fact]
    public async Task As_many_answers_may_wait_as_is_announced_and_one_more_ends_the_connection_and_is_counted()
    {
        using var closed = new CountedMetric("monitoring.intake.closed", "ReceiveMaximumExceeded");
        await using var gateway = await RunningGateway.StartAsync(settings: ("Gateway:Intake:UnsentRepliesMax", "16"));
        using var raw = await RawClient.ConnectAsync(gateway, "one");
        var before = closed.Count;
        gateway.File.Hold();
        for (ushort packet = 1; packet <= 16; packet++)
            await raw.PublishAsync(RunningGateway.Own, RunningGateway.Count(1), 1, packet);
        await raw.SendAsync([0xC0, 0]);
        Assert.Equal(0xD0, (await raw.ReadPacketAsync()).First);

        await raw.PublishAsync(RunningGateway.Own, RunningGateway.Count(1), 1, 17);

        Assert.Equal(0x93, await raw.ReadDisconnectAsync());
        Assert.True(closed.Count > before);
        gateway.File.LetGo();
    }

    [Fact]
    public async Task Whoever_waits_for_each_answer_is_never_over_the_limit()
    {
        await using var gateway = await RunningGateway.StartAsync(settings: ("Gateway:Intake:UnsentRepliesMax", "16"));
        using var raw = await RawClient.ConnectAsync(gateway, "one");
        for (ushort packet = 1; packet <= 16; packet++)
            await raw.PublishAsync(RunningGateway.Own, RunningGateway.Count(1), 1, packet);
        for (ushort packet = 17; packet <= 400; packet++)
        {
            Assert.Equal((packet - 16, 0), await raw.ReadPubAckAsync());
            await raw.PublishAsync(RunningGateway.Own, RunningGateway.Count(1), 1, packet);
        }
    }

    [Fact]
    public async Task The_list_of_refused_messages_keeps_the_newest_and_counts_what_it_forgot()
    {
        using var forgotten = new CountedMetric("monitoring.intake.rejected_forgotten");
        await using var gateway = await RunningGateway.StartAsync(settings: ("Gateway:Intake:RejectedListMax", "2"));
        using var raw = await RawClient.ConnectAsync(gateway, "one");
        for (ushort packet = 1; packet <= 2; packet++)
            await RefusedAsync(raw, packet);
        Assert.Equal((2, 0), (gateway.Rejected.Count, forgotten.Count));

        await RefusedAsync(raw, 3);

        Assert.Equal((2, 1), (gateway.Rejected.Count, forgotten.Count));
        Assert.Equal(["x/3", "x/2"], gateway.Rejected.Select(message => message.Topic));
        Assert.Equal(3, gateway.Counters.Rejected);
    }

    [Theory]
    [InlineData("\u202E")] // turns the direction
    [InlineData("\u2066")]
    [InlineData("\u200B")] // takes no room
    [InlineData("\u200D")]
    [InlineData("\uFEFF")]
    [InlineData("\u00AD")]
    [InlineData("\u2028")] // ends a line
    [InlineData("\u0085")]
    [InlineData("\uE000")] // means what a font likes
    public async Task What_could_make_one_topic_look_like_another_is_not_listed_as_it_came(string character)
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var raw = await RawClient.ConnectAsync(gateway, "one");

        await raw.PublishAsync($"gate{character}é/北", RunningGateway.Count(1), 1, 1);

        Assert.NotEqual(0, (await raw.ReadPubAckAsync()).Code);
        Assert.Equal("gate\uFFFDé/北", Assert.Single(gateway.Rejected).Topic);
    }

    private static async Task RefusedAsync(RawClient raw, ushort packet)
    {
        await raw.PublishAsync($"x/{packet}", RunningGateway.Count(1), 1, packet);
        Assert.Equal((packet, 0x87), await raw.ReadPubAckAsync());
    }
}

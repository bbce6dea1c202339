using System.Text.Json;
using Monitoring.Domain.Equipment;
using Monitoring.Simulator.Intake;
using MQTTnet.Protocol;

namespace Monitoring.Simulator.Tests.Intake;

public sealed class LoadRunTests
{
    [Fact]
    public async Task Every_message_is_read_by_the_hub_and_has_an_interval_of_its_own()
    {
        await using var hub = await FakeHub.StartedAsync();
        hub.LetsIn = (user, password) => password == "s-" + user;
        var result = await RunAsync(Options(hub) with { Rate = 400, Seconds = 0.5, WarmUpSeconds = 0 });
        Assert.Equal((2, 20, 0L, 0), (result.Connections, result.InFlight, result.Refused, result.Lost));
        Assert.InRange(result.Acked, 100, 201);
        Assert.True(result.P50Ms > 0 && result.P50Ms <= result.P99Ms && result.P99Ms <= result.MaxMs);
        var native = Samples.Site("pilot-city").Profiles["native"];
        var now = TimeProvider.System.GetUtcNow();
        var readings = hub.Accepted.Select(message => (message.Topic, native.Map("d", System.Text.Encoding.UTF8.GetBytes(message.Text), now, DeviceClockWindow.Wall, retained: false).Message!)).ToList();
        Assert.All(readings, reading => Assert.False(reading.Item2.ClockFaulty));
        Assert.Equal(readings.Count, readings.Select(reading => (reading.Topic, reading.Item2.Time)).Distinct().Count());
        Assert.Equal(2, readings.Select(reading => reading.Topic).Distinct().Count());
    }

    [Fact]
    public async Task Refused_messages_are_not_counted_as_acknowledged()
    {
        await using var hub = await FakeHub.StartedAsync();
        hub.Answers = topic => topic == "equipment/a/readings" ? MqttPubAckReasonCode.NotAuthorized : MqttPubAckReasonCode.Success;
        var result = await RunAsync(Options(hub) with { Seconds = 0.3, WarmUpSeconds = 0 });
        Assert.True(result.Refused > 0 && result.Acked > 0);
    }

    [Fact]
    public async Task A_wrong_secret_is_said_so()
    {
        await using var hub = await FakeHub.StartedAsync();
        hub.LetsIn = (_, _) => false;
        Assert.Contains("does not let 'a' in", (await Assert.ThrowsAsync<LoadInputException>(() => RunAsync(Options(hub)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_machines_are_not_loaded()
    {
        await using var hub = await FakeHub.StartedAsync();
        var refused = await Assert.ThrowsAsync<LoadInputException>(() => RunAsync(Options(hub) with { Mqtt = new MqttEndpoint("192.0.2.1", 1883) }));
        Assert.Contains("loopback only", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_dies_is_a_lost_connection_and_not_a_hang()
    {
        await using var hub = await FakeHub.StartedAsync();
        var running = RunAsync(Options(hub) with { Seconds = 2, WarmUpSeconds = 0, Rate = 100 });
        while (hub.Accepted.IsEmpty)
            await Task.Yield();
        await hub.KillAsync();
        Assert.Equal(2, (await running).Lost);
        await hub.StartAsync();
    }

    [Fact]
    public void The_result_is_json_with_fixed_names()
    {
        var result = new LoadResult { Connections = 1, InFlight = 2, Rate = 3, Seconds = 4, Acked = 5, Refused = 6, Lost = 7, AckedPerSecond = 8, P50Ms = 9, P90Ms = 10, P99Ms = 11, MaxMs = 12 };
        Assert.Equal("""{"connections":1,"inFlight":2,"rate":3,"seconds":4,"acked":5,"refused":6,"lost":7,"ackedPerSecond":8,"p50Ms":9,"p90Ms":10,"p99Ms":11,"maxMs":12}""", result.ToJson());
    }

    [Fact]
    public void Principals_are_read_from_the_file_of_the_sample_city()
    {
        var principal = Assert.Single(LoadPrincipal.ReadAll("""[{"connection":"c","secret":"s","topics":["t"]}]"""));
        Assert.Equal(("c", "s", "t"), (principal.Connection, principal.Secret, principal.Topics[0]));
        Assert.Throws<JsonException>(() => LoadPrincipal.ReadAll("""[{"connection":"c","secret":"s","topics":[]}]"""));
        Assert.Throws<JsonException>(() => LoadPrincipal.ReadAll("""[{"connection":"c","topics":["t"]}]"""));
    }

    [Theory]
    [InlineData("127.0.0.1:1883", "127.0.0.1", 1883)]
    [InlineData("[::1]:8883", "::1", 8883)]
    public void An_endpoint_is_a_host_and_a_port(string text, string host, int port) => Assert.Equal(new MqttEndpoint(host, port), MqttEndpoint.Parse(text));

    [Theory, InlineData("localhost"), InlineData(":1883"), InlineData("a:0"), InlineData("a:70000"), InlineData("a:b")]
    public void Anything_else_is_not(string text) => Assert.Null(MqttEndpoint.Parse(text));

    private static LoadOptions Options(FakeHub hub) => new()
    {
        Mqtt = hub.Mqtt,
        Principals = [new LoadPrincipal("a", "s-a", ["equipment/a/readings"]), new LoadPrincipal("b", "s-b", ["equipment/b/readings"])],
    };

    private static Task<LoadResult> RunAsync(LoadOptions options) => LoadRun.RunAsync(options, TimeProvider.System, TestContext.Current.CancellationToken);
}

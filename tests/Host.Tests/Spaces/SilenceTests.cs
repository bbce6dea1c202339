using Monitoring.Domain.Crowd;
using Monitoring.Domain.Spaces;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Spaces;

/// <summary>Unknown is not safe, seen from outside: over real MQTT and the API.</summary>
public sealed class SilenceTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task With_three_of_five_sources_silent_coverage_says_so_and_the_level_does_not_improve()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", FixtureSites.Square(5, 2)), cancellation);
        using var http = await hub.OperatorAsync(cancellation);
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "square", hub.Secret("square"), cancellation);
        await using var beats = new HeartbeatsOf(publisher, [1, 2, 3, 4, 5]);

        await publisher.CountAsync(1, 120, 0, cancellation);
        await Waiting.UntilAsync("120 people, all five alive", async () => await http.SpaceAsync("square", cancellation) is { People: 120, LevelOfService: LevelOfService.E, Coverage.Alive: 5 }, Soon, cancellation);

        beats.Only(4, 5);
        await Waiting.UntilAsync("three sources silent", async () => (await http.SpaceAsync("square", cancellation)).Coverage is { Alive: 2, Total: 5 }, Soon, cancellation);
        await publisher.CountAsync(4, 0, 110, cancellation);
        await Waiting.UntilAsync("the two that are left saw 110 people leave", async () => (await http.SpaceAsync("square", cancellation)).People == 10, Soon, cancellation);

        var space = await http.SpaceAsync("square", cancellation);
        Assert.Equal(LevelOfService.E, space.LevelOfService);
        Assert.Equal(Quality.Degraded, space.Quality);
        Assert.Contains(QualityReason.SourcesSilent, space.Reasons);
        Assert.Contains(QualityReason.LevelHeld, space.Reasons);

        beats.Only(1, 2, 3, 4, 5);
        await Waiting.UntilAsync("all are back and the level is what the numbers say", async () => await http.SpaceAsync("square", cancellation) is { LevelOfService: LevelOfService.A, Coverage.Alive: 5 }, Soon, cancellation);
    }

    [Fact]
    public async Task Nobody_counted_while_heartbeats_come_is_zero_and_nobody_counted_in_silence_is_unknown()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", FixtureSites.Square(1, 2)), cancellation);
        using var http = await hub.OperatorAsync(cancellation);
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "square", hub.Secret("square"), cancellation);

        var before = await http.SpaceAsync("square", cancellation);
        Assert.Null(before.People);
        Assert.Equal(LevelOfService.Unknown, before.LevelOfService);
        Assert.Null(before.Lines[0].FlowPerMinute);

        await using (var beats = new HeartbeatsOf(publisher, [1]))
        {
            await Waiting.UntilAsync("a zero that is known", async () => await http.SpaceAsync("square", cancellation) is { People: 0, LevelOfService: LevelOfService.A, Quality: Quality.Degraded }, Soon, cancellation);
            Assert.Equal(0, (await http.SpaceAsync("square", cancellation)).Lines[0].FlowPerMinute);
        }

        await Waiting.UntilAsync("silence is unknown again", async () => await http.SpaceAsync("square", cancellation) is { People: null, LevelOfService: LevelOfService.Unknown, Quality: Quality.Unknown }, Soon, cancellation);
    }
}

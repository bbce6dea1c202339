using Monitoring.Domain.Crowd;
using Monitoring.Domain.Spaces;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Equipment;

/// <summary>A vendor's interval counter has no heartbeat of its own: its reports are the sign of life, over real MQTT and the API.</summary>
public sealed class IntervalCounterTests
{
    private const string Site = """
        site: fixture
        name: Fixture
        spaces:
          - id: square
            name: Square
            city: Testville
            timeZone: Europe/Brussels
            zones: [{ id: main, name: Main, areaM2: 100, capacity: 300 }]
            lines: [{ id: west, name: West, widthM: 3, from: outside, to: main }]
            devices:
              - { id: gate, kind: counter, profile: axis-3d-people-counter, address: accc8e000002, intervalSeconds: 2, parameters: { topic: axis/gate }, channels: [{ name: main, line: west }] }
        connections:
          - { name: gate, topics: [axis/gate] }
        """;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Its_empty_reports_are_a_known_zero_and_its_silence_is_unknown()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", Site), cancellation);
        using var http = await hub.OperatorAsync(cancellation);
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "gate", hub.Secret("gate"), cancellation);
        Assert.Null((await http.SpaceAsync("square", cancellation)).People);

        var end = TimeProvider.System.GetUtcNow();
        await publisher.PublishAsync("axis/gate", Report(end, 5), cancellation);
        await Waiting.UntilAsync("five people", async () => await http.SpaceAsync("square", cancellation) is { People: 5, Coverage.Alive: 1 }, Soon, cancellation);

        for (var report = 1; report <= 3; report++)
        {
            end = end.AddSeconds(2);
            await Waiting.UntilAsync("the next interval to end", () => Task.FromResult(TimeProvider.System.GetUtcNow() >= end), Soon, cancellation);
            Assert.True((await publisher.PublishAsync("axis/gate", Report(end, 0), cancellation)).IsSuccess);
            Assert.True(await http.SpaceAsync("square", cancellation) is { People: 5, Coverage.Alive: 1 });
        }

        await Waiting.UntilAsync("silence is unknown", async () => await http.SpaceAsync("square", cancellation) is { People: null, LevelOfService: LevelOfService.Unknown, Quality: Quality.Unknown }, Soon, cancellation);
    }

    private static string Report(DateTimeOffset end, int passages)
    {
        var (from, to) = ($"{end.AddSeconds(-2):O}", $"{end:O}");
        return $$"""
            {"apiName":"Axis Retail Data","data":{"utcFrom":"{{from}}","utcTo":"{{to}}","measurements":[{"kind":"people-counts","utcFrom":"{{from}}","utcTo":"{{to}}",
             "items":[{"direction":"in","count":{{passages}} },{"direction":"out","count":0}]}]},"sensor":{"serial":"ACCC8E000002"} }
            """;
    }
}

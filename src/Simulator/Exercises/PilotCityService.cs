using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monitoring.Simulator.Intake;

namespace Monitoring.Simulator.Exercises;

/// <summary>Plays the pilot city second by second and lets each connection speak for itself.</summary>
/// <param name="setup">Asked once the host has started: the MQTT port and the secrets exist by then.</param>
/// <param name="lifetime">Says when the host has started.</param>
/// <param name="time">The wall clock.</param>
/// <param name="metrics">Counters.</param>
/// <param name="logger">Log.</param>
internal sealed class PilotCityService(Func<PilotCitySetup> setup, IHostApplicationLifetime lifetime, TimeProvider time, SimulatorMetrics metrics, ILogger<PilotCityService> logger) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await StartedAsync(stoppingToken);
        var (site, endpoint, secrets, seed, scene) = setup();
        var random = new Random(seed);
        var links = site.Connections.Where(connection => secrets.ContainsKey(connection.Name))
            .Select(connection => new DeviceLink(connection, new MqttLink(endpoint, connection.Name, secrets[connection.Name], $"sim-{connection.Name}", time), new Backoff(new Random(random.Next())), time, metrics, logger))
            .ToList();
        var linkOf = links.SelectMany(link => link.Topics.Select(topic => (topic, link))).ToDictionary(pair => pair.topic, pair => pair.link, StringComparer.Ordinal);
        var linkNamed = links.ToDictionary(link => link.Name, StringComparer.Ordinal);
        logger.CityStarted(site.Id, links.Count, endpoint.ToString(), seed, scene);
        await Task.WhenAll([PlayAsync(new PilotCity(site, Scenes.Of(scene), seed, time.GetUtcNow()), linkOf, linkNamed, stoppingToken), .. links.Select(link => link.RunAsync(stoppingToken))]);
    }

    private async Task PlayAsync(PilotCity city, Dictionary<string, DeviceLink> linkOf, Dictionary<string, DeviceLink> linkNamed, CancellationToken cancellation)
    {
        var down = new HashSet<string>();
        using var timer = new PeriodicTimer(Tick, time);
        do
        {
            foreach (var report in city.AdvanceTo(time.GetUtcNow()))
            {
                if (linkOf.TryGetValue(report.Message.Topic, out var link))
                    link.Send(report.Message);
            }

            foreach (var connection in city.LinksDown.Where(connection => !down.Contains(connection)))
                linkNamed.GetValueOrDefault(connection)?.HangUp();
            down = [.. city.LinksDown];
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    private async Task StartedAsync(CancellationToken cancellation)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var whenStarted = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(cancellation);
    }
}

using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Domain.Spaces;
using Monitoring.Simulator.Exercises;
using Monitoring.Simulator.Intake;

namespace Monitoring.Simulator.Tests.Exercises;

public sealed class PilotCityServiceTests
{
    [Fact]
    public async Task Every_connection_speaks_for_itself_within_seconds_and_again_after_the_hub_came_back()
    {
        var site = EverySecond(Samples.Site("pilot-city").Site);
        var secrets = site.Connections.ToDictionary(connection => connection.Name, connection => $"secret of {connection.Name}");
        await using var hub = await FakeHub.StartedAsync();
        hub.LetsIn = (user, password) => secrets[user] == password;
        using var lifetime = new Lifetime();
        using var metrics = new SimulatorMetrics();
        using var service = new PilotCityService(() => new PilotCitySetup(site, hub.Mqtt, secrets, 7), lifetime, TimeProvider.System, metrics, NullLogger<PilotCityService>.Instance);
        await service.StartAsync(TestContext.Current.CancellationToken);
        Assert.Empty(hub.Accepted);
        lifetime.Start();
        await HeardFromAll(hub, site, "after the start");
        Assert.All(hub.Accepted, message => Assert.Contains(message.Topic, site.Connections.Single(connection => connection.Name == message.User).Topics));

        var heard = hub.Accepted.ToHashSet();
        await hub.KillAsync();
        hub.Accepted.Clear();
        await hub.StartAsync();
        await HeardFromAll(hub, site, "after the hub came back");
        Assert.DoesNotContain(hub.Accepted, message => heard.Contains(message) && JsonDocument.Parse(message.Text).RootElement.GetProperty("readings").GetArrayLength() > 0);
        await service.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void AddPilotCity_registers_one_service()
    {
        var services = new ServiceCollection();
        services.AddPilotCity(_ => throw new InvalidOperationException("asked before the host has started"));
        Assert.Single(services, service => service.ServiceType == typeof(IHostedService));
    }

    private static Site EverySecond(Site site) => site with
    {
        Spaces = [.. site.Spaces.Select(space => space with { Devices = [.. space.Devices.Select(device => device with { Interval = TimeSpan.FromSeconds(1) })] })],
    };

    private static async Task HeardFromAll(FakeHub hub, Site site, string when)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await timer.WaitForNextTickAsync(late.Token))
        {
            var silent = site.Connections.Select(connection => connection.Name).Except(hub.Accepted.Select(message => message.User)).ToList();
            if (silent.Count == 0)
                return;
            Assert.False(late.IsCancellationRequested, $"{when}: not heard from {string.Join(", ", silent)}");
        }
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _started = new();

        public CancellationToken ApplicationStarted => _started.Token;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void Start() => _started.Cancel();

        public void StopApplication()
        {
        }

        public void Dispose() => _started.Dispose();
    }
}

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Gateway;
using Monitoring.Gateway.Intake;
using Monitoring.Harness;
using Monitoring.Silo;
using MQTTnet.Server;

namespace Monitoring.Benchmarks.Intake;

/// <summary>What the hub is measured beside, each started in a process of its own.</summary>
internal static class Servers
{
    /// <summary>Settings that let one device send as fast as it can: what is measured is the way, not the limit.</summary>
    public static readonly IReadOnlyDictionary<string, string> AnyRate = new Dictionary<string, string>
    {
        ["Gateway:Intake:DeviceMessagesPerSecondMax"] = "1000000",
        ["Gateway:Intake:DeviceMessagesAtOnceMax"] = "1000000",
    };

    /// <summary>MQTTnet on its own listener; each message reaches a handler that does nothing with it.</summary>
    public static async Task<IAsyncDisposable> StartBareAsync(int port)
    {
        var server = new MqttServerFactory().CreateMqttServer(new MqttServerOptionsBuilder()
            .WithDefaultEndpoint()
            .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
            .WithDefaultEndpointBoundIPV6Address(IPAddress.None)
            .WithDefaultEndpointPort(port)
            .Build());
        server.InterceptingPublishAsync += _ => Task.CompletedTask;
        await server.StartAsync();
        return new Bare(server);
    }

    /// <summary>The hub's silo and gateway, with each commit of the ingest journal made to take longer.</summary>
    public static async Task<IAsyncDisposable> StartDelayedHubAsync(int port, string dataFolder, string siteFile, TimeSpan delay)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(AnyRate.Append(new("Gateway:MqttPort", $"{port}")).Select(entry => KeyValuePair.Create(entry.Key, (string?)entry.Value)));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureMqtt());
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(new HubClock(ClockKind.Wall, TimeProvider.System));
        builder.Host.UseOrleans((_, silo) => silo.UseLocalhostClustering(Ports.TakeFree().Silo, 0).AddHubSilo(dataFolder));
        builder.Services.AddGateway(dataFolder);
        builder.Services.AddSingleton<IJournalFile>(_ => new DelayedJournalFile(new SqliteJournalFile(Path.Combine(dataFolder, "gateway", "journal.db"), NullLogger.Instance), delay));
        var app = builder.Build();
        await app.StartAsync();
        var site = new SiteDocument(siteFile, await File.ReadAllTextAsync(siteFile), new Dictionary<string, string>());
        await app.Services.GetRequiredService<Orleans.IGrainFactory>().GetGrain<ISiteGrain>(0).ImportAsync(site);
        var health = app.Services.GetRequiredService<GatewayHealth>();
        await Waiting.UntilAsync("the gateway is ready", () => Task.FromResult(health.IsReady), TimeSpan.FromSeconds(60), CancellationToken.None);
        return app;
    }

    private sealed class Bare(MqttServer server) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await server.StopAsync();
            server.Dispose();
        }
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monitoring.Domain;
using Monitoring.Harness;
using Monitoring.Silo;

namespace Monitoring.Host.Tests.Spaces;

/// <summary>The silo role alone, in the test's own process: nobody calls its grains but the test.</summary>
internal static class BareSilo
{
    /// <summary>Starts it.</summary>
    /// <param name="data">Data folder.</param>
    /// <param name="clock">The hub's clock.</param>
    /// <param name="amend">What a test adds.</param>
    /// <param name="cancellation">Ends the start.</param>
    public static async Task<IHost> StartAsync(string data, HubClock clock, Action<ISiloBuilder> amend, CancellationToken cancellation)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(clock);
        var ports = Ports.TakeFree();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(ports.Silo, ports.SiloGateway).AddHubSilo(data);
            amend(silo);
        });
        var silo = builder.Build();
        await silo.StartAsync(cancellation);
        return silo;
    }
}

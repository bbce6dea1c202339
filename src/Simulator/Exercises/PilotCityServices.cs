using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monitoring.Simulator.Intake;

namespace Monitoring.Simulator.Exercises;

/// <summary>Registers the pilot city.</summary>
public static class PilotCityServices
{
    /// <summary>Adds the simulated city as a background service. Needs a <see cref="TimeProvider"/> among the services.</summary>
    /// <param name="services">The services.</param>
    /// <param name="setup">What it plays and where; asked once, after the host has started.</param>
    public static IServiceCollection AddPilotCity(this IServiceCollection services, Func<IServiceProvider, PilotCitySetup> setup)
    {
        services.AddSingleton<SimulatorMetrics>();
        return services.AddHostedService(provider => new PilotCityService(
            () => setup(provider),
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<SimulatorMetrics>(),
            provider.GetRequiredService<ILogger<PilotCityService>>()));
    }
}

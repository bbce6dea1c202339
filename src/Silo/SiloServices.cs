using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.History;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Domain.History;
using Monitoring.Silo.Accounts;
using Monitoring.Silo.History;
using Monitoring.Silo.Privacy;
using Monitoring.Silo.Spaces;
using Monitoring.Silo.State;
using Orleans.Providers;
using Orleans.Runtime.Hosting;

namespace Monitoring.Silo;

/// <summary>Registers the silo role.</summary>
public static class SiloServices
{
    /// <summary>Most tries of a call at the start, each as long as a call may take.</summary>
    private const int StartAttemptsMax = 5;

    /// <summary>Adds the grains' state store and what they need. The caller registers <c>HubClock</c> and the stores of history, and sets clustering.</summary>
    /// <param name="silo">The silo under construction.</param>
    /// <param name="dataFolder">The data folder; the silo keeps its files in <c>silo</c> below it.</param>
    /// <exception cref="Storage.StoreException">Raised at start: the state file is damaged or of a newer program.</exception>
    public static ISiloBuilder AddHubSilo(this ISiloBuilder silo, string dataFolder)
    {
        silo.Services.AddOptions<StateOptions>().BindConfiguration("Silo:State").ValidateDataAnnotations().ValidateOnStart();
        silo.Services.AddOptions<SpaceOptions>().BindConfiguration("Silo:Spaces").ValidateDataAnnotations().ValidateOnStart();
        silo.Services.AddOptions<AuditOptions>().BindConfiguration("Silo:Audit").ValidateDataAnnotations().ValidateOnStart();
        silo.Services.AddOptions<AccountOptions>().BindConfiguration("Silo:Accounts").ValidateDataAnnotations().ValidateOnStart();
        silo.Services.AddSingleton<SiteCache>();
        silo.Services.AddSingleton(services => new SqliteGrainStorage(SqliteGrainStorage.FileIn(dataFolder), services.GetRequiredService<IOptions<StateOptions>>(), services.GetRequiredService<HubClock>().Wall, services.GetRequiredService<ILogger<SqliteGrainStorage>>()));
        silo.Services.AddGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, (services, _) => services.GetRequiredService<SqliteGrainStorage>());

        silo.AddReleaseLedger(dataFolder);

        // The saved virtual clock must stand before anything dates itself by it.
        silo.AddStartupTask((services, _) => PatientlyAsync(() => services.GetRequiredService<IGrainFactory>().GetGrain<IClockGrain>(0).GetAsync()));

        // Nobody has to ask for history before it is copied. A silo that was given no store of it copies nothing.
        silo.AddStartupTask((services, _) => services.GetService<IHistoryStore>() is null ? Task.CompletedTask : WakeHistoryAsync(services));
        return silo;
    }

    // A history that is slow, or away, does not keep a hub from starting: it goes on waking up, or does with the first question.
    private static async Task WakeHistoryAsync(IServiceProvider services)
    {
        try
        {
            await PatientlyAsync(() => services.GetRequiredService<IGrainFactory>().GetGrain<IHistoryGrain>(0).CopiesAsync());
        }
        catch (TimeoutException)
        {
            services.GetRequiredService<ILogger<HistoryGrain>>().NotAwake();
        }
    }

    // A first call on a busy machine can take longer than a call may.
    private static async Task PatientlyAsync(Func<Task> ask)
    {
        for (var left = StartAttemptsMax; ; left--)
        {
            try
            {
                await ask();
                return;
            }
            catch (TimeoutException) when (left > 1)
            {
            }
        }
    }
}

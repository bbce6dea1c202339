using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monitoring.Contracts.Accounts;
using Monitoring.Domain;

namespace Monitoring.Silo.Privacy;

/// <summary>The release ledger in the silo role.</summary>
public static class ReleaseLedger
{
    /// <summary>Registers the ledger of a data folder and its options. It is opened by who asks for it first.</summary>
    /// <param name="silo">The silo under construction.</param>
    /// <param name="dataFolder">The data folder.</param>
    public static ISiloBuilder AddReleaseLedger(this ISiloBuilder silo, string dataFolder)
    {
        silo.Services.AddOptions<ReleaseOptions>().BindConfiguration("Silo:Releases").ValidateDataAnnotations().ValidateOnStart();
        silo.Services.AddSingleton(services => ReleaseStore.Open(dataFolder, services.GetRequiredService<HubClock>().Wall.GetUtcNow()));
        silo.Services.AddSingleton<ReleaseQueue>();
        silo.Services.AddSingleton(services => new ReleaseHealth(services.GetRequiredService<ReleaseQueue>(), services.GetRequiredService<ReleaseStore>(), services.GetRequiredService<HeadWatch>(), services.GetRequiredService<HubClock>()));
        silo.Services.AddSingleton(services => new HeadWatch(services.GetRequiredService<ReleaseStore>(), services.GetRequiredService<HubClock>().Wall, services.GetRequiredService<ILogger<HeadWatch>>()));
        return silo;
    }

    /// <summary>Compares the ledger with how far it had come once, as copies of the history know it that can be reached; before the silo starts, so before anything is drawn.</summary>
    /// <param name="services">Services of a process with the silo role.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="Storage.StoreException">The ledger is damaged, or of a newer program.</exception>
    public static Task CompareWithCopiesAsync(IServiceProvider services, CancellationToken cancellation) => HeadWatch.CompareAsync(services, cancellation);

    /// <summary>Opens the ledger, and tells the log and the audit log where it was put back. What is told twice is stored once.</summary>
    /// <param name="services">Services of a process with the silo role, which runs.</param>
    /// <exception cref="Storage.StoreException">The ledger is damaged, or of a newer program.</exception>
    public static async Task TellPutBackAsync(IServiceProvider services)
    {
        var store = services.GetRequiredService<ReleaseStore>();
        if (store.PutBack is not { } putBack)
            return;
        services.GetRequiredService<ILogger<ReleaseStore>>().LedgerPutBack(putBack.Why, putBack.BlockedBefore);
        var detail = string.Create(CultureInfo.InvariantCulture, $"{putBack.Why}; no number is drawn for days that began before {putBack.BlockedBefore.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");
        var fact = new AuditFact(string.Create(CultureInfo.InvariantCulture, $"ledger-put-back/{putBack.At.UtcTicks}"), putBack.At, "ledger-put-back", "hub", "release ledger", detail);
        await services.GetRequiredService<IGrainFactory>().GetGrain<IAuditGrain>(0).AppendAsync([fact]);
        store.PutBackIsTold();
    }
}

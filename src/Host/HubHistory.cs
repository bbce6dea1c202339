using Microsoft.Extensions.Options;
using Monitoring.Domain.History;
using Monitoring.History;

namespace Monitoring.Host;

/// <summary>Puts the history behind its ports: the silo role knows these, and never what is behind them.</summary>
internal static class HubHistory
{
    /// <summary>Adds the history of this machine. Its file is opened when it is first needed.</summary>
    public static IServiceCollection AddHubHistory(this IServiceCollection services, string dataFolder)
    {
        services.AddOptions<HistoryOptions>().BindConfiguration("Silo:History").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new DuckDbHistory(dataFolder, provider.GetRequiredService<IOptions<HistoryOptions>>().Value, TimeProvider.System));
        services.AddSingleton<IHistoryStore>(provider => provider.GetRequiredService<DuckDbHistory>());
        return services;
    }
}

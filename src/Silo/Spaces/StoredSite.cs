using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Spaces;
using Monitoring.Silo.State;

namespace Monitoring.Silo.Spaces;

/// <summary>Reads the stored site while no silo runs on the data folder, so that a start can be refused before it has begun.</summary>
public static class StoredSite
{
    /// <summary>The stored site; null where none is.</summary>
    /// <param name="dataFolder">The data folder, held by the caller.</param>
    /// <param name="log">Told where the file was of an older form and is migrated now.</param>
    /// <exception cref="Storage.StoreException">The state file is damaged or of a newer program.</exception>
    public static async Task<VersionedSite?> ReadAsync(string dataFolder, ILogger log)
    {
        var path = SqliteGrainStorage.FileIn(dataFolder);
        if (!File.Exists(path))
            return null;
        using var store = new SqliteGrainStorage(path, Options.Create(new StateOptions()), TimeProvider.System, log);
        var state = new GrainState<SiteState>();
        await store.ReadStateAsync("site", GrainId.Create("site", "0"), state);
        return state.State is { Version: > 0, Document: { } document } site ? new VersionedSite(site.Version, document) : null;
    }
}

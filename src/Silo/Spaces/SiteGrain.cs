using Monitoring.Contracts.Spaces;

namespace Monitoring.Silo.Spaces;

/// <summary>Keeps the site document. Reentrant: spaces ask for the site while they are told of a new one.</summary>
[Orleans.Concurrency.Reentrant]
internal sealed class SiteGrain([PersistentState("site")] IPersistentState<SiteState> store) : Grain, ISiteGrain
{
    public Task<VersionedSite?> GetAsync() =>
        Task.FromResult(store.State.Version == 0 ? null : new VersionedSite(store.State.Version, store.State.Document!));

    public Task<int> GetVersionAsync() => Task.FromResult(store.State.Version);

    public async Task<int> ImportAsync(SiteDocument document)
    {
        if (store.State.Document?.SaysTheSameAs(document) == true)
            return store.State.Version;
        var (site, problems) = CompiledSite.Compile(document);
        if (site is null)
            throw new ArgumentException(string.Join(Environment.NewLine, problems), nameof(document));
        var before = store.State.Document is { } stored ? CompiledSite.Compile(stored).Site : null;
        var state = new SiteState { Version = store.State.Version + 1, Document = document };
        (var old, store.State) = (store.State, state);
        try
        {
            await store.WriteStateAsync();
        }
        catch
        {
            store.State = old;
            throw;
        }

        var spaces = site.Site.Spaces.Concat(before?.Site.Spaces ?? []).Select(space => space.Id).Distinct();
        await Task.WhenAll(spaces.Select(space => GrainFactory.GetGrain<ISpaceGrain>(space).ReloadSiteAsync()));
        return state.Version;
    }
}

/// <summary>The stored site.</summary>
internal sealed class SiteState
{
    /// <summary>Version; 0 before the first import.</summary>
    public int Version { get; init; }

    /// <summary>The document; null before the first import.</summary>
    public SiteDocument? Document { get; init; }
}

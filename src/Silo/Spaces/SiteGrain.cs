using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Monitoring.Contracts.Accounts;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;

namespace Monitoring.Silo.Spaces;

/// <summary>Keeps the site document. Reentrant: spaces ask for the site while they are told of a new one.</summary>
[Orleans.Concurrency.Reentrant]
internal sealed class SiteGrain([PersistentState("site")] IPersistentState<SiteState> store, HubClock clock) : Grain, ISiteGrain
{
    public Task<VersionedSite?> GetAsync() =>
        Task.FromResult(store.State.Version == 0 ? null : new VersionedSite(store.State.Version, store.State.Document!));

    public Task<int> GetVersionAsync() => Task.FromResult(store.State.Version);

    public async Task<int> ImportAsync(SiteDocument document)
    {
        if (store.State.Document?.SaysTheSameAs(document) == true)
        {
            await AuditAsync();
            return store.State.Version;
        }

        var (site, problems) = CompiledSite.Compile(document);
        if (site is null)
            throw new ArgumentException(string.Join(Environment.NewLine, problems), nameof(document));
        var before = store.State.Document is { } stored ? CompiledSite.Compile(stored).Site : null;
        await SaveAsync(store.State with { Version = store.State.Version + 1, Document = document });
        var spaces = site.Site.Spaces.Concat(before?.Site.Spaces ?? []).Select(space => space.Id).Distinct();
        await Task.WhenAll(spaces.Select(space => GrainFactory.GetGrain<ISpaceGrain>(space).ReloadSiteAsync()));
        await AuditAsync();
        return store.State.Version;
    }

    // The version that the audit log has is part of the state: an import that a crash cut off from its entry is entered with the next start.
    private async Task AuditAsync()
    {
        var (version, document) = (store.State.Version, store.State.Document!);
        if (store.State.Audited == version)
            return;
        var files = document.Profiles.OrderBy(profile => profile.Key, StringComparer.Ordinal).Select(profile => $", {profile.Key} {HashOf(profile.Value)}");
        var number = version.ToString(CultureInfo.InvariantCulture);
        await GrainFactory.GetGrain<IAuditGrain>(0).AppendAsync([new($"site-imported/{number}/{HashOf(document.Yaml)}", clock.Wall.GetUtcNow(), "site-imported", "local", $"site version {number}", $"SHA-256: site.yaml {HashOf(document.Yaml)}{string.Concat(files)}")]);
        await SaveAsync(store.State with { Audited = version });
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private async Task SaveAsync(SiteState state)
    {
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
    }
}

/// <summary>The stored site.</summary>
internal sealed record SiteState
{
    /// <summary>Version; 0 before the first import.</summary>
    public int Version { get; init; }

    /// <summary>The document; null before the first import.</summary>
    public SiteDocument? Document { get; init; }

    /// <summary>The newest version of which the audit log knows.</summary>
    public int Audited { get; init; }
}

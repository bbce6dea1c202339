using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Monitoring.Contracts.Accounts;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;

namespace Monitoring.Silo.Spaces;

/// <summary>Keeps the site document. Reentrant: spaces ask for the site while they are told of a new one; changes wait for each other.</summary>
[Orleans.Concurrency.Reentrant]
internal sealed class SiteGrain([PersistentState("site")] IPersistentState<SiteState> store, HubClock clock, ILogger<SiteGrain> logger) : Grain, ISiteGrain, IDisposable
{
    private readonly SemaphoreSlim _changing = new(1);
    private VersionedSite? _stored;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Show();
        return Task.CompletedTask;
    }

    public void Dispose() => _changing.Dispose();

    public Task<VersionedSite?> GetAsync() => Task.FromResult(_stored);

    public Task<int> GetVersionAsync() => Task.FromResult(_stored?.Version ?? 0);

    public async Task<int> ImportAsync(SiteDocument document)
    {
        await _changing.WaitAsync();
        try
        {
            if (store.State.Document?.SaysTheSameAs(document) != true)
            {
                var spaces = SpacesOf(document);
                await SaveAsync(store.State with { Version = store.State.Version + 1, Document = document });
                await TellAsync(spaces);
            }

            // The version that the audit log has is part of the state: an import that a crash cut off from its entry is entered with the next start.
            if (store.State.Audited != store.State.Version)
            {
                await AuditAsync(store.State.Version, document, "site-imported", "local");
                await SaveAsync(store.State with { Audited = store.State.Version });
            }

            return store.State.Version;
        }
        finally
        {
            _changing.Release();
        }
    }

    public async Task<int?> ReplaceAsync(int expected, SiteDocument document, string by)
    {
        await _changing.WaitAsync();
        try
        {
            if (store.State.Version != expected)
                return null;
            var spaces = SpacesOf(document);
            await AuditAsync(expected + 1, document, "site-changed", by);
            await SaveOrSayAsync(store.State with { Version = expected + 1, Document = document, Audited = expected + 1 });
            await TellAsync(spaces);
            return expected + 1;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Spaces of the stored document and of a new one.</summary>
    /// <exception cref="ArgumentException">The new one has problems.</exception>
    private List<string> SpacesOf(SiteDocument document)
    {
        var (site, problems) = CompiledSite.Compile(document);
        if (site is null)
            throw new ArgumentException(string.Join(Environment.NewLine, problems), nameof(document));
        var before = store.State.Document is { } stored ? CompiledSite.Compile(stored).Site : null;
        return [.. site.Site.Spaces.Concat(before?.Site.Spaces ?? []).Select(space => space.Id).Distinct()];
    }

    private Task TellAsync(IEnumerable<string> spaces) => Task.WhenAll(spaces.Select(TellAsync));

    private async Task TellAsync(string space)
    {
        try
        {
            await GrainFactory.GetGrain<ISpaceGrain>(space).ReloadSiteAsync();
        }
#pragma warning disable CA1031 // The site is stored; a space that could not be told sees by itself that it has changed.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            logger.NotTold(fault, space, store.State.Version);
        }
    }

    private Task AuditAsync(int version, SiteDocument document, string kind, string who)
    {
        var files = document.Profiles.OrderBy(profile => profile.Key, StringComparer.Ordinal).Select(profile => $", {profile.Key} {HashOf(profile.Value)}");
        var number = version.ToString(CultureInfo.InvariantCulture);
        return GrainFactory.GetGrain<IAuditGrain>(0).AppendAsync([new($"{kind}/{number}/{HashOf(document.Yaml)}", clock.Wall.GetUtcNow(), kind, who, $"site version {number}", $"SHA-256: site.yaml {HashOf(document.Yaml)}{string.Concat(files)}")]);
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private async Task SaveOrSayAsync(SiteState state)
    {
        try
        {
            await SaveAsync(state);
        }
#pragma warning disable CA1031 // Whatever keeps the store from writing is the same to a person: it was not done.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            logger.SiteNotSaved(fault);
            throw new NotStoredException();
        }
    }

    // Nobody is shown a version that is not stored.
    private async Task SaveAsync(SiteState state)
    {
        (var old, store.State) = (store.State, state);
        try
        {
            await store.WriteStateAsync();
            Show();
        }
        catch
        {
            store.State = old;
            throw;
        }
    }

    private void Show() => _stored = store.State is { Version: > 0, Document: { } document } site ? new VersionedSite(site.Version, document) : null;
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

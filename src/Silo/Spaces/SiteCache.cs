using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Spaces;

namespace Monitoring.Silo.Spaces;

/// <summary>The stored site, compiled once per version for all spaces of this silo.</summary>
internal sealed class SiteCache(IGrainFactory grains) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private int _version;
    private Dictionary<string, PublicSpace> _spaces = [];

    /// <summary>The space as the stored site describes it; null where it does not list it.</summary>
    public async Task<PublicSpace?> FindAsync(string space) => (await SpacesAsync()).GetValueOrDefault(space);

    /// <summary>The spaces of the stored site by id; none before the first import.</summary>
    public async Task<IReadOnlyDictionary<string, PublicSpace>> SpacesAsync()
    {
        await _one.WaitAsync();
        try
        {
            var site = grains.GetGrain<ISiteGrain>(0);
            if (await site.GetVersionAsync() != _version && await site.GetAsync() is { } stored)
            {
                var (compiled, problems) = CompiledSite.Compile(stored.Document);
                if (compiled is null)
                    throw new InvalidOperationException($"The stored site, version {stored.Version}, does not compile: {problems[0]}");
                (_version, _spaces) = (stored.Version, compiled.Site.Spaces.ToDictionary(known => known.Id));
            }

            return _spaces;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}

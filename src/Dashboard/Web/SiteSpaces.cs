using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Web;

/// <summary>The stored site, read again only when its version moves.</summary>
internal sealed class SiteSpaces(IGrainFactory grains) : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1);
    private (int Version, CompiledSite? Site) _known;

    /// <summary>The site of now; null before the first import.</summary>
    public async Task<Site?> GetAsync(CancellationToken cancellation) => (await GetCompiledAsync(cancellation))?.Site;

    /// <summary>The site of now with its profiles; null before the first import.</summary>
    public async Task<CompiledSite?> GetCompiledAsync(CancellationToken cancellation)
    {
        var grain = grains.GetGrain<ISiteGrain>(0);
        var version = await grain.GetVersionAsync().WaitAsync(cancellation);
        if (version == _known.Version)
            return _known.Site;
        await _reading.WaitAsync(cancellation);
        try
        {
            return version == _known.Version ? _known.Site : await ReadAsync(grain, cancellation);
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private async Task<CompiledSite?> ReadAsync(ISiteGrain grain, CancellationToken cancellation)
    {
        if (await grain.GetAsync().WaitAsync(cancellation) is not { } stored)
            return null;
        var (compiled, problems) = CompiledSite.Compile(stored.Document);
        if (compiled is null)
            throw new InvalidOperationException($"The stored site {stored.Version} does not read: {problems[0]}");
        _known = (stored.Version, compiled);
        return compiled;
    }
}

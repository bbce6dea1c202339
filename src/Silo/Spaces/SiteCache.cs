using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Domain.Spaces;

namespace Monitoring.Silo.Spaces;

/// <summary>The stored site, compiled once per version for all spaces of this silo.</summary>
internal sealed class SiteCache(IGrainFactory grains, HubClock clock) : IDisposable
{
    /// <summary>How long an answer of the site about its version serves all spaces.</summary>
    public static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1);
    private readonly Lock _asking = new();
    private Task _asked = Task.CompletedTask;
    private long? _askedAt;
    private volatile int _newest;
    private int _version;
    private Dictionary<string, PublicSpace> _spaces = [];

    /// <summary>The space as the stored site describes it, null where it does not list it; and the version of the site.</summary>
    public async Task<(PublicSpace? Space, int Version)> FindAsync(string space)
    {
        var (spaces, version) = await ReadAsync();
        return (spaces.GetValueOrDefault(space), version);
    }

    /// <summary>The spaces of the stored site by id; none before the first import.</summary>
    public async Task<IReadOnlyDictionary<string, PublicSpace>> SpacesAsync() => (await ReadAsync()).Spaces;

    /// <summary>The newest version of which this silo has heard; never waits. Each call sees to it that the site is asked again, once in <see cref="AskEvery"/> for all callers.</summary>
    public int NewestVersion()
    {
        lock (_asking)
        {
            if (_asked.IsCompleted && (_askedAt is not { } last || clock.Wall.GetElapsedTime(last) >= AskEvery))
                (_askedAt, _asked) = (clock.Wall.GetTimestamp(), Task.Run(AskAsync));
        }

        return _newest;
    }

    public void Dispose() => _one.Dispose();

    private async Task AskAsync()
    {
        try
        {
            _newest = await grains.GetGrain<ISiteGrain>(0).GetVersionAsync();
        }
#pragma warning disable CA1031 // A site that does not answer now is asked again; until then the spaces go on with the one they have.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private async Task<(IReadOnlyDictionary<string, PublicSpace> Spaces, int Version)> ReadAsync()
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

            return (_spaces, _version);
        }
        finally
        {
            _one.Release();
        }
    }
}

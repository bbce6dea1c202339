using System.Text.Json;
using Monitoring.Contracts;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Domain.Equipment;

namespace Monitoring.Gateway.Spaces;

/// <summary>Keeps the door's site up to date; begins with the last one on disk, so that equipment can sign in while the silo is down.</summary>
internal sealed class SiteFollower : BackgroundService
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AskAtFirst = TimeSpan.FromMilliseconds(50);

    private readonly string _path;
    private readonly IGrainFactory _grains;
    private readonly HubClock _clock;
    private readonly SiteHold _hold;
    private readonly Func<EquipmentProfile, EquipmentProfile> _limit;
    private readonly ILogger _log;
    private volatile SiteInForce? _inForce;
    private int _refusedVersion;
    private VersionedSite? _unkept;
    private bool _keepFailed;

    public SiteFollower(string folder, IGrainFactory grains, HubClock clock, SiteHold hold, Func<EquipmentProfile, EquipmentProfile> limit, ILogger<SiteFollower> log)
    {
        (_path, _grains, _clock, _hold, _limit, _log) = (Path.Combine(folder, "site.json"), grains, clock, hold, limit, log);
        Load();
    }

    /// <summary>Tells of a new site.</summary>
    public event Action<AdmittedSite>? Changed;

    /// <summary>The site; null until one is known.</summary>
    public AdmittedSite? Current => _inForce?.Site;

    /// <summary>The site by which equipment may sign in; null until one is known and, where the door is held, in force.</summary>
    public AdmittedSite? Admitting => _inForce is var (site, confirmed) && _hold.Admits(confirmed ? site.Version : 0) ? site : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(AskAtFirst, _clock.Wall);
        var away = false;
        do
        {
            try
            {
                await AskAsync();
                timer.Period = Admitting is null ? AskAtFirst : AskEvery;
                if (away)
                    _log.SiteReachable();
                away = false;
            }
#pragma warning disable CA1031 // The silo is away, whatever the cause: the last site stays in force, and it is asked again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                if (!away)
                    _log.SiteUnreachable(fault);
                away = true;
                timer.Period = AskEvery;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task AskAsync()
    {
        Keep();
        var grain = _grains.GetGrain<ISiteGrain>(0);
        var version = await grain.GetVersionAsync();

        // The first answer is fetched in any case: the silo may have a new store, whose versions begin again.
        if (version == 0 || version == _refusedVersion || (_inForce is { IsConfirmed: true } && version == Current?.Version))
            return;
        if (await grain.GetAsync() is not { } stored || Admit(stored) is not { } site)
            return;
        Take(site, isConfirmed: true);
        _unkept = stored;
        Keep();
    }

    // For the next start without a silo. A disk that does not take it now keeps nobody out, and is tried again.
    private void Keep()
    {
        if (_unkept is not { } stored)
            return;
        try
        {
            PrivateFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(stored));
            (_unkept, _keepFailed) = (null, false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (!_keepFailed)
                _log.SiteNotKept(fault, _path);
            _keepFailed = true;
        }
    }

    private void Load()
    {
        if (!File.Exists(_path))
            return;
        try
        {
            if (JsonSerializer.Deserialize<VersionedSite>(File.ReadAllBytes(_path)) is { } stored && Admit(stored) is { } site)
                Take(site, isConfirmed: false);
        }
        catch (JsonException broken)
        {
            _log.SiteFileBroken(broken, _path);
        }
    }

    private AdmittedSite? Admit(VersionedSite stored)
    {
        var (compiled, problems) = CompiledSite.Compile(stored.Document);
        if (compiled is not null)
            return AdmittedSite.Of(stored.Version, compiled, _limit);
        _refusedVersion = stored.Version;
        _log.SiteRefused(stored.Version, problems.Count);
        return null;
    }

    private void Take(AdmittedSite site, bool isConfirmed)
    {
        _inForce = new SiteInForce(site, isConfirmed);
        _log.SiteTaken(site.Version, site.Connections.Count);
        Changed?.Invoke(site);
    }

    /// <summary>The site, and whether the silo has said that it is the one.</summary>
    private sealed record SiteInForce(AdmittedSite Site, bool IsConfirmed);
}

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Domain;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Spaces;

/// <summary>The live state of every space of the site, once per process, and who wants to hear of it.</summary>
internal sealed class LiveFeed : BackgroundService
{
    private static readonly TimeSpan SiteEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SiteAtFirst = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, Followed> _spaces = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<LiveSubscription, byte> _subscribers = new();
    private readonly SiteSpaces _sites;
    private readonly IGrainFactory _grains;
    private readonly HubClock _clock;
    private readonly LiveOptions _options;
    private readonly LiveMetrics _metrics;
    private readonly IHostApplicationLifetime _life;
    private readonly ILogger<LiveFeed> _log;
    private int _subscribed;
    private Site? _site;

    public LiveFeed(SiteSpaces sites, IGrainFactory grains, HubClock clock, IOptions<LiveOptions> options, IMeterFactory meters, IHostApplicationLifetime life, ILogger<LiveFeed> log)
    {
        (_sites, _grains, _clock, _options, _life, _log) = (sites, grains, clock, options.Value, life, log);
        _metrics = new LiveMetrics(meters, () => Volatile.Read(ref _subscribed), () => _spaces.Values.Count(space => !space.Watch.Current.IsLive));
    }

    /// <summary>The site as last read; null before that.</summary>
    public Site? Site => Volatile.Read(ref _site);

    /// <summary>What is known of every space, in no order.</summary>
    public IReadOnlyList<SpaceLive> All() => [.. _spaces.Values.Select(space => space.Watch.Current)];

    /// <summary>What is known of one space; null where the site has none of that id.</summary>
    public SpaceLive? Find(string id) => _spaces.TryGetValue(id, out var space) ? space.Watch.Current : null;

    /// <summary>A space as the site describes it; null where it has none of that id.</summary>
    public PublicSpace? Place(string id) => _spaces.TryGetValue(id, out var space) ? space.Place : null;

    /// <summary>When a space last gave a sign, by the wall clock; null before the first, and where the site has none of that id.</summary>
    public DateTimeOffset? ConfirmedAt(string id) => _spaces.TryGetValue(id, out var space) ? space.Watch.ConfirmedAt : null;

    /// <summary>Enters a subscriber; null where there are <see cref="LiveOptions.SubscribersMax"/> already.</summary>
    /// <param name="space">Space id; null for all.</param>
    public LiveSubscription? Subscribe(string? space = null)
    {
        if (Interlocked.Increment(ref _subscribed) > _options.SubscribersMax)
        {
            Interlocked.Decrement(ref _subscribed);
            _metrics.Refused();
            _log.SubscriberRefused(_options.SubscribersMax);
            return null;
        }

        var subscription = new LiveSubscription(this, space);
        _subscribers.TryAdd(subscription, 0);
        return subscription;
    }

    /// <summary>Lets a subscriber go; a second time does nothing.</summary>
    public void Leave(LiveSubscription subscription)
    {
        if (_subscribers.TryRemove(subscription, out _))
            Interlocked.Decrement(ref _subscribed);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A silo in the same process answers only once the host has started; asking it earlier fills the log with its errors.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var starting = _life.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(SiteEvery, _clock.Wall);
        do
        {
            await FollowSiteAsync(stoppingToken);
            timer.Period = Site is null ? SiteAtFirst : SiteEvery;
        }
        while (await timer.NextAsync(stoppingToken));
        await Task.WhenAll(_spaces.Values.Select(space => space.Running));
    }

    private async Task FollowSiteAsync(CancellationToken cancellation)
    {
        try
        {
            var site = await _sites.GetAsync(cancellation);
            if (ReferenceEquals(site, _site) || site is null)
                return;
            Follow(site, cancellation);
        }
        catch (Exception error) when (SiloAway.Is(error) || error is InvalidOperationException)
        {
            _log.SiteNotRead(error.GetType().Name);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The process is stopping.
        }
    }

    private void Follow(Site site, CancellationToken cancellation)
    {
        // Every watch begins anew with a new site: names, zones and lines may have changed. What was known stays until the space
        // answers: an alarm that waits must not go and come back as if it were news.
        var stays = site.Spaces.Select(space => space.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _spaces.Keys.Where(id => !stays.Contains(id)).ToList())
        {
            if (_spaces.TryRemove(gone, out var followed))
                followed.Stop.Cancel();
        }

        foreach (var space in site.Spaces)
        {
            var before = _spaces.GetValueOrDefault(space.Id);
            before?.Stop.Cancel();
            _spaces[space.Id] = Begin(space, before?.Watch, cancellation);
        }

        Volatile.Write(ref _site, site);
        _log.SpacesFollowed(site.Spaces.Count);
        Tell(null);
    }

    private Followed Begin(PublicSpace space, SpaceWatch? before, CancellationToken cancellation)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Jitter only keeps many watches from coming back at the same instant; its seed may as well be the space.
        var watch = new SpaceWatch(space, _grains, _clock, _options, new Random(space.Id.GetHashCode(StringComparison.Ordinal)), _log, before) { Moved = Took, Rewatched = _metrics.Reconnected };
        return new Followed(space, watch, stop, Task.Run(() => watch.RunAsync(stop.Token), CancellationToken.None));
    }

    private void Took(SpaceLive space)
    {
        // In a process of its own the dashboard has no other way to learn where a replay stands.
        if (_clock.Kind == ClockKind.Replay && space.Snapshot is { Clock: "replay" } snapshot)
            _clock.MoveTo(snapshot.AsOf);
        Tell(space.Id);
    }

    private void Tell(string? space)
    {
        foreach (var (subscriber, _) in _subscribers)
            subscriber.Signal(space);
    }

    private sealed record Followed(PublicSpace Place, SpaceWatch Watch, CancellationTokenSource Stop, Task Running);
}

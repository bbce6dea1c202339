using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Accounts;
using Monitoring.Contracts.Alarms;
using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard.Accounts;
using Monitoring.Dashboard.Spaces;
using Monitoring.Dashboard.Web;
using Monitoring.Domain;
using Monitoring.Domain.Accounts;
using Monitoring.Harness;
using Monitoring.Host.Tests.Accounts;
using Monitoring.Silo.Spaces;

namespace Monitoring.Host.Tests.Spaces;

/// <summary>What the dashboard has in memory of the spaces.</summary>
public sealed class LiveFeedTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_new_version_of_the_site_takes_nothing_away_of_what_is_known()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (site, space) = (new FakeSite(), new FakeSpace());
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var sites = new SiteSpaces(FakeGrains.Of(site, space));
        using var feed = Feed(sites, FakeGrains.Of(site, space), services);
        await feed.StartAsync(cancellation);
        var person = HubClaims.Of(new Account("eve", Role.Operator, "", "stamp", Disabled: false), "test");
        await Waiting.UntilAsync("the space has answered", () => Task.FromResult(feed.ConfirmedAt(person) is not null), Soon, cancellation);
        Assert.Null(feed.ConfirmedAt(HubClaims.Of(new Account("bob", Role.Operator, "", "stamp", Disabled: false) { Spaces = ["another"] }, "test")));

        space.IsAway = true;
        var before = feed.Site;
        site.Version++;
        await Waiting.UntilAsync("the new site is followed", () => Task.FromResult(!ReferenceEquals(before, feed.Site)), Soon, cancellation);
        Assert.NotNull(feed.Find("square")!.Snapshot);
        Assert.NotNull(feed.ConfirmedAt(person));
        await Waiting.UntilAsync("its silence is noticed all the same", () => Task.FromResult(!feed.Find("square")!.IsLive), Soon, cancellation);
        Assert.NotNull(feed.Find("square")!.Snapshot);
        await feed.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_people_make_a_space_tell_does_not_move_the_age_that_everyone_sees()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (site, space) = (new FakeSite(), new FakeSpace { IsMute = true });
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var sites = new SiteSpaces(FakeGrains.Of(site, space));
        using var feed = Feed(sites, FakeGrains.Of(site, space), services);
        await feed.StartAsync(cancellation);
        var technician = HubClaims.Of(new Account("tess", Role.Technician, "", "stamp", Disabled: false), "test");
        await Waiting.UntilAsync("the watch has brought a state", () => Task.FromResult(feed.Find("square")?.IsLive is true), Soon, cancellation);
        Assert.Null(feed.ConfirmedAt(technician));

        space.IsMute = false;
        await Waiting.UntilAsync("the space has answered the beat", () => Task.FromResult(feed.ConfirmedAt(technician) is not null), Soon, cancellation);
        await feed.StopAsync(CancellationToken.None);
    }

    [Fact]
    public void The_oldest_confirmation_is_not_known_while_one_space_never_answered()
    {
        var noon = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(noon, SeenSpaces.Oldest([noon.AddSeconds(2), noon, noon.AddSeconds(1)]));
        Assert.Null(SeenSpaces.Oldest([noon, null]));
        Assert.Null(SeenSpaces.Oldest([]));
        Assert.Equal("2.5 s", Words.Beat(noon, noon.AddSeconds(2.5)));
        Assert.Equal("0.0 s", Words.Beat(noon.AddSeconds(1), noon));
        Assert.Equal(Words.None, Words.Beat(null, noon));
    }

    [Fact]
    public async Task So_many_subscribe_one_more_is_turned_away_and_counted_and_a_place_that_is_free_again_is_given()
    {
        var (site, space) = (new FakeSite(), new FakeSpace());
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var sites = new SiteSpaces(FakeGrains.Of(site, space));
        using var feed = Feed(sites, FakeGrains.Of(site, space), services, subscribersMax: 2);
        long refused = 0;
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => { if (instrument.Name == "monitoring.live.refused" && instrument.Meter.Scope == services.GetRequiredService<IMeterFactory>()) self.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => refused += value);
        listener.Start();
        var first = feed.Subscribe();
        Assert.NotNull(first);
        Assert.NotNull(feed.Subscribe("square"));
        Assert.Equal(0, refused);
        Assert.Null(feed.Subscribe());
        Assert.Equal(1, refused);
        feed.Leave(first);
        feed.Leave(first);
        Assert.NotNull(feed.Subscribe());
        Assert.Null(feed.Subscribe());
    }

    [Fact]
    public void A_space_is_watched_so_often_and_one_more_watch_is_turned_away_with_what_to_do()
    {
        var watches = new LiveWatches("square", 2);
        watches.Enter();
        watches.Enter();
        Assert.Contains("raise Silo:Spaces:WatchersMax", Assert.Throws<InvalidOperationException>(watches.Enter).Message, StringComparison.Ordinal);
        Assert.Equal(2, watches.Open);
        watches.Leave();
        watches.Enter();
    }

    private static LiveFeed Feed(SiteSpaces sites, IGrainFactory grains, ServiceProvider services, int subscribersMax = 500) => new(
        sites, grains, new HubClock(ClockKind.Wall, TimeProvider.System), Options.Create(new LiveOptions { SubscribersMax = subscribersMax }), services.GetRequiredService<IMeterFactory>(), new Started(), NullLogger<LiveFeed>.Instance);

    private sealed class Started : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted { get; } = new(canceled: true);

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => throw new NotSupportedException();
    }

    private sealed class FakeSite : ISiteGrain
    {
        public int Version { get; set; } = 1;

        public Task<int> GetVersionAsync() => Task.FromResult(Version);

        public Task<VersionedSite?> GetAsync() => Task.FromResult<VersionedSite?>(new(Version, new SiteDocument("site.yaml", FixtureSites.Square(1, 2), new Dictionary<string, string>())));

        public Task<int> ImportAsync(SiteDocument document) => throw new NotSupportedException();

        public Task<int?> ReplaceAsync(int expected, SiteDocument document, string by) => throw new NotSupportedException();
    }

    private sealed class FakeSpace : ISpaceGrain
    {
        private readonly SpaceUpdate _update = new(1, true, Snapshots.Empty("square").ToBytes());

        public bool IsAway { get; set; }

        public bool IsMute { get; set; }

        public Task<SpaceUpdate> GetAsync() => IsAway || IsMute ? throw new TimeoutException() : Task.FromResult(_update);

        public async IAsyncEnumerable<SpaceUpdate> WatchAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        {
            if (IsAway)
                throw new TimeoutException();
            yield return _update;
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        }

        public Task<IngestReceipt> IngestAsync(ReadingBatch batch) => throw new NotSupportedException();

        public Task<IngestReceipt> GetCursorAsync(Guid journal) => throw new NotSupportedException();

        public Task<byte[]> GetDevicesAsync() => throw new NotSupportedException();

        public Task<byte[]> GetRecentAsync() => throw new NotSupportedException();

        public Task<byte[]> GetTermsAsync() => throw new NotSupportedException();

        public Task<byte[]> GetAlarmsAsync() => throw new NotSupportedException();

        public Task<byte[]> GetAlarmsOverAsync(DateTimeOffset? before, int max) => throw new NotSupportedException();

        public Task<AcknowledgeAnswer> AcknowledgeAsync(string alarm, string by, string note) => throw new NotSupportedException();

        public Task<string?> ChangeThresholdAsync(ThresholdWish wish) => throw new NotSupportedException();

        public Task TickAsync() => throw new NotSupportedException();

        public Task ReloadSiteAsync() => throw new NotSupportedException();
    }
}

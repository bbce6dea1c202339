using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Harness;
using Monitoring.Host.Tests.Accounts;
using Monitoring.Silo.Spaces;

namespace Monitoring.Host.Tests.Spaces;

/// <summary>All spaces of a silo ask the site for its version through one memory.</summary>
public sealed class SiteCacheTests : IDisposable
{
    private readonly SteppedTime _time = new();
    private readonly CountedSite _site = new();
    private readonly SiteCache _cache;

    public SiteCacheTests() => _cache = new SiteCache(FakeGrains.Of(_site), new HubClock(ClockKind.Wall, _time));

    public void Dispose() => _cache.Dispose();

    [Fact]
    public async Task However_many_ask_the_site_is_asked_once_a_second()
    {
        await KnowsAsync(1);
        for (var space = 0; space < 300; space++)
            Assert.Equal(1, _cache.NewestVersion());
        Assert.Equal(1, _site.Asked);

        _site.Version = 2;
        _time.Step(SiteCache.AskEvery - TimeSpan.FromTicks(1));
        Assert.Equal(1, _cache.NewestVersion());
        Assert.Equal(1, _site.Asked);
        _time.Step(TimeSpan.FromTicks(1));
        await KnowsAsync(2);
        Assert.Equal(2, _site.Asked);
    }

    [Fact]
    public async Task A_site_that_does_not_answer_holds_nobody_up_and_is_asked_again()
    {
        await KnowsAsync(1);
        _site.Version = 2;
        _site.IsAway = true;
        _time.Step(SiteCache.AskEvery);
        await Waiting.UntilAsync("it was asked", () => Task.FromResult(_cache.NewestVersion() == 1 && _site.Asked == 2), TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        _site.IsAway = false;
        await Waiting.UntilAsync("it answers again", () =>
        {
            _time.Step(SiteCache.AskEvery);
            return Task.FromResult(_cache.NewestVersion() == 2);
        }, TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    private Task KnowsAsync(int version) =>
        Waiting.UntilAsync($"version {version} is known", () => Task.FromResult(_cache.NewestVersion() == version), TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    private sealed class CountedSite : ISiteGrain
    {
        private int _asked;

        public int Version { get; set; } = 1;

        public bool IsAway { get; set; }

        public int Asked => Volatile.Read(ref _asked);

        public Task<VersionedSite?> GetAsync() => throw new NotSupportedException();

        public Task<int> GetVersionAsync()
        {
            Interlocked.Increment(ref _asked);
            return IsAway ? throw new TimeoutException() : Task.FromResult(Version);
        }

        public Task<int> ImportAsync(SiteDocument document) => throw new NotSupportedException();

        public Task<int?> ReplaceAsync(int expected, SiteDocument document, string by) => throw new NotSupportedException();
    }

    private sealed class SteppedTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public void Step(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
    }
}

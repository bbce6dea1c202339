using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Dashboard.Accounts;
using Monitoring.Domain;

namespace Monitoring.Host.Tests.Accounts;

public sealed class AuditRefusalsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SteppedTime _time = new();
    private readonly FakeAudit _log = new();
    private readonly AuditRefusals _refusals;

    public AuditRefusalsTests()
    {
        var clock = new HubClock(ClockKind.Wall, _time);
        _refusals = new(new AuditTrail(FakeGrains.Of(_log), clock), clock, _services.GetRequiredService<IMeterFactory>(), NullLogger<AuditRefusals>.Instance);
    }

    [Fact]
    public async Task A_minute_is_written_when_it_is_over_and_at_the_end()
    {
        _refusals.Count("denied", "eve", "GET /api/audit 403");
        await _refusals.FlushAsync(all: false);
        Assert.Empty(_log.Facts);
        _time.Step(TimeSpan.FromMinutes(1));
        await _refusals.FlushAsync(all: false);
        Assert.Equal("eve", Assert.Single(_log.Facts).Who);
        _refusals.CountSignIn(null);
        await _refusals.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal("unknown account", _log.Facts[^1].Subject);
    }

    [Fact]
    public async Task What_cannot_be_written_is_kept_up_to_the_limit_and_what_is_lost_is_told()
    {
        const int Lost = 2;
        _log.Away = true;
        for (var i = 0; i < AuditRefusals.WaitingMax + Lost; i++)
        {
            _refusals.Count("denied", "eve", "GET /api/audit 403");
            _time.Step(TimeSpan.FromMinutes(1));
        }

        await _refusals.FlushAsync(all: true);
        Assert.Empty(_log.Facts);
        _log.Away = false;
        await _refusals.FlushAsync(all: true);
        Assert.Equal(AuditRefusals.WaitingMax + 1, _log.Facts.Count);
        Assert.Equal(AuditRefusals.WaitingMax, _log.Facts.Count(fact => fact.Who == "eve"));
        Assert.StartsWith($"{Lost} entries", _log.Facts[^1].Detail, StringComparison.Ordinal);
        Assert.Equal(_log.Facts.Count, _log.Facts.Select(fact => fact.Id).Distinct().Count());
    }

    public void Dispose()
    {
        _refusals.Dispose();
        _services.Dispose();
    }

    private sealed class SteppedTime : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 11, 22, 3, 14, 15, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Step(TimeSpan by) => _now += by;
    }
}

using System.Diagnostics.Metrics;
using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Contracts.Accounts;
using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard.Accounts;
using Monitoring.Dashboard.Equipment;
using Monitoring.Domain;
using Monitoring.Domain.Accounts;
using Monitoring.Harness;
using Monitoring.Host.Tests.Accounts;

namespace Monitoring.Host.Tests.Equipment;

/// <summary>Adopting from an open page, where no request is there to be refused: role and scope are looked at, and nothing happens unaudited.</summary>
public sealed class DeviceAdoptionTests : IDisposable
{
    private static readonly AdoptRequest Wish = new("square", "new-gate", null, "counter", null, null, null, 60, null, [new("north", null, null)], null);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeAudit _audit = new();
    private readonly FakeSite _site = new();
    private readonly AuditRefusals _refusals;
    private readonly DeviceAdoption _adoption;

    public DeviceAdoptionTests()
    {
        var grains = FakeGrains.Of(_audit, _site, new FakeIntake());
        var clock = new HubClock(ClockKind.Wall, TimeProvider.System);
        var trail = new AuditTrail(grains, clock);
        _refusals = new(trail, clock, _services.GetRequiredService<IMeterFactory>(), NullLogger<AuditRefusals>.Instance);
        _adoption = new(grains, trail, _refusals);
    }

    [Theory]
    [InlineData(Role.Operator, false)]
    [InlineData(Role.Supervisor, false)]
    [InlineData(Role.Analyst, false)]
    [InlineData(Role.Technician, true)]
    [InlineData(Role.Admin, true)]
    public async Task A_page_that_may_not_adopt_is_refused_and_counted(Role role, bool scoped)
    {
        var answer = await AdoptAsync(role, scoped ? ["square"] : []);
        await _refusals.FlushAsync(all: true);

        Assert.Equal(AdoptOutcome.NotAllowed, answer.Outcome);
        Assert.Equal(1, _site.Version);
        var fact = Assert.Single(_audit.Facts);
        Assert.Equal(("denied", "eve", DeviceAdoption.OnPage), (fact.Kind, fact.Who, fact.Subject));
    }

    [Fact]
    public async Task What_was_adopted_is_audited_before_it_is_done()
    {
        Assert.Equal(AdoptOutcome.Adopted, (await AdoptAsync(Role.Technician)).Outcome);
        Assert.Equal(("eve", 2), (_site.By, _site.Version));
        Assert.Equal(["device-adopted"], _audit.Facts.Select(fact => fact.Kind));
    }

    [Fact]
    public async Task Without_the_audit_log_nothing_is_adopted()
    {
        _audit.Away = true;
        await Assert.ThrowsAsync<AuditAwayException>(() => AdoptAsync(Role.Technician));
        Assert.Equal(1, _site.Version);
    }

    [Fact]
    public async Task What_was_not_stored_is_said_not_to_be_done()
    {
        _site.IsFull = true;
        await Assert.ThrowsAsync<NotStoredException>(() => AdoptAsync(Role.Technician));
        Assert.Equal(["device-adopted", "not-done"], _audit.Facts.Select(fact => fact.Kind));
    }

    [Fact]
    public async Task Who_comes_second_is_told_that_the_site_was_changed()
    {
        _site.IsChangedMeanwhile = true;
        Assert.Equal(AdoptOutcome.Changed, (await AdoptAsync(Role.Technician)).Outcome);
        Assert.Equal(["device-adopted", "not-done"], _audit.Facts.Select(fact => fact.Kind));
    }

    public void Dispose()
    {
        _refusals.Dispose();
        _services.Dispose();
    }

    private Task<AdoptAnswer> AdoptAsync(Role role, IReadOnlyList<string>? spaces = null)
    {
        ClaimsPrincipal user = HubClaims.Of(new Account("eve", role, "", "stamp", Disabled: false) { Spaces = spaces ?? [] }, "test");
        return _adoption.AdoptOnPageAsync(user, "1", Wish, TestContext.Current.CancellationToken);
    }

    private sealed class FakeIntake : IIntakeGrain
    {
        public Task<IReadOnlyList<PendingDevice>> GetPendingAsync() =>
            Task.FromResult<IReadOnlyList<PendingDevice>>([new("1", "square", "equipment/new-gate/readings", "new-gate", default, default, 1, "json", [], false, [new("native", "new-gate", [])])]);

        public Task<DateTimeOffset> RegisterAsync(string gateway, IGatewayLink link) => throw new NotSupportedException();

        public Task DrainAsync() => throw new NotSupportedException();

        public Task MoveClocksAsync(DateTimeOffset now) => throw new NotSupportedException();

        public Task<IntakeCounters> GetCountersAsync() => throw new NotSupportedException();

        public Task<IReadOnlyList<RejectedMessage>> GetRejectedAsync() => throw new NotSupportedException();
    }

    private sealed class FakeSite : ISiteGrain
    {
        public int Version { get; private set; } = 1;

        public string? By { get; private set; }

        public bool IsFull { get; set; }

        public bool IsChangedMeanwhile { get; set; }

        public Task<VersionedSite?> GetAsync() => Task.FromResult<VersionedSite?>(new(Version, new SiteDocument("site.yaml", FixtureSites.Square(1, 60), new Dictionary<string, string>())));

        public Task<int> GetVersionAsync() => Task.FromResult(Version);

        public Task<int> ImportAsync(SiteDocument document) => throw new NotSupportedException();

        public Task<int?> ReplaceAsync(int expected, SiteDocument document, string by)
        {
            if (IsFull)
                throw new NotStoredException("Full.");
            if (IsChangedMeanwhile)
                return Task.FromResult<int?>(null);
            (Version, By) = (expected + 1, by);
            return Task.FromResult<int?>(Version);
        }
    }
}

using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Contracts.Accounts;
using Monitoring.Dashboard.Accounts;
using Monitoring.Dashboard.Alarms;
using Monitoring.Dashboard.Web;
using Monitoring.Domain;
using Monitoring.Domain.Accounts;
using Monitoring.Host.Tests.Accounts;

namespace Monitoring.Host.Tests.Alarms;

/// <summary>An open page has no request whose answer could be counted: what it is refused stands in the audit log all the same.</summary>
public sealed class AlarmTakingTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeAudit _audit = new();
    private readonly SiteSpaces _sites;
    private readonly AuditRefusals _refusals;
    private readonly AlarmTaking _taking;

    public AlarmTakingTests()
    {
        var grains = FakeGrains.Of(_audit);
        var clock = new HubClock(ClockKind.Wall, TimeProvider.System);
        _sites = new(grains);
        _refusals = new(new AuditTrail(grains, clock), clock, _services.GetRequiredService<IMeterFactory>(), NullLogger<AuditRefusals>.Instance);
        _taking = new(_sites, grains, _refusals);
    }

    [Theory]
    [InlineData(Role.Operator, TakeOutcome.OutOfScope)]
    [InlineData(Role.Technician, TakeOutcome.NotAllowed)]
    public async Task A_page_that_is_refused_an_alarm_is_counted(Role role, object outcome)
    {
        var user = HubClaims.Of(new Account("eve", role, "", "stamp", Disabled: false) { Spaces = ["mine"] }, "test");
        var answer = await _taking.TakeOnPageAsync(user, "theirs.density-1", null, TestContext.Current.CancellationToken);
        await _refusals.FlushAsync(all: true);
        Assert.Equal(outcome, answer.Outcome);
        var fact = Assert.Single(_audit.Facts);
        Assert.Equal(("denied", "eve", AlarmTaking.OnPage), (fact.Kind, fact.Who, fact.Subject));
    }

    public void Dispose()
    {
        _refusals.Dispose();
        _sites.Dispose();
        _services.Dispose();
    }
}

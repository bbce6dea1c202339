using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Contracts;
using Monitoring.Domain;
using Monitoring.Gateway.Spaces;

namespace Monitoring.Gateway.Tests;

/// <summary>While a process with a silo of its own starts, nobody gets in by the site of before.</summary>
public sealed class SiteHoldTests : IDisposable
{
    private readonly string _folder = RunningGateway.NewFolder();
    private readonly FakeSilo _silo = new() { IsAway = true, Site = RunningGateway.Site() };
    private readonly SiteHold _hold = new();

    private string KeptFile => Path.Combine(_folder, "site.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_gateway_that_nobody_holds_admits_by_the_last_site_that_it_knows()
    {
        Keep(4);
        using var follower = Follower();
        Assert.Equal(4, follower.Admitting?.Version);
    }

    [Fact]
    public async Task A_held_door_does_not_open_by_the_site_on_the_disk_even_where_it_bears_the_number_of_the_new_one()
    {
        Keep(1);
        _hold.Hold();
        using var follower = Follower();
        await follower.StartAsync(TestContext.Current.CancellationToken);
        _hold.LiftAt(1);
        Assert.Equal(1, follower.Current?.Version);
        Assert.Null(follower.Admitting);

        _silo.IsAway = false;
        await RunningGateway.Until(() => follower.Admitting is not null, "the site of the silo to be in force");
        await follower.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_held_door_waits_for_the_version_that_was_imported()
    {
        (_silo.IsAway, _silo.Site) = (false, RunningGateway.Site(4));
        _hold.Hold();
        using var follower = Follower();
        await follower.StartAsync(TestContext.Current.CancellationToken);
        await RunningGateway.Until(() => follower.Current?.Version == 4, "the site of before");
        Assert.Null(follower.Admitting);
        _hold.LiftAt(5);
        Assert.Null(follower.Admitting);

        _silo.Site = RunningGateway.Site(5);
        await RunningGateway.Until(() => follower.Admitting?.Version == 5, "the imported site to be in force");
        await follower.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_disk_that_does_not_take_the_site_keeps_nobody_out()
    {
        Directory.CreateDirectory(KeptFile);
        _silo.IsAway = false;
        _hold.Hold();
        _hold.LiftAt(1);
        using var follower = Follower();
        await follower.StartAsync(TestContext.Current.CancellationToken);
        await RunningGateway.Until(() => follower.Admitting is not null, "the site to be in force");

        Directory.Delete(KeptFile);
        await RunningGateway.Until(() => File.Exists(KeptFile), "the site to be kept after all");
        await follower.StopAsync(TestContext.Current.CancellationToken);
    }

    private void Keep(int version) => PrivateFile.Write(KeptFile, JsonSerializer.SerializeToUtf8Bytes(RunningGateway.Site(version)));

    private SiteFollower Follower() => new(_folder, _silo.Grains(), new HubClock(ClockKind.Wall, TimeProvider.System), _hold, profile => profile, NullLogger<SiteFollower>.Instance);
}

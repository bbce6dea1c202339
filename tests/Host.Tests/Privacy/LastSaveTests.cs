using Microsoft.Extensions.DependencyInjection;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Harness;
using Monitoring.Host.Tests.Spaces;
using Monitoring.Silo.Privacy;
using Monitoring.Silo.State;
using Monitoring.Storage;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>A space that ends while the ledger takes nothing from it.</summary>
public sealed class LastSaveTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_space_that_cannot_save_itself_when_it_ends_is_not_waited_for()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var clock = new HubClock(ClockKind.Replay, TimeProvider.System);
        using var silo = await BareSilo.StartAsync(folder.Path, clock, _ => { }, cancellation);
        var grains = silo.Services.GetRequiredService<IGrainFactory>();
        var (site, space, health) = (grains.GetGrain<ISiteGrain>(0), grains.GetGrain<ISpaceGrain>("square"), silo.Services.GetRequiredService<ReleaseHealth>());
        await site.ImportAsync(Document("square"));
        clock.MoveTo(Noon);
        await space.TickAsync();

        Hand(ReleaseStore.FileIn(folder.Path), "CREATE TRIGGER spoil BEFORE INSERT ON release BEGIN SELECT RAISE(ABORT, 'disk'); END");
        clock.MoveTo(Noon.AddHours(4));
        await space.TickAsync();
        Assert.StartsWith("releases: the ledger is not written", Assert.Single(health.Warnings), StringComparison.Ordinal);

        // The site has it no longer, and somebody else wrote its row: it ends with the next save, and nobody calls it again.
        Assert.Equal(2, await site.ReplaceAsync(1, Document("garden"), "technician"));
        Hand(SqliteGrainStorage.FileIn(folder.Path), "UPDATE grain_state SET etag = etag + 1000 WHERE key = 'square'");
        clock.MoveTo(Noon.AddHours(8));
        await Waiting.UntilAsync("the space is not waited for", () => Task.FromResult(health.Warnings.Count == 0), TimeSpan.FromSeconds(60), cancellation);
        using var state = SqliteFile.Connect(SqliteGrainStorage.FileIn(folder.Path));
        Assert.InRange((long)SqliteFile.Scalar(state, "SELECT etag FROM grain_state WHERE key = 'square'")!, 1001, 1999);
        await silo.StopAsync(cancellation);
    }

    private static SiteDocument Document(string space) => new("site.yaml", FixtureSites.Square(1, 60).Replace("square", space, StringComparison.Ordinal), new Dictionary<string, string>());

    private static void Hand(string file, string sql)
    {
        using var hand = SqliteFile.Connect(file);
        SqliteFile.Execute(hand, sql);
    }
}

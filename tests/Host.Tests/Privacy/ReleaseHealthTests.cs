using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Domain;
using Monitoring.Domain.History;
using Monitoring.Domain.Spaces;
using Monitoring.Harness;
using Monitoring.Silo.Privacy;
using Monitoring.Storage;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>Whoever asks how the hub is learns that cells cannot be released, and nothing else.</summary>
public sealed class ReleaseHealthTests : IDisposable
{
    private static readonly DateOnly Yesterday = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(-1);

    private readonly TemporaryFolder _folder = new();
    private readonly HubClock _clock = new(ClockKind.Wall, TimeProvider.System);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_ledger_that_is_not_written_is_named_until_it_is()
    {
        using var ledger = new ReleaseStore(ReleaseStore.FileIn(_folder.Path));
        using var queue = new ReleaseQueue(ledger, _clock);
        var health = new ReleaseHealth(queue, ledger, Heads(ledger), _clock);
        var day = Ledgers.On(Yesterday);
        var cells = day.Cells(take: 2).Select(cell => (day, cell)).ToList();
        using (var spoil = SqliteFile.Connect(ReleaseStore.FileIn(_folder.Path)))
            SqliteFile.Execute(spoil, "CREATE TRIGGER spoil BEFORE INSERT ON release BEGIN SELECT RAISE(ABORT, 'disk'); END");
        await Assert.ThrowsAnyAsync<Exception>(() => queue.ReleaseAsync(Ledgers.Space, cells));
        Assert.StartsWith("releases: the ledger is not written", Assert.Single(health.Warnings), StringComparison.Ordinal);
        using (var mend = SqliteFile.Connect(ReleaseStore.FileIn(_folder.Path)))
            SqliteFile.Execute(mend, "DROP TRIGGER spoil");
        await queue.ReleaseAsync(Ledgers.Space, cells);
        Assert.Empty(health.Warnings);
        Assert.Equal(2, ledger.All().Count);
    }

    [Fact]
    public async Task A_space_whose_grain_has_ended_is_not_waited_for_any_more()
    {
        using var ledger = new ReleaseStore(ReleaseStore.FileIn(_folder.Path));
        using var queue = new ReleaseQueue(ledger, _clock);
        var health = new ReleaseHealth(queue, ledger, Heads(ledger), _clock);
        using (var spoil = SqliteFile.Connect(ReleaseStore.FileIn(_folder.Path)))
            SqliteFile.Execute(spoil, "CREATE TRIGGER spoil BEFORE INSERT ON release BEGIN SELECT RAISE(ABORT, 'disk'); END");

        // The site has it no longer, and its grain could not save itself: nobody calls it again.
        var state = new SpaceState();
        var cells = new SpaceCells(QuietNightTests.Space.Id, state);
        cells.Pin(QuietNightTests.Space, 1, _clock.Now.AddDays(-1), SpaceCells.AheadOnWallClock);
        cells.Seal(_clock.Now);
        var releases = new SpaceReleases(QuietNightTests.Space.Id, state, queue, () => { }, NullLogger.Instance) { SavedTo = state.Releases.LastSealed };
        releases.ReleaseSoon(cells);
        await releases.EndAsync();
        Assert.True(releases.IsAway);
        Assert.Empty(health.Warnings);
    }

    [Fact]
    public void A_ledger_that_was_put_back_is_named_while_a_day_that_it_blocks_may_last()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var ledger = new ReleaseStore(ReleaseStore.FileIn(_folder.Path));
        using var queue = new ReleaseQueue(ledger, _clock);
        Assert.Empty(new ReleaseHealth(queue, ledger, Heads(ledger), _clock).Warnings);
        Assert.True(ledger.NoticeHead("elsewhere", new LedgerMark(1, 1, new string('0', 64)), now));
        Assert.StartsWith("releases: the ledger was put back", Assert.Single(new ReleaseHealth(queue, ledger, Heads(ledger), _clock).Warnings), StringComparison.Ordinal);
        Assert.Empty(new ReleaseHealth(queue, ledger, Heads(ledger), new HubClock(ClockKind.Wall, new LaterTime(TimeSpan.FromHours(26)))).Warnings);
    }

    private HeadWatch Heads(ReleaseStore ledger) => new(ledger, _clock.Wall, NullLogger<HeadWatch>.Instance);

    private sealed class LaterTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}

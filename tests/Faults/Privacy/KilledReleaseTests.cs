using Monitoring.Faults.History;
using Monitoring.Faults.Intake;
using Monitoring.Faults.Spaces;
using Monitoring.Harness;

namespace Monitoring.Faults.Privacy;

/// <summary>A-04: the hub is killed at each point of a release. A cell has one number whoever looks and whenever, and a day costs what it costs.</summary>
public sealed class KilledReleaseTests
{
    private const long NoiseMax = 150;
    private const long OfADay = 1_000_000;
    private const string Space = "square-1";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly DateTimeOffset Start = new(2026, 6, 2, 4, 0, 0, TimeSpan.Zero);

    // With twice as many series: in the long form 1,000 cells are killed at each point, in ten rounds.
    private static readonly CellSite Site = new(1, RunSeed.IsLong ? 50 : 3);

    private readonly Dictionary<(string Series, DateTimeOffset From), HashSet<long?>> _seen = [];

    [Fact]
    public async Task A04_A_hub_that_is_killed_at_any_point_of_a_release_tells_one_number_for_a_cell_and_spends_once()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await Site.StartAsync(folder, null, cancellation);
        using var analyst = await ReleasedCells.ClientAsync(hub, "analyst", cancellation);
        var links = new Dictionary<string, StubbornLink>();
        foreach (var name in Site.Connections)
            links[name] = new StubbornLink(hub.Ports.Mqtt, name, hub.Secret(name));
        var load = new CellLoad(Site, hub, links, Start);
        await load.BeginAsync(cancellation);

        (string Name, Func<int, Task> StrikeAsync)[] points =
        [
            ("before draw", BeforeDrawAsync), ("after draw", AfterDrawAsync), ("before commit", BeforeCommitAsync), ("after commit", AfterCommitAsync), ("before publish", BeforePublishAsync), ("after publish", AfterPublishAsync),
        ];
        var rounds = RunSeed.IsLong ? 10 : 2;
        for (var cell = 0; cell < rounds * points.Length; cell++)
        {
            var (name, strikeAsync) = points[cell % points.Length];
            await load.FillAsync(cell, cancellation);
            load.NoteFilled(cell);
            await load.MoveAsync(load.SealOf(cell) - TimeSpan.FromSeconds(1), cancellation);
            Assert.Equal(0, Stored(cell));
            await strikeAsync(cell);
            FaultReport.Current.Struck($"SIGKILL {name} of a release", idle: false);
            await hub.StartAgainAsync(cancellation);
            Look();
            await PublishAsync(cell);
            Look();
            Assert.Equal(Site.Gates.Count * 2, Stored(cell));
        }

        await SeenByAnalystAsync(rounds * points.Length - 1);
        Assert.Equal(rounds * points.Length * Site.Gates.Count * 2, _seen.Count);
        Assert.All(_seen, cell => Assert.Single(cell.Value));
        Assert.All(_seen, cell => Assert.InRange(cell.Value.Single()!.Value - load.Truth[(Space, cell.Key.Series, cell.Key.From)], -NoiseMax, NoiseMax));
        Assert.Equal(0, (await HubCommand.RunAsync(["verify", "--data", hub.Data], cancellation)).ExitCode);
        foreach (var link in links.Values)
            await link.DisposeAsync();

        // The sealed cell is saved, and the ledger does not let the transaction begin.
        async Task BeforeDrawAsync(int cell)
        {
            using (HeldStore.Releases(hub.Data))
            {
                await BeginSealAsync(cell);
                await SealedIsSavedAsync(cell);
                await hub.KillAsync();
            }

            Assert.Equal(0, Stored(cell));
        }

        async Task AfterDrawAsync(int cell) => await InTransactionAsync(cell, SlowLedger.AfterDraw(hub.Data));

        async Task BeforeCommitAsync(int cell) => await InTransactionAsync(cell, SlowLedger.BeforeCommit(hub.Data, Site.Gates.Count * 2));

        async Task InTransactionAsync(int cell, SlowLedger slow)
        {
            using (slow)
            {
                await BeginSealAsync(cell);
                await Waiting.UntilAsync("the hub is within the transaction", () => Task.FromResult(slow.IsHeld()), Patience, cancellation);
                await hub.KillAsync();
            }

            Assert.Equal(0, Stored(cell));
        }

        // The number is stored, and the space cannot save that its sealed cell is done.
        async Task AfterCommitAsync(int cell)
        {
            var ledger = HeldStore.Releases(hub.Data);
            await BeginSealAsync(cell);
            await SealedIsSavedAsync(cell);
            using (HeldStore.State(hub.Data))
            {
                ledger.Dispose();
                await Waiting.UntilAsync("the cell is in the ledger", () => Task.FromResult(Stored(cell) > 0), Patience, cancellation);
                Look();
                await hub.KillAsync();
            }

            Assert.NotEmpty(new StoredHub(hub.Data).Space(Space).Releases.Sealed);
        }

        async Task BeforePublishAsync(int cell)
        {
            await load.MoveAsync(load.SealOf(cell), cancellation);
            Look();
            Assert.NotEqual(0, Stored(cell));
            Assert.DoesNotContain(await ReleasedCells.OfApiAsync(analyst, Space, Start, load.StartOf(cell + 1), cancellation), released => released.From == load.StartOf(cell));
            await hub.KillAsync();
        }

        async Task AfterPublishAsync(int cell)
        {
            await PublishAsync(cell);
            await SeenByAnalystAsync(cell);
            await hub.KillAsync();
        }

        // The answer comes when the cell is released, or never.
        Task BeginSealAsync(int cell)
        {
            _ = Task.Run(
                async () =>
                {
                    using var admin = hub.Client();
                    using var answer = await admin.PostAsync("api/clock", Clock(load.SealOf(cell)), cancellation);
                },
                cancellation).ContinueWith(ended => ended.Exception, TaskScheduler.Default);
            return Task.CompletedTask;
        }

        // This cell: the row may still have those before it, which are released already.
        Task SealedIsSavedAsync(int cell) => Waiting.UntilAsync("the sealed cell is saved", () => Task.FromResult(new StoredHub(hub.Data).Space(Space).Releases.Sealed.Exists(waiting => waiting.From == load.StartOf(cell))), Patience, cancellation);

        int Stored(int cell) => ReleasedCells.OfLedger(hub.Data).Count(released => released.From == load.StartOf(cell));

        // What is stored comes out one tick after the next, so the clock stands still for it once.
        async Task PublishAsync(int cell)
        {
            await load.MoveAsync(load.SealOf(cell), cancellation);
            await load.MoveAsync(load.SealOf(cell) + TimeSpan.FromSeconds(15), cancellation);
        }

        // Everything that the file shows anybody at this moment.
        void Look()
        {
            foreach (var cell in ReleasedCells.OfLedger(hub.Data).Where(cell => cell.From >= Start))
                See(cell);
            Assert.All(ReleasedCells.Spent(hub.Data), spent => Assert.Equal((Space, "2026-06-02", OfADay), spent));
            Assert.InRange(ReleasedCells.Spent(hub.Data).Count, 0, 1);
        }

        void See(ReleasedCell cell)
        {
            if (!_seen.TryGetValue((cell.Series, cell.From), out var values))
                _seen[(cell.Series, cell.From)] = values = [];
            values.Add(cell.Value);
        }

        async Task SeenByAnalystAsync(int cell)
        {
            IReadOnlyList<ReleasedCell> found = [];
            await Waiting.UntilAsync("the analyst sees every cell", async () => (found = await ReleasedCells.OfApiAsync(analyst, Space, Start, load.StartOf(cell + 1), cancellation)).Count == (cell + 1) * Site.Gates.Count * 2, Patience, cancellation);
            foreach (var released in found)
                See(released);
        }
    }

    private static StringContent Clock(DateTimeOffset to) => new($$"""{"to":"{{to.UtcDateTime:O}}"}""", System.Text.Encoding.UTF8, "application/json");
}

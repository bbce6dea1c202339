using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Intake;
using Monitoring.Faults.Intake;
using Monitoring.Faults.Spaces;
using Monitoring.Harness;

namespace Monitoring.Faults.History;

/// <summary>Both copies of the history are away under load, and the hub is killed meanwhile: nothing is lost, nothing is twice, and what is copied afterwards is what the ledger has.</summary>
public sealed class HistoryAwayTests
{
    /// <summary>The bound that docs/reference/performance.md states for a hub of this size, MB resident.</summary>
    private const long MemoryMbMax = 512;

    /// <summary>Noise of a cell is larger less than once in 10^16 draws (discrete Laplace, scale 4). The least count of a reading is 500.</summary>
    private const long NoiseMax = 150;

    private const int MessagesPerSecond = 1_000;
    private const int CellsBefore = 2, CellsAway = 5, CellsAfter = 2;
    private const string Database = "released";

    /// <summary>When the hub is killed, as parts of the time without history: both copies are away before and after.</summary>
    private static readonly double[] KillsAt = [0.2, 0.6];

    /// <summary>How long it is away in the long form.</summary>
    private static readonly TimeSpan AwayFor = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Start = new(2026, 6, 2, 4, 0, 0, TimeSpan.Zero);

    // The long form goes on past midnight.
    private static readonly CellSite Site = new(8, 5, NightBlock: !RunSeed.IsLong);

    [Fact]
    public async Task While_the_history_is_away_under_a_thousand_messages_a_second_and_two_kills_nothing_is_lost_and_each_cell_is_there_once_afterwards()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var influx = await InfluxServer.StartAsync(cancellation);
        await using var hub = await Site.StartAsync(folder, await SettingsAsync(influx, folder, cancellation), cancellation);
        using var analyst = await ReleasedCells.ClientAsync(hub, "analyst", cancellation);
        using var technician = await ReleasedCells.ClientAsync(hub, "technician", cancellation);
        var links = new Dictionary<string, StubbornLink>();
        foreach (var name in Site.Connections)
            links[name] = new StubbornLink(hub.Ports.Mqtt, name, hub.Secret(name));
        var load = new CellLoad(Site, hub, links, Start);
        await load.BeginAsync(cancellation);

        var perCell = Site.Gates.Count * (CellLoad.Readings + 1);
        var (residentMb, cell) = (0L, 0);
        var pace = Stopwatch.StartNew();
        var sent = 0L;
        for (; cell < CellsBefore; cell++)
            await CellAsync(cell);
        await SameEverywhereAsync(cell - 1);

        // A hub that runs has the file of its history open: for another program to take it, it stops once. What is started again finds neither copy.
        var gone = Stopwatch.StartNew();
        Assert.Equal(0, await hub.StopAsync(cancellation));
        await influx.KillAsync();
        var held = new HeldHistory(hub.Data);
        await hub.StartAgainAsync(cancellation);

        // That InfluxDB is away is noticed when there is something for it.
        await CellAsync(cell++);
        await load.MoveAsync(load.SealOf(cell - 1) + TimeSpan.FromSeconds(10), cancellation);
        await Waiting.UntilAsync("both copies are told as away", async () => (await CopiesAsync()).All(copy => copy.Away), Patience, cancellation);

        // Both kills are in the middle of a cell.
        var kills = 0;
        for (; PartOver() < 1; cell++)
        {
            var strikes = kills < KillsAt.Length && PartOver() >= KillsAt[kills];
            await CellAsync(cell, strikes ? KillAsync : null);
            kills += strikes ? 1 : 0;
            if (cell % 20 == 0)
                residentMb = Math.Max(residentMb, HubVitals.Of(hub.ProcessId).ResidentMb);
        }

        Assert.Equal(KillsAt.Length, kills);
        residentMb = Math.Max(residentMb, HubVitals.Of(hub.ProcessId).ResidentMb);

        // The hub that was killed tries each copy anew, when there is something for it.
        await Waiting.UntilAsync("both copies are told as away again", async () => (await CopiesAsync()).All(copy => copy is { Away: true, Behind: > 0 }), Patience, cancellation);
        await influx.StartAgainAsync(cancellation);
        held.Dispose();
        var (awaySeconds, awayCells) = (gone.Elapsed.TotalSeconds, cell - CellsBefore);
        for (var left = CellsAfter; left > 0; left--)
            await CellAsync(cell++);

        var (sending, rate) = (pace.Elapsed, sent / pace.Elapsed.TotalSeconds);
        await SameEverywhereAsync(cell - 1);
        await Waiting.UntilAsync("InfluxDB has how equipment was as the hub's own store has it", EquipmentIsSameAsync, Patience, cancellation);
        await CheckCountsAsync(hub, load, cancellation);
        var (acknowledged, repeated) = (links.Values.Sum(link => link.Acknowledged), links.Values.Sum(link => link.Repeated));
        TestContext.Current.TestOutputHelper!.WriteLine($"History away for {awaySeconds:0} s and {awayCells} cells of {Site.Gates.Count * 2} series, {kills} kills: {acknowledged} messages acknowledged, {repeated} attempts in vain, {rate:0}/s over {sending.TotalSeconds:0} s; {cell * Site.Gates.Count * 2} cells in ledger, DuckDB and InfluxDB {(pace.Elapsed - sending).TotalSeconds:0} s later; at most {residentMb} MB resident");
        Assert.True(residentMb < MemoryMbMax, $"{residentMb} MB are over the bound of {MemoryMbMax} MB.");
        FaultReport.Current.Struck("history away, both copies, with two kills", idle: false);
        foreach (var link in links.Values)
            await link.DisposeAsync();

        // How much of the time without history is over; 1 when all of it is.
        double PartOver() => RunSeed.IsLong ? gone.Elapsed / AwayFor : (double)(cell - CellsBefore) / CellsAway;

        // A cell, sent at the pace; what strikes does it when about half of its messages are accepted.
        async Task CellAsync(int one, Func<Task>? strike = null)
        {
            var half = links.Values.Sum(link => link.Acknowledged) + (perCell / 2);
            var filled = load.FillAsync(one, cancellation);
            if (strike is not null)
            {
                await Waiting.UntilAsync("half of the cell", () => Task.FromResult(filled.IsCompleted || links.Values.Sum(link => link.Acknowledged) >= half), Patience, cancellation);
                await strike();
            }

            await filled;
            await load.SealAsync(one, cancellation);
            sent += perCell;
            var due = TimeSpan.FromSeconds((double)sent / MessagesPerSecond) - pace.Elapsed;
            if (due > TimeSpan.Zero)
                await Task.Delay(due, TimeProvider.System, cancellation);
        }

        async Task KillAsync()
        {
            await hub.KillAsync();
            await hub.StartAgainAsync(cancellation);
        }

        async Task<List<CopyState>> CopiesAsync()
        {
            using var admin = hub.Client();
            return [.. (await admin.GetFromJsonAsync<JsonElement>("api/history/copies", cancellation)).EnumerateArray().Select(copy => new CopyState(copy.GetRawText(), copy.GetProperty("behind").GetInt64(), copy.GetProperty("away").ValueKind == JsonValueKind.String))];
        }

        async Task<bool> EquipmentIsSameAsync()
        {
            var there = (await influx.QueryAsync("SELECT state FROM device GROUP BY device", "health", cancellation)).ToLookup(row => (string)row["device"]!, row => DateTimeOffset.FromUnixTimeMilliseconds((long)row["time"]!));
            foreach (var device in Site.Gates.Select(gate => gate.Device))
            {
                var answer = await technician.GetFromJsonAsync<JsonElement>(FormattableString.Invariant($"api/history/devices/{device}?from={Start.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&to={Start.AddDays(30).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"), cancellation);
                var here = answer.GetProperty("health").EnumerateArray().Select(point => point.GetProperty("at").GetDateTimeOffset()).ToList();
                if (here.Count < 2 || !there[device].Where(at => at >= Start).SequenceEqual(here))
                    return false;
            }

            return true;
        }

        // What is sealed comes out when the clock has passed its tick.
        async Task SameEverywhereAsync(int to)
        {
            await load.MoveAsync(load.StartOf(to + 1) + TimeSpan.FromMinutes(2) + TimeSpan.FromSeconds(10), cancellation);
            await Waiting.UntilAsync("both copies are up to date", async () => (await CopiesAsync()).All(copy => copy is { Away: false, Behind: 0 }), Patience, cancellation);
            var ledger = ReleasedCells.OfLedger(hub.Data).Where(cell => cell.From >= Start).ToList();
            Assert.Equal((to + 1) * Site.Gates.Count * 2, ledger.Count);
            Assert.Equal(ledger.Count, ledger.DistinctBy(cell => (cell.Space, cell.Series, cell.From)).Count());
            Assert.All(ledger, cell => Assert.InRange((cell.Value ?? throw new InvalidOperationException($"{cell} has no number")) - load.Truth[(cell.Space, cell.Series, cell.From)], -NoiseMax, NoiseMax));
            var machine = new List<ReleasedCell>();
            foreach (var space in Site.Gates.Select(gate => gate.Space).Distinct())
                machine.AddRange(await ReleasedCells.OfApiAsync(analyst, space, Start, load.StartOf(to + 1), cancellation));
            Assert.Equal(Sorted(ledger), Sorted(machine));
            Assert.Equal(Sorted(ledger), Sorted((await ReleasedCells.OfInfluxAsync(influx, Database, cancellation)).Where(cell => cell.From >= Start)));
        }
    }

    private static IEnumerable<ReleasedCell> Sorted(IEnumerable<ReleasedCell> cells) => cells.OrderBy(cell => cell.Space, StringComparer.Ordinal).ThenBy(cell => cell.Series, StringComparer.Ordinal).ThenBy(cell => cell.From);

    // By line and day: totals to the passage, and how many counted in the cell alone and for the control room alone. A repeat is an attempt whose acknowledgement was lost.
    private static async Task CheckCountsAsync(HubUnderTest hub, CellLoad load, CancellationToken cancellation)
    {
        var stored = new StoredHub(hub.Data);
        await Waiting.UntilAsync("every accepted message is saved by its space", () => Task.FromResult(stored.JournaledRows() == 0), Patience, cancellation);
        var differences = new List<string>();
        foreach (var space in load.Days.GroupBy(day => day.Key.Space))
        {
            var state = stored.Space(space.Key);
            var kept = state.Lines.Values.SelectMany(line => line.Days.Keys).Min();
            foreach (var ((_, line, day), expected) in space.Where(day => day.Key.Day >= kept))
            {
                var found = state.Lines[line].Day(day);

                // Of days before yesterday the passages are forgotten, and the fates of readings are kept.
                var (passagesIn, passagesOut) = day >= state.Lines[line].TotalsFrom ? (expected.In, expected.Out) : (0, 0);
                if ((found.In, found.Out, found.Counted, found.CountedOpenOnly, found.CountedLiveOnly) != (passagesIn, passagesOut, expected.Counted, expected.CountedOpenOnly, expected.CountedLiveOnly) || found.SetAside.Keys.Any(reason => reason != SetAside.Duplicate))
                    differences.Add($"{space.Key} {line} {day:O}: {Text(found)}; accepted were {Text(expected)}");
            }
        }

        Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences.Take(20)));
    }

    private static string Text(DayTally day) => $"in {day.In}, out {day.Out}, {day.Counted} readings, {day.CountedOpenOnly} in the cell only, {day.CountedLiveOnly} for the control room only, set aside {string.Join(' ', day.SetAside)}";

    private static async Task<IReadOnlyDictionary<string, string>> SettingsAsync(InfluxServer influx, TemporaryFolder folder, CancellationToken cancellation)
    {
        foreach (var (database, user) in ((string, string)[])[(Database, "monitoring-analysis"), ("health", "monitoring-operations")])
        {
            await influx.CreateDatabaseAsync(database, cancellation);
            await influx.CreateUserAsync(user, "secret", cancellation, (database, "WRITE"));
        }

        var secret = folder.Write("influx-secret", "secret");
        return new Dictionary<string, string>
        {
            ["MONITORING__Silo__History__Influx__Url"] = influx.Url.ToString(),
            ["MONITORING__Silo__History__Influx__Version"] = "1",
            ["MONITORING__Silo__History__Influx__AnalysisTokenFile"] = secret,
            ["MONITORING__Silo__History__Influx__OperationsTokenFile"] = secret,
        };
    }

    private sealed record CopyState(string Text, long Behind, bool Away);
}

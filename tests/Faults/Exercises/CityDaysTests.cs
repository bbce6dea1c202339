using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Spaces;
using Monitoring.Harness;
using Monitoring.Simulator.Exercises;
using Monitoring.Simulator.Intake;

namespace Monitoring.Faults.Exercises;

/// <summary>The simulated city for weeks, over real MQTT into a hub on the replay clock that keeps few days: what is kept is in every copy, what is not is in none, and nothing is spent twice.</summary>
/// <remarks>Meanwhile InfluxDB is away for over an hour of the city, and the hub is killed twice.</remarks>
public sealed partial class CityDaysTests
{
    private const string Connection = "city";
    private const string Secret = "writes-one-database";
    private const long DayBudget = 1_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // The clocks go forward on 29 March 2026.
    [Fact]
    public async Task Ninety_days_of_the_city_are_the_same_in_the_ledger_DuckDB_and_InfluxDB()
    {
        Assert.SkipUnless(RunSeed.IsLong, "takes minutes: run with --long");
        await PlayAsync(new DateOnly(2026, 1, 5), new DateOnly(2026, 4, 4), kept: 30);
    }

    private static async Task PlayAsync(DateOnly firstDay, DateOnly lastDay, int kept)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var document = CityDocument();
        var site = CompiledSite.Compile(new SiteDocument("site.yaml", document, new Dictionary<string, string>())).Site!.Site;
        var zone = site.Spaces[0].TimeZone;
        Assert.All(site.Spaces, space => Assert.Equal(Start(lastDay, zone), Start(lastDay, space.TimeZone)));
        var (from, until) = (Start(firstDay, zone), Start(lastDay.AddDays(1), zone));
        await using var influx = await InfluxAsync(cancellation);
        await using var hub = await HubUnderTest.StartAsync(folder.File("data"), ["serve", "--site", folder.Write("site.yaml", document), "--clock", "replay"], cancellation, environment: Settings(folder, influx, kept));
        using var admin = await SignedInAsync(hub, "admin", cancellation);
        var ledger = new CityLedger(hub.Data);
        var faults = new CityFaults(hub, influx, admin, from, until);
        using var http = new HttpClient();
        var played = await new CityRun(http, TimeProvider.System, new ReplayProgress(TextWriter.Null, terminal: false, TimeProvider.System)).RunAsync(
            new CityRunOptions
            {
                City = new PilotCitySetup(site, new MqttEndpoint("127.0.0.1", hub.Ports.Mqtt), new Dictionary<string, string> { [Connection] = hub.Secret(Connection) }, RunSeed.Value),
                Api = hub.Address,
                Token = admin.DefaultRequestHeaders.Authorization!.Parameter!,
                From = from,
                Until = until,
                AfterStep = AfterStepAsync,
            },
            cancellation);
        await faults.OverAsync();
        Assert.Equal((0, null), (played.Refused, played.FirstRefusal));

        // What nobody vouches for is sealed six hours later, and comes out at the next tick.
        var now = until.AddHours(6).AddMinutes(10);
        foreach (var to in (DateTimeOffset[])[now.AddMinutes(-5), now])
        {
            using var moved = await admin.PostAsJsonAsync("api/clock", new { to }, cancellation);
            moved.EnsureSuccessStatusCode();
        }

        // The days of a month go together.
        var oldest = DateOnly.FromDateTime(now.UtcDateTime).AddDays(-kept);
        var keptFrom = new DateOnly(oldest.Year, oldest.Month, 1);
        await CopiedAsync(admin, influx, Start(keptFrom, zone), cancellation);
        var current = ledger.Read();
        using var officer = await SignedInAsync(hub, "dpo", cancellation);
        var duckDb = await CityCopies.DuckDbAsync(officer, site, from.AddDays(-2), until.AddDays(1), cancellation);
        var influxDb = await CityCopies.InfluxDbAsync(influx, site, cancellation);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{RunSeed.Text}; {firstDay:O} to {lastDay:O}, {kept} days kept; {played.Line()}, {played.Resent} more after losses; {ledger.Cells.Count} cells, {ledger.Cells.Count(cell => cell.Value is not null)} with a number; {ledger.Charges.Count} charges, {ledger.Charges.Values.Sum()} millionths; InfluxDB lacked {faults.BehindAtReturn} when it came back; left are {current.Count} cells in the ledger, {duckDb.Count} points in DuckDB, {influxDb.Count} in InfluxDB"));

        Assert.Empty(LedgerProblems(ledger, current, site, firstDay, lastDay, keptFrom).Take(20));
        Assert.Empty(Differences("InfluxDB", duckDb.ToDictionary(point => point.Key, point => point.Value.Point), influxDb).Take(20));
        Assert.Empty(Differences("DuckDB", CityPoints.Expected(ledger.Cells, site, keptFrom), duckDb.ToDictionary(point => point.Key, point => CityPoints.Of(point.Value.Point, point.Value.Noisy))).Take(20));
        Assert.Superset((HashSet<string?>)[null, "no-data"], duckDb.Values.Select(point => point.Point.Reason).ToHashSet());
        var months = duckDb.Where(point => point.Key.Grid == "P1M").ToDictionary(month => month.Key, month => new ShownMonth(month.Value.Point.LocalDay, month.Value.Point.Value, month.Value.Point.Reason, month.Value.Point.Err95, month.Value.Point.Cells, month.Value.Point.CellsReleased));
        Assert.NotEmpty(months);
        Assert.Empty(Differences("the panel of months", months, await CityCopies.MonthsPanelAsync(influx, site, from.AddDays(-2), until, cancellation)).Take(20));
        var verified = await HubCommand.RunAsync(["verify", "--data", hub.Data], cancellation);
        Assert.True(verified.ExitCode == 0, verified.Errors);

        async Task AfterStepAsync(DateTimeOffset at, CancellationToken token)
        {
            await faults.StrikeAsync(at, token);

            // Often enough that nothing is forgotten unread.
            if (at.UtcDateTime is { Hour: 12, Minute: 0 })
                ledger.Read();
        }
    }

    private static IEnumerable<string> LedgerProblems(CityLedger ledger, IReadOnlyList<LedgerCell> current, Site site, DateOnly firstDay, DateOnly lastDay, DateOnly keptFrom)
    {
        // Numbers without a hole, and cells without a second: nothing was lost or drawn twice.
        if (ledger.Cells.Max(cell => cell.Number) != ledger.Cells.Count || ledger.Cells.DistinctBy(cell => (cell.Space, cell.Series, cell.From)).Count() != ledger.Cells.Count)
            yield return $"{ledger.Cells.Count} cells up to number {ledger.Cells.Max(cell => cell.Number)}";

        var days = Enumerable.Range(0, lastDay.DayNumber - firstDay.DayNumber + 1).Select(day => Text(firstDay.AddDays(day)));
        var due = site.Spaces.SelectMany(_ => days, (space, day) => (space.Id, day)).ToDictionary(day => day, _ => DayBudget);
        foreach (var problem in Differences("the charges", due, ledger.Charges.GroupBy(charge => (charge.Key.Space, charge.Key.Day)).ToDictionary(day => day.Key, day => day.Sum(charge => charge.Value))))
            yield return problem;
        foreach (var cell in ledger.Cells.Where(cell => cell.Value is not null && ledger.Charges.GetValueOrDefault((cell.Space, cell.Day, cell.Kind)) != cell.EpsilonMicro))
            yield return $"{cell} was drawn with another epsilon than was charged";

        // What was forgotten is in the sum of its month, to the unit, and no month went by half.
        foreach (var late in current.Where(cell => string.CompareOrdinal(cell.Day, Text(keptFrom)) < 0))
            yield return $"{late} should be forgotten";
        var kept = current.Select(cell => cell.Number).ToHashSet();
        foreach (var early in ledger.Cells.Where(cell => !kept.Contains(cell.Number) && string.CompareOrdinal(cell.Day, Text(keptFrom)) >= 0))
            yield return $"{early} should be kept";
        var forgotten = ledger.Cells.Where(cell => !kept.Contains(cell.Number)).GroupBy(cell => (cell.Space, cell.Series, cell.Day[..7])).ToDictionary(month => month.Key, month => ((long)month.Count(), (long)month.Count(cell => cell.Value is not null), month.Any(cell => cell.Value is not null) ? month.Sum(cell => cell.Value ?? 0) : (long?)null));
        foreach (var problem in Differences("the sums of months", forgotten, ledger.Months()))
            yield return problem;
        if (forgotten.Count == 0)
            yield return "nothing was forgotten";
    }

    private static IEnumerable<string> Differences<TKey, TPoint>(string where, IReadOnlyDictionary<TKey, TPoint> expected, IReadOnlyDictionary<TKey, TPoint> found)
        where TKey : notnull
    {
        foreach (var (key, point) in expected)
        {
            if (!found.TryGetValue(key, out var other))
                yield return $"{key} is not in {where}: {point}";
            else if (!EqualityComparer<TPoint>.Default.Equals(other, point))
                yield return $"{key} is {other} in {where}, expected {point}";
        }

        foreach (var key in found.Keys.Where(key => !expected.ContainsKey(key)))
            yield return $"{key} is in {where} and should not be: {found[key]}";
    }

    private static Task CopiedAsync(HttpClient admin, InfluxServer influx, DateTimeOffset keptFrom, CancellationToken cancellation) => Waiting.UntilAsync(
        "all is copied, and what is old is gone",
        async () =>
        {
            var copies = (await admin.GetFromJsonAsync<JsonElement>("api/history/copies", cancellation)).EnumerateArray().ToList();
            if (copies.Exists(copy => copy.GetProperty("behind").GetInt64() > 0))
                return false;

            // InfluxDB is cleared after DuckDB.
            var old = await influx.QueryAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT COUNT(err95) FROM crowd WHERE grid != 'P1M' AND time < {keptFrom.ToUnixTimeMilliseconds()}ms"), "released", cancellation);
            return old.Count == 0;
        },
        Patience,
        cancellation);

    // The pilot city, with devices that speak every quarter of an hour and one connection for all: in seconds they would say the same, and take days. Only what counts people for release has to speak each minute.
    private static string CityDocument()
    {
        var yaml = File.ReadAllText(Path.Combine(Repository.Root, "sites", "pilot-city", "site.yaml"));
        var site = CompiledSite.Compile(new SiteDocument("site.yaml", yaml, new Dictionary<string, string>())).Site!.Site;
        var topics = site.Connections.SelectMany(connection => connection.Topics).Select(topic => $"      - {topic}");
        var equipment = Interval().Replace(yaml[..yaml.IndexOf("\nconnections:", StringComparison.Ordinal)], "intervalSeconds: 900");
        return Camera().Replace(equipment, "${start}60") + $"\nconnections:\n  - name: {Connection}\n    topics:\n{string.Join('\n', topics)}\n";
    }

    private static async Task<InfluxServer> InfluxAsync(CancellationToken cancellation)
    {
        var server = await InfluxServer.StartAsync(cancellation);
        foreach (var database in (string[])["released", "health"])
        {
            await server.CreateDatabaseAsync(database, cancellation);
            await server.CreateUserAsync($"{database}-writer", Secret, cancellation, (database, "WRITE"));
        }

        return server;
    }

    private static Dictionary<string, string> Settings(TemporaryFolder folder, InfluxServer influx, int kept) => new()
    {
        ["MONITORING__Silo__Releases__RetentionDays"] = kept.ToString(CultureInfo.InvariantCulture),
        ["MONITORING__Silo__History__Influx__Url"] = influx.Url.ToString(),
        ["MONITORING__Silo__History__Influx__Version"] = "1",
        ["MONITORING__Silo__History__Influx__AnalysisUser"] = "released-writer",
        ["MONITORING__Silo__History__Influx__AnalysisTokenFile"] = folder.Write("analysis.secret", Secret),
        ["MONITORING__Silo__History__Influx__OperationsUser"] = "health-writer",
        ["MONITORING__Silo__History__Influx__OperationsTokenFile"] = folder.Write("operations.secret", Secret),
    };

    private static async Task<HttpClient> SignedInAsync(HubUnderTest hub, string role, CancellationToken cancellation)
    {
        await hub.AddUserAsync($"the-{role}", role, cancellation);
        var client = new HttpClient { BaseAddress = hub.Address, Timeout = Patience };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await hub.AddTokenAsync($"the-{role}", "test", cancellation));
        return client;
    }

    private static DateTimeOffset Start(DateOnly day, TimeZoneInfo zone) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), zone.GetUtcOffset(day.ToDateTime(TimeOnly.MinValue))).ToUniversalTime();

    private static string Text(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"intervalSeconds: \d+")]
    private static partial Regex Interval();

    [GeneratedRegex(@"(?<start>id: nice-camera\n(\s+\w+: .*\n)*\s+intervalSeconds: )\d+")]
    private static partial Regex Camera();
}

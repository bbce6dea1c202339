using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Monitoring.Harness;
using Monitoring.History;

namespace Monitoring.Deployment.Tests;

/// <summary>Each panel's query, with its variables substituted as Grafana does, on a real InfluxDB 1.x to which the hub's copy has written; asked by a user who may only read.</summary>
/// <remarks>All answers stand in panels.txt, to be read by a person; <c>MONITORING_WRITE_GOLDEN=1</c> writes them anew.</remarks>
public sealed class PanelQueryTests : IAsyncLifetime
{
    private const string Golden = "tests/Deployment.Tests/panels.txt";
    private const string Reader = "grafana";
    private const string Password = "reads-one-database";

    private static readonly DateTimeOffset From = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = From.AddDays(7).AddMilliseconds(-1);

    private InfluxServer? _influx;

    public async ValueTask InitializeAsync()
    {
        _influx = await InfluxServer.StartAsync(TestContext.Current.CancellationToken);
        foreach (var (database, writer) in ((string, string)[])[("released", "monitoring-analysis"), ("health", "monitoring-operations")])
        {
            await _influx.CreateDatabaseAsync(database, TestContext.Current.CancellationToken);
            await _influx.CreateUserAsync($"{Reader}-{database}", Password, TestContext.Current.CancellationToken, (database, "READ"));
            await _influx.CreateUserAsync(writer, Password, TestContext.Current.CancellationToken, (database, "WRITE"));
        }

        await WriteAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_influx is not null)
            await _influx.DisposeAsync();
    }

    [Fact]
    public async Task Every_panel_gets_the_numbers_holes_and_order_that_are_written_down()
    {
        var text = new StringBuilder();
        foreach (var (file, bucket) in Dashboards.All)
        {
            foreach (var (panel, target) in Targets(file))
            {
                text.Append(CultureInfo.InvariantCulture, $"## {Path.GetFileNameWithoutExtension(file)} / {panel["title"]} / {target["refId"]}\n");
                foreach (var row in await AskAsync(Substituted(panel, target), bucket))
                    text.Append(Told(row)).Append('\n');
            }
        }

        var path = Path.Combine(Repository.Root, Golden);
        if (Environment.GetEnvironmentVariable("MONITORING_WRITE_GOLDEN") == "1")
            await File.WriteAllTextAsync(path, text.ToString(), TestContext.Current.CancellationToken);
        Assert.Equal(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), text.ToString());
    }

    [Fact]
    public async Task A_point_that_is_not_shown_has_a_row_without_a_number_so_that_the_line_breaks()
    {
        var rows = await AskAsync(Panel("crowd-flow-history", "Published numbers with their error"), "released");
        Assert.Equal([120L, null, 15L, null, null, 300L, 44L, 999L], rows.Select(row => row["shown"]));
        Assert.Equal([137L, null, 32L, null, null, 317L, 61L, 1_016L], rows.Select(row => row["high"]));
        // The true count is never below 0, but the band may be: it says how far the noise reaches.
        Assert.Equal([103L, null, -2L, null, null, 283L, 27L, 982L], rows.Select(row => row["low"]));
        var reasons = await AskAsync(Panel("crowd-flow-history", "Why there is no number"), "released");
        Assert.Equal(["suppressed", "no-data", "withdrawn"], reasons.Select(row => row["reason"]));
        Assert.Equal(rows.Where(row => row["shown"] is null).Select(row => row["time"]), reasons.Select(row => row["time"]));
    }

    [Fact]
    public async Task Peaks_carry_their_error_and_come_from_hours_alone()
    {
        var rows = await AskAsync(Panel("crowd-flow-history", "Peaks: the 20 highest hours"), "released");
        Assert.Equal([(120L, 17L), (15L, 17L), (300L, 17L), (44L, 17L)], rows.Select(row => ((long)row["number"]!, (long)row["err95"]!)));
        Assert.Equal(["2026-06-01"], rows.Select(row => row["localDay"]).Distinct());
    }

    [Fact]
    public async Task A_night_in_one_piece_stands_among_the_hours_with_its_length_and_is_no_peak()
    {
        foreach (var title in (string[])["Published numbers with their error", "Event comparison: the range chosen above"])
        {
            var rows = await AskAsync(Panel("crowd-flow-history", title), "released");
            Assert.Equal((999L, 21_600L), rows.Where(row => (long)row["seconds"]! != 3_600).Select(row => ((long)row["shown"]!, (long)row["seconds"]!)).Single());
        }

        Assert.DoesNotContain(await AskAsync(Panel("crowd-flow-history", "Peaks: the 20 highest hours"), "released"), row => row["number"] is 999L);
        var week = await AskAsync(Panel("crowd-flow-history", "Usual week: error and hours behind each mean"), "released");
        Assert.All(week, row => Assert.Equal((string)row["hour"]! == "00" ? 360L : 60L, row["minutes"]));
    }

    [Fact]
    public async Task The_newest_profile_is_shown_also_where_an_hour_has_lost_its_number()
    {
        var tuesday = await AskAsync(Panel("crowd-flow-history", "Usual week: mean per hour, by hour and weekday", "B"), "released");
        // The older profile had 31 for this hour; the newer one has none, and the older must not stand in for it.
        Assert.Equal([("01", null), ("00", 22L)], tuesday.Select(row => ((string)row["hour"]!, row["tue"])));
        var all = await AskAsync(Panel("crowd-flow-history", "Usual week: error and hours behind each mean"), "released");
        Assert.Equal("suppressed", all.Single(row => (string)row["weekday"]! == "tue" && (string)row["hour"]! == "01")["reason"]);
    }

    [Fact]
    public async Task The_earlier_event_begins_where_the_chosen_one_does()
    {
        var chosen = await AskAsync(Panel("crowd-flow-history", "Event comparison: the range chosen above"), "released");
        var earlier = await AskAsync(Panel("crowd-flow-history", "Event comparison: the same stretch, earlier by what is chosen in ‘Compare with’"), "released");
        Assert.Equal([90L, 80L], earlier.Select(row => row["shown"]));
        Assert.Equal(chosen.Take(2).Select(row => (long)row["time"]! - (long)TimeSpan.FromDays(7).TotalMilliseconds), earlier.Select(row => (long)row["time"]!));
    }

    [Fact]
    public async Task A_profile_that_nobody_has_written_is_no_row() =>
        Assert.Empty(await AskAsync(Panel("crowd-flow-history", "Usual week: error and hours behind each mean").Replace("'north-in'", "'south-in'", StringComparison.Ordinal), "released"));

    [Fact]
    public async Task The_lists_to_choose_from_hold_what_is_there()
    {
        var variables = Dashboards.Read("analysis/dashboards/crowd-flow-history.json")["templating"]!["list"]!.AsArray().Where(variable => (string?)variable!["type"] == "query").Select(variable => Substitute((string)variable!["query"]!)).ToList();
        Assert.Equal(["market", "quay"], (await AskAsync(variables[0], "released")).Select(row => row["value"]));
        Assert.Equal(["north-in", "south-in"], (await AskAsync(variables[1], "released")).Select(row => row["value"]));
    }

    [Fact]
    public async Task Who_reads_released_numbers_learns_nothing_of_equipment_and_the_other_way_round()
    {
        await Assert.ThrowsAsync<InfluxRefusedException>(() => _influx!.QueryAsync("SELECT * FROM \"device\"", "health", $"{Reader}-released", Password, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<InfluxRefusedException>(() => _influx!.QueryAsync("SELECT * FROM \"crowd\"", "released", $"{Reader}-health", Password, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<InfluxRefusedException>(() => _influx!.QueryAsync("DELETE FROM \"crowd\"", "released", $"{Reader}-released", Password, TestContext.Current.CancellationToken));
    }

    private static IEnumerable<(JsonObject Panel, JsonNode Target)> Targets(string file) =>
        Dashboards.Panels(Dashboards.Read(file)).SelectMany(panel => (panel["targets"]?.AsArray() ?? []).Select(target => (panel, target!)));

    private static string Panel(string dashboard, string title, string reference = "A")
    {
        var file = Dashboards.All.Keys.Single(file => file.EndsWith($"/{dashboard}.json", StringComparison.Ordinal));
        var (panel, target) = Targets(file).Single(target => (string?)target.Panel["title"] == title && (string?)target.Target["refId"] == reference);
        return Substituted(panel, target);
    }

    // A panel that is moved back asks for its own stretch of time: the one of the dashboard, earlier by the variable's first choice.
    private static string Substituted(JsonObject panel, JsonNode target) =>
        Substitute((string)target["query"]!, (string?)panel["timeShift"] switch { null => TimeSpan.Zero, "$earlier" => TimeSpan.FromDays(7), var other => throw new InvalidOperationException($"{other}: this test does not know that shift.") });

    private static string Substitute(string query, TimeSpan back = default) => query
        .Replace("$timeFilter", string.Create(CultureInfo.InvariantCulture, $"time >= {(From - back).ToUnixTimeMilliseconds()}ms and time <= {(To - back).ToUnixTimeMilliseconds()}ms"), StringComparison.Ordinal)
        .Replace("$space", "market", StringComparison.Ordinal)
        .Replace("$series", "north-in", StringComparison.Ordinal)
        .Replace("$grid", "PT1H", StringComparison.Ordinal);

    private static string Told(InfluxRow row) => string.Join(' ', row.Columns.Where(column => column.Key != "time" || column.Value is not 0L).Select(column => $"{column.Key}={column.Value switch
    {
        null => "-",
        long at when column.Key == "time" => DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-ddTHH:mmZ", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var other => other,
    }}"));

    private Task<IReadOnlyList<InfluxRow>> AskAsync(string query, string bucket) => _influx!.QueryAsync(query, bucket, $"{Reader}-{bucket}", Password, TestContext.Current.CancellationToken);

    // As the hub writes: a field that its copy names otherwise is missing in the panels, too.
    private async Task WriteAsync(CancellationToken cancellation)
    {
        using var secrets = new TemporaryFolder();
        var secret = secrets.Write("secret", Password);
        var aside = new List<InfluxSetAside>();
        using var copy = new InfluxHistory(new InfluxOptions { Url = _influx!.Url.ToString(), Version = 1, AnalysisTokenFile = secret, OperationsTokenFile = secret }, TimeProvider.System, aside.Add);
        await copy.AppendAsync([.. PanelPoints.Released(From)], 1, cancellation);
        await copy.AppendWeeksAsync([.. PanelPoints.Weeks(From)], cancellation);
        await copy.AppendAsync([.. PanelPoints.Health(From)], cancellation);
        Assert.Empty(aside);
    }
}

using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Monitoring.Domain.History;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.History;

/// <summary>The way of a count through the whole hub: over MQTT into a cell, with noise into the ledger, copied to the history, read wherever it can be read. The same number everywhere, for ever.</summary>
public sealed class ReleasedHistoryTests(ReplayedDay day) : IClassFixture<ReplayedDay>
{
    private const string Crowd = "crowd-flow-history";
    private const string ChosenEvent = "Event comparison: the range chosen above";
    private const string EarlierEvent = "Event comparison: the same stretch, earlier by what is chosen in ‘Compare with’";

    // A copy that did not get through comes again within a minute.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // A night block and 72 quarter-hours of each; 511 cells.
    private static readonly string[] Some = ["west-sued-in", "west-sued-out", "ost-nord-in", "ost-nord-out", "west-vbz-in", "ost-sbb-out", "west-nord-in"];

    [Fact]
    public async Task What_is_released_is_what_the_ledger_has_and_it_is_near_the_true_count()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(RunSeed.DrawnText);
        var cancellation = TestContext.Current.CancellationToken;
        var before = day.Before.ToDictionary(row => (row.Series, row.From));
        var (inside, cells) = (0, 0);
        foreach (var series in (string[])["west-sued-in", "west-sued-out", "ost-nord-in"])
        {
            var quarters = await PointsAsync(day.Analyst, series, "PT15M", cancellation);
            Assert.Equal(73, quarters.Count);
            var noisy = await PointsAsync(day.Officer, series, "PT15M", cancellation, "&noise=true");
            foreach (var (shown, stored) in quarters.Zip(noisy))
            {
                var released = before[(series, shown.Start)];
                Assert.Equal((released.Value, shown.End, shown.Reason), (stored.Noisy, released.To, stored.Reason));
                Assert.Equal(released.Value is null ? "no-data" : released.Value < 38 ? "suppressed" : null, shown.Reason);
                Assert.Equal(shown.Reason is null ? released.Value : null, shown.Value);
                if (released.Value is not { } value)
                    continue;
                var off = Math.Abs(value - day.Truth.GetValueOrDefault((series, shown.Start)));
                cells++;
                inside += off <= shown.Err95 ? 1 : 0;

                // Beyond it noise of this size falls once in 10^10 cells.
                Assert.True(off <= 184, $"{series} {shown.Start:O} is off by {off}");
            }

            foreach (var sum in (await PointsAsync(day.Officer, series, "PT1H", cancellation, "&noise=true")).Concat(await PointsAsync(day.Officer, series, "P1D", cancellation, "&noise=true")))
            {
                var parts = noisy.Where(part => part.Start >= sum.Start && part.End <= sum.End).ToList();
                Assert.Equal(parts.Any(part => part.Noisy is null) ? "no-data" : null, sum.Reason == "suppressed" ? null : sum.Reason);
                Assert.Equal(parts.Sum(part => part.Noisy ?? 0), sum.Noisy ?? 0);
            }
        }

        // With 95 % inside, fewer than this of so many cells are seen less than once in 10^10 runs (exact binomial tail for 190 to 219 cells at 0.95).
        Assert.InRange(cells, 190, 219);
        Assert.True(inside >= cells * 0.80, $"{inside} of {cells} within err95");
        Assert.Contains(await PointsAsync(day.Analyst, "west-sued-in", "PT15M", cancellation), point => point is { Value: > 700 });
        Assert.Contains(await PointsAsync(day.Analyst, "ost-nord-in", "PT15M", cancellation), point => point is { Reason: "no-data", Value: null });
    }

    [Fact]
    public async Task A01_Every_surface_says_the_same_of_a_cell_however_often_it_is_asked_after_kills_and_when_copies_were_made_anew()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(RunSeed.DrawnText);

        // An export is a process of its own: of many fetches each fiftieth has one.
        var (fetches, perExport) = RunSeed.IsLong ? (10_000, 50) : (20, 1);
        using var http = new HttpSurfaces(day.Analyst, day.Anyone, ReplayedHub.Space, Some, ReplayedDay.Start, ReplayedDay.End, new DateOnly(2024, 1, 21));
        var panels = new PanelSurface(day.AskInfluxAsync, ReplayedHub.Space, Some, ReplayedDay.Start, ReplayedDay.End);
        var told = new Averaging();
        for (var fetch = 0; fetch < fetches; fetch++)
        {
            if (fetch == fetches / 3)
                await day.KillAllAsync();
            if (fetch == fetches * 2 / 3)
                await day.RebuildAsync();
            foreach (var (surface, answer) in await Task.WhenAll(http.All.Select(async one => (one.Key, await one.Value(fetch))).Append(PanelsAsync())))
                told.Note(surface, answer);
            if (fetch % perExport == 0)
                told.Note("export", fetch / perExport % 2 == 0 ? http.Csv(await File.ReadAllTextAsync(await day.ExportAsync("cell", "csv"), TestContext.Current.CancellationToken)) : http.Parquet(await day.ExportAsync("cell", "parquet")));
        }

        Assert.Empty(told.Faults());
        Assert.Equal((511, 7 * 19, 7), (told.Points("cell"), told.Points("PT1H"), told.Points("P1D")));
        Assert.Equal(9, told.Fetches.Count);
        Assert.All(told.Fetches, surface => Assert.Equal(surface.Key == "export" ? fetches / perExport : fetches, surface.Value.Count));
        // Open data has hours alone; page, file and panels are asked for cells, the panels for the 20 highest hours of each series as well, which are 18 without the night, and of which some are not shown.
        foreach (var (surface, points) in ((string, int)[])[("API, JSON", 651), ("API, CSV", 651), ("API, Parquet", 651), ("open data, JSON", 133), ("open data, CSV", 133), ("NGSI-LD", 133), ("page", 511), ("export", 511)])
            Assert.All(told.Fetches[surface], fetched => Assert.Equal(points, fetched));
        Assert.All(told.Fetches["panels"], fetched => Assert.InRange(fetched, 511 + 19, 511 + 7 * 18));
        // No row more, and none that was moved: nothing was drawn.
        Assert.Equal(day.Before, day.Ledger());

        async Task<(string, List<Told>)> PanelsAsync() => ("panels", await panels.FetchAsync());
    }

    [Fact]
    public async Task Each_panel_of_each_dashboard_finds_what_the_hub_wrote()
    {
        var panels = new DashboardPanels(ReplayedHub.Space, ReplayedDay.Start, ReplayedDay.End.AddHours(8));
        var found = new Dictionary<string, bool>();

        // Of some panels not each query has something to say of one day: a weekday of the usual week, a device that was never heard. A month is written when all its days are past retention, and a week earlier there was nothing.
        await Waiting.UntilAsync(
            "every panel finds something but those of months and of an earlier event",
            async () =>
            {
                found.Clear();
                foreach (var (name, query, isHealth) in panels.Queries("ost-nord-in"))
                {
                    var rows = await (isHealth ? day.AskHealthAsync(query) : day.AskInfluxAsync(query));
                    found[name] = found.GetValueOrDefault(name) || rows.Any(row => row.Columns.Any(column => column.Key != "time" && column.Value is not null));
                }

                return found.All(panel => panel.Value == panel.Key is not ("pilot-overview / Months" or $"{Crowd} / {EarlierEvent}"));
            },
            Patience,
            TestContext.Current.CancellationToken);
        Assert.InRange(found.Count, 15, 40);
    }

    [Fact]
    public async Task The_panels_of_a_series_say_of_cells_hours_and_days_what_the_API_says()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var panels = new DashboardPanels(ReplayedHub.Space, ReplayedDay.Start, ReplayedDay.End);
        // The dashboard opens with the event of a week before beside the chosen one.
        var weekLater = new DashboardPanels(ReplayedHub.Space, ReplayedDay.Start.AddDays(7), ReplayedDay.End.AddDays(7));
        foreach (var (series, grid) in Some[..3].SelectMany(_ => (string[])["cell", "PT1H", "P1D"], (series, grid) => (series, grid)))
        {
            var points = await PointsAsync(day.Analyst, series, grid, cancellation);
            var numbers = points.Select(point => (point.Start, point.Value, point.Value - point.Err95, point.Value + point.Err95, (long)(point.End - point.Start).TotalSeconds)).ToList();
            foreach (var (range, title) in ((DashboardPanels, string)[])[(panels, "Published numbers with their error"), (panels, ChosenEvent), (weekLater, EarlierEvent)])
                Assert.Equal(numbers, (await RowsAsync(range, title)).Select(row => (At(row), (long?)row["shown"], (long?)row["low"], (long?)row["high"], (long)row["seconds"]!)));
            Assert.Empty(await RowsAsync(weekLater, ChosenEvent));
            Assert.Equal(points.Where(point => point.Reason is not null).Select(point => (point.Start, point.Reason)), (await RowsAsync(panels, "Why there is no number")).Select(row => (At(row), (string?)row["reason"])));
            Assert.Equal(points.Select(point => (point.Start, (long)point.Coverage.Alive, (long)point.Coverage.Total)), (await RowsAsync(panels, "Sources that were alive")).Select(row => (At(row), (long)row["alive"]!, (long)row["total"]!)));
            if (grid == "PT1H")
            {
                var hours = points.Where(point => point.Value is not null && point.End - point.Start == TimeSpan.FromHours(1));
                Assert.Equal(hours.Select(point => (point.Start, point.Value, point.Err95)), (await RowsAsync(panels, "Peaks: the 20 highest hours")).Select(row => (At(row), (long?)row["number"], (long)row["err95"]!)));
            }

            Task<IReadOnlyList<InfluxRow>> RowsAsync(DashboardPanels range, string title) => day.AskInfluxAsync(range.Query(Crowd, title, series, grid));
        }
    }

    [Theory]
    [InlineData("west-sued-in")]
    [InlineData("ost-nord-in")]
    public async Task The_panels_of_the_usual_week_say_what_the_API_says(string series)
    {
        var cancellation = TestContext.Current.CancellationToken;
        string[] weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        var panels = new DashboardPanels(ReplayedHub.Space, ReplayedDay.Start, ReplayedDay.End.AddHours(8));
        // Twelve weeks before the midnight at the end of the day.
        var week = (await day.Analyst.GetFromJsonAsync<WeekProfile>($"api/history/{ReplayedHub.Space}/{series}/week?{Range(ReplayedDay.End.AddDays(-84), ReplayedDay.End)}", cancellation))!;
        var hours = week.Hours.Where(hour => hour.Hours + hour.HoursMissing > 0)
            .Select(hour => (weekdays[hour.Hour / 24], $"{hour.Hour % 24:00}", ReplayedDay.End, hour.Mean, hour.Err95, (long)hour.Hours, (long)hour.HoursMissing, (long)hour.Minutes!, hour.Reason)).ToList();
        Assert.Equal(2 * 19, hours.Count);
        IReadOnlyList<InfluxRow> rows = [];
        await Waiting.UntilAsync("the usual week is written", async () => (rows = await day.AskInfluxAsync(panels.Query(Crowd, "Usual week: error and hours behind each mean", series))).Count == hours.Count, Patience, cancellation);
        Assert.Equal(
            hours.Order(),
            rows.Select(row => ((string)row["weekday"]!, (string)row["hour"]!, At(row), Fraction(row["value"]), Fraction(row["err95"]), (long)row["hours"]!, (long)row["missing"]!, (long)row["minutes"]!, (string?)row["reason"])).Order());
        foreach (var (column, weekday) in weekdays.Index())
        {
            rows = await day.AskInfluxAsync(panels.Query(Crowd, "Usual week: mean per hour, by hour and weekday", series, reference: $"{(char)('A' + column)}"));
            Assert.Equal(hours.Where(hour => hour.Item1 == weekday).Select(hour => (hour.Item2, hour.Mean)), rows.Select(row => ((string)row["hour"]!, Fraction(row[weekday]))).Order());
        }
    }

    [Fact]
    public async Task The_overview_of_the_pilot_says_what_the_API_says_of_the_day()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var panels = new DashboardPanels(ReplayedHub.Space, ReplayedDay.Start, ReplayedDay.End);
        var days = new List<(string Series, Point Day)>();
        foreach (var series in day.Before.Select(row => row.Series).Distinct().Order(StringComparer.Ordinal))
            days.Add((series, Assert.Single(await PointsAsync(day.Analyst, series, "P1D", cancellation))));
        Assert.Equal(16, days.Count);
        Assert.Equal(
            days.Select(one => (ReplayedHub.Space, one.Series, "flow", "2024-01-21", one.Day.Value, one.Day.Reason, one.Day.Err95, (long)one.Day.Coverage.CellsReleased, (long)one.Day.Coverage.Cells, (long)one.Day.Coverage.Alive, (long)one.Day.Coverage.Total)),
            (await RowsAsync("Newest published day of each series")).Select(row => ((string)row["space"]!, (string)row["series"]!, (string)row["kind"]!, (string)row["localDay"]!, (long?)row["value"], (string?)row["reason"], (long)row["err95"]!, (long)row["cellsReleased"]!, (long)row["cells"]!, (long)row["alive"]!, (long)row["total"]!)));
        Assert.Equal(days.Where(one => one.Day.Value is not null).Select(one => (one.Series, one.Day.Start, one.Day.Value)), (await RowsAsync("Published days of the chosen space")).Select(row => ((string)row["series"]!, At(row), (long?)row["value"])));
        Assert.Equal(days.Where(one => one.Day.Reason is not null).Select(one => (one.Series, one.Day.Start, one.Day.Reason)), (await RowsAsync("Days without a number")).Select(row => ((string)row["series"]!, At(row), (string?)row["reason"])));

        async Task<IEnumerable<InfluxRow>> RowsAsync(string title) => (await day.AskInfluxAsync(panels.Query("pilot-overview", title))).OrderBy(row => (string)row["series"]!, StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_panels_of_equipment_say_what_the_API_says_of_each_device()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (from, to) = (ReplayedDay.Start, ReplayedDay.End.AddHours(8));
        var panels = new DashboardPanels(ReplayedHub.Space, from, to);
        var known = new Dictionary<(string Device, DateTimeOffset At), (string?, long?, double?, double?)>();
        IReadOnlyList<InfluxRow> states = [];
        HashSet<(string Device, DateTimeOffset At)> newest = [];

        // A replay passes hours in a second, so that each copy misses instants that the other has. The newest stays until it is written.
        await Waiting.UntilAsync("both have the newest of each device, and the battery of one", BothAsync, Patience, cancellation);
        var both = states.Where(row => known.ContainsKey(Key(row))).ToList();
        Assert.Equal(both.Select(row => known[Key(row)].Item1), both.Select(row => (string?)row["state"]));
        foreach (var (title, column) in ((string, string)[])[("Silence: time since the last sign of life", "silentSeconds"), ("Battery", "batteryPercent"), ("Temperature", "temperatureC")])
        {
            var rows = await RowsAsync(title);
            Assert.Equal(states.Select(Key), rows.Select(Key));
            rows = [.. rows.Where(row => known.ContainsKey(Key(row)))];
            Assert.Equal(rows.Select(row => known[Key(row)]).Select(one => column switch { "silentSeconds" => one.Item2, "batteryPercent" => one.Item3, _ => one.Item4 }), rows.Select(row => Fraction(row[column])));
        }

        Assert.Equal(
            newest.Select(key => (key.Device, key.At, known[key])).Order(),
            (await RowsAsync("Each device now")).Select(row => (Key(row).Device, Key(row).At, ((string?)row["state"], (long?)row["silentSeconds"], Fraction(row["batteryPercent"]), Fraction(row["temperatureC"])))).Order());
        foreach (var (reference, state, column) in ((string, string, string)[])[("A", "ok", "ok at"), ("B", "silent", "silent at"), ("C", "never-heard", "never heard at")])
        {
            var counted = states.Where(row => (string)row["state"]! == state).GroupBy(row => (string)row["device"]!).Select(device => (device.Key, device.LongCount()));
            Assert.Equal(counted, (await RowsAsync("Availability: instants at which a device was heard", reference)).Select(row => ((string)row["device"]!, (long)row[column]!)));
        }

        async Task<bool> BothAsync()
        {
            known.Clear();
            foreach (var device in day.Before.Select(row => row.Series[..row.Series.LastIndexOf('-')]).Distinct())
            {
                var history = await day.Technician.GetFromJsonAsync<JsonElement>($"api/history/devices/{device}?{Range(from, to)}", cancellation);
                foreach (var one in history.GetProperty("health").Deserialize<List<Health>>(JsonSerializerOptions.Web)!)
                    known.Add((device, one.At), (one.State, one.SilentSeconds, Value(one, "batteryPercent"), Value(one, "temperatureC")));
            }

            states = await RowsAsync("State timeline: one box for each instant");
            newest = [.. known.Keys.GroupBy(key => key.Device).Select(device => device.MaxBy(key => key.At))];
            return newest.Count == 8 && newest.Any(key => known[key] is (_, _, 61.5, -3)) && newest.SetEquals(states.Select(Key).GroupBy(key => key.Device).Select(device => device.MaxBy(key => key.At)));
        }

        Task<IReadOnlyList<InfluxRow>> RowsAsync(string title, string reference = "A") => day.AskHealthAsync(panels.Query("equipment-health", title, reference: reference));

        static (string Device, DateTimeOffset At) Key(InfluxRow row) => ((string)row["device"]!, At(row));

        static double? Value(Health health, string name) => health.Values.TryGetValue(name, out var value) ? value : null;
    }

    [Fact]
    public async Task With_InfluxQL_and_a_secret_for_reading_nothing_is_learnt_of_live_numbers_or_equipment()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var attack = new ReaderAttack(day.AskInfluxAsync);
        var points = await attack.PointsAsync();
        foreach (var (measurement, rows) in points)
            Assert.All(rows, row => Assert.Subset(ReaderAttack.Documented[measurement].ToHashSet(), row.Columns.Keys.ToHashSet()));

        // What is there is what an analyst is shown, to the last point; of what is not shown there is no number.
        string[] all = [.. day.Before.Select(row => row.Series).Distinct()];
        using var http = new HttpSurfaces(day.Analyst, day.Anyone, ReplayedHub.Space, all, ReplayedDay.Start, ReplayedDay.End, new DateOnly(2024, 1, 21));
        var released = points["crowd"].Where(row => (long)row["time"]! >= ReplayedDay.Start.ToUnixTimeMilliseconds() && (long)row["time"]! < ReplayedDay.End.ToUnixTimeMilliseconds());
        var read = released.Select(row => Told.Of((string)row["series"]!, (string)row["grid"]!, DateTimeOffset.FromUnixTimeMilliseconds((long)row["time"]!), (long?)row["value"], (string?)row["reason"], (long)row["err95"]!)).ToHashSet();
        var shown = (await http.All["API, CSV"](0)).ToHashSet();
        Assert.Empty(shown.Except(read));
        Assert.Empty(read.Except(shown));

        // People pass now: the control room sees it, and nothing that this secret reads is another.
        var before = await attack.EverythingAsync();
        await day.PassAsync(4_861, cancellation);
        Assert.Equal(before, await attack.EverythingAsync());
        Assert.Empty(await attack.GivenAwayAsync());
    }

    private static async Task<List<Point>> PointsAsync(HttpClient client, string series, string grid, CancellationToken cancellation, string more = "")
    {
        var route = string.Create(CultureInfo.InvariantCulture, $"api/history/{ReplayedHub.Space}/{series}?{Range(ReplayedDay.Start, ReplayedDay.End)}&grid={grid}{more}");
        using var answer = await client.GetAsync(new Uri(route, UriKind.Relative), cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(cancellation));
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync(cancellation));
        return [.. json.RootElement.GetProperty("points").EnumerateArray().Select(point => new Point(
            point.GetProperty("start").GetDateTimeOffset(),
            point.GetProperty("end").GetDateTimeOffset(),
            point.GetProperty("value") is { ValueKind: JsonValueKind.Number } value ? value.GetInt64() : null,
            point.GetProperty("reason").GetString(),
            point.GetProperty("err95").GetInt64(),
            point.GetProperty("coverage").Deserialize<HistoryCoverage>(JsonSerializerOptions.Web)!,
            point.TryGetProperty("noise", out var noise) && noise.GetProperty("noisy") is { ValueKind: JsonValueKind.Number } noisy ? noisy.GetInt64() : null))];
    }

    private static string Range(DateTimeOffset from, DateTimeOffset to) => string.Create(CultureInfo.InvariantCulture, $"from={from.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&to={to.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");

    private static DateTimeOffset At(InfluxRow row) => DateTimeOffset.FromUnixTimeMilliseconds((long)row["time"]!);

    // A whole number of a field with fractions comes without one.
    private static double? Fraction(object? value) => value is null ? null : Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private sealed record Point(DateTimeOffset Start, DateTimeOffset End, long? Value, string? Reason, long Err95, HistoryCoverage Coverage, long? Noisy);

    private sealed record Health(DateTimeOffset At, string State, long? SilentSeconds, IReadOnlyDictionary<string, double> Values);
}

using System.Globalization;
using System.Text.Json;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.History;

/// <summary>The way of a count through the whole hub: over MQTT into a cell, with noise into the ledger, copied to the history, read wherever it can be read. The same number everywhere, for ever.</summary>
public sealed class ReleasedHistoryTests(ReplayedDay day) : IClassFixture<ReplayedDay>
{
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
        var panels = new DashboardPanels(ReplayedHub.Space, "ost-nord-in", ReplayedDay.Start, ReplayedDay.End.AddHours(8));
        var found = new Dictionary<string, bool>();

        // Of some panels not each query has something to say of one day: a weekday of the usual week, a device that was never heard. A month is written when all its days are past retention.
        await Waiting.UntilAsync(
            "every panel finds something but that of months",
            async () =>
            {
                found.Clear();
                foreach (var (name, query, isHealth) in panels.Queries())
                {
                    var rows = await (isHealth ? day.AskHealthAsync(query) : day.AskInfluxAsync(query));
                    found[name] = found.GetValueOrDefault(name) || rows.Any(row => row.Columns.Any(column => column.Key != "time" && column.Value is not null));
                }

                return found.All(panel => panel.Value != (panel.Key == "pilot-overview / Months"));
            },
            TimeSpan.FromMinutes(1),
            TestContext.Current.CancellationToken);
        Assert.InRange(found.Count, 15, 40);
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
        var route = string.Create(CultureInfo.InvariantCulture, $"api/history/{ReplayedHub.Space}/{series}?from={ReplayedDay.Start.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&to={ReplayedDay.End.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&grid={grid}{more}");
        using var answer = await client.GetAsync(new Uri(route, UriKind.Relative), cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(cancellation));
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync(cancellation));
        return [.. json.RootElement.GetProperty("points").EnumerateArray().Select(point => new Point(
            point.GetProperty("start").GetDateTimeOffset(),
            point.GetProperty("end").GetDateTimeOffset(),
            point.GetProperty("value") is { ValueKind: JsonValueKind.Number } value ? value.GetInt64() : null,
            point.GetProperty("reason").GetString(),
            point.GetProperty("err95").GetInt64(),
            point.TryGetProperty("noise", out var noise) && noise.GetProperty("noisy") is { ValueKind: JsonValueKind.Number } noisy ? noisy.GetInt64() : null))];
    }

    private sealed record Point(DateTimeOffset Start, DateTimeOffset End, long? Value, string? Reason, long Err95, long? Noisy);
}

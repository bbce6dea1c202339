using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.History;

/// <summary>The way of a count through the whole hub: over MQTT into a cell, with noise into the ledger, copied to the history, read over the API. The same number everywhere, for ever.</summary>
public sealed class ReleasedHistoryTests
{
    private static readonly DateTimeOffset Start = new(2024, 1, 20, 23, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = Start.AddHours(24);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A01_A02_Every_surface_says_the_same_number_also_after_a_kill_and_it_is_near_the_true_one()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var truth = Counts(folder.File("counts.csv"), folder.File("outages.csv"));
        var before = await PlayedAsync(folder, cancellation);
        Assert.Equal(before.Count, before.Keys.Distinct().Count());

        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), ReplayedHub.SiteFile, cancellation, "--clock", "replay");
        using var analyst = await SignedInAsync(hub, "analyst", cancellation);
        using var officer = await SignedInAsync(hub, "dpo", cancellation);
        var (inside, cells) = (0, 0);
        foreach (var series in (string[])["west-sued-in", "west-sued-out", "ost-nord-in"])
        {
            var quarters = await PointsAsync(analyst, series, "PT15M", cancellation);
            Assert.Equal(73, quarters.Count);
            for (var i = 0; i < 20; i++)
                Assert.Equal(quarters, await PointsAsync(analyst, series, "PT15M", cancellation));
            Assert.Equal(quarters.Select(Text), await CsvAsync(analyst, series, cancellation));

            var noisy = await PointsAsync(officer, series, "PT15M", cancellation, "&noise=true");
            foreach (var (shown, stored) in quarters.Zip(noisy))
            {
                // Out of the ledger itself, as it stood before the kill.
                var released = before[(series, shown.Start)];
                Assert.Equal((released.Value, shown.End, shown.Reason), (stored.Noisy, released.To, stored.Reason));
                Assert.Equal(released.Value is null ? "no-data" : released.Value < 38 ? "suppressed" : null, shown.Reason);
                Assert.Equal(shown.Reason is null ? released.Value : null, shown.Value);
                if (released.Value is not { } value)
                    continue;
                var off = Math.Abs(value - truth.GetValueOrDefault((series, shown.Start)));
                cells++;
                inside += off <= shown.Err95 ? 1 : 0;

                // Beyond it noise of this size falls once in 10^10 cells.
                Assert.True(off <= 184, $"{series} {shown.Start:O} is off by {off}");
            }

            foreach (var sum in (await PointsAsync(officer, series, "PT1H", cancellation, "&noise=true")).Concat(await PointsAsync(officer, series, "P1D", cancellation, "&noise=true")))
            {
                var parts = noisy.Where(part => part.Start >= sum.Start && part.End <= sum.End).ToList();
                Assert.Equal(parts.Any(part => part.Noisy is null) ? "no-data" : null, sum.Reason == "suppressed" ? null : sum.Reason);
                Assert.Equal(parts.Sum(part => part.Noisy ?? 0), sum.Noisy ?? 0);
            }
        }

        // With 95 % inside, fewer than this of so many cells are seen less than once in 10^10 runs (exact binomial tail for 190 to 219 cells at 0.95).
        Assert.InRange(cells, 190, 219);
        Assert.True(inside >= cells * 0.80, $"{inside} of {cells} within err95");
        Assert.Contains(await PointsAsync(analyst, "west-sued-in", "PT15M", cancellation), point => point is { Value: > 700 });
        Assert.Contains(await PointsAsync(analyst, "ost-nord-in", "PT15M", cancellation), point => point is { Reason: "no-data", Value: null });
    }

    // West-Sued has a surge; Ost-Nord is away for two hours.
    private static Dictionary<(string Series, DateTimeOffset From), long> Counts(string counts, string outages)
    {
        var (truth, lines, random) = (new Dictionary<(string, DateTimeOffset), long>(), new List<string> { "time_utc,sensor_id,in,out" }, new Random(11));
        for (var at = Start; at < End; at += TimeSpan.FromMinutes(5))
        {
            foreach (var sensor in (string[])["ost-nord", "west-sued"])
            {
                if (sensor == "ost-nord" && at >= Start.AddHours(10) && at < Start.AddHours(12))
                    continue;
                var surge = sensor == "west-sued" && at >= Start.AddHours(18) && at < Start.AddHours(18.5) ? 400 : 0;
                var (passagesIn, passagesOut) = (surge + random.Next(40), random.Next(40));
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ},{sensor},{passagesIn},{passagesOut}"));
                var cell = at < Start.AddHours(6) ? Start : new DateTimeOffset(at.UtcTicks / TimeSpan.FromMinutes(15).Ticks * TimeSpan.FromMinutes(15).Ticks, TimeSpan.Zero);
                truth[($"{sensor}-in", cell)] = truth.GetValueOrDefault(($"{sensor}-in", cell)) + passagesIn;
                truth[($"{sensor}-out", cell)] = truth.GetValueOrDefault(($"{sensor}-out", cell)) + passagesOut;
            }
        }

        File.WriteAllLines(counts, lines);
        File.WriteAllLines(outages, ["sensor_id,from,to", string.Create(CultureInfo.InvariantCulture, $"ost-nord,{Start.AddHours(10).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ},{Start.AddHours(12).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}")]);
        return truth;
    }

    // Plays the day, waits until it is all copied, and kills the hub.
    private static async Task<Dictionary<(string Series, DateTimeOffset From), (DateTimeOffset To, long? Value)>> PlayedAsync(TemporaryFolder folder, CancellationToken cancellation)
    {
        await using var replayed = await ReplayedHub.StartAsync(folder.File("data"), cancellation);
        var played = await HubCommand.RunAsync(
            ["replay", folder.File("counts.csv"), "--map", ReplayedHub.MapFile, "--speed", "0", "--mqtt", $"127.0.0.1:{replayed.Hub.Ports.Mqtt}", "--user", ReplayedHub.Connection, "--api", replayed.Hub.Address.ToString(), "--outages", folder.File("outages.csv")],
            cancellation,
            new Dictionary<string, string> { ["MONITORING_MQTT_PASSWORD"] = replayed.Secret, ["MONITORING_TOKEN"] = replayed.Token });
        Assert.True(played.ExitCode == 0, played.Errors);
        using (var admin = replayed.Hub.Client())
        {
            admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", replayed.Token);

            // The replay ends at midnight. The last cell is sealed two minutes later, or six hours, and comes out at the next tick.
            foreach (var to in (DateTimeOffset[])[End.AddHours(7), End.AddHours(7).AddMinutes(1)])
            {
                using var body = new StringContent($$"""{"to":"{{to.UtcDateTime:O}}"}""", new MediaTypeHeaderValue("application/json"));
                (await admin.PostAsync("api/clock", body, cancellation)).EnsureSuccessStatusCode();
            }
        }

        using var analyst = await SignedInAsync(replayed.Hub, "analyst", cancellation);
        await Waiting.UntilAsync("the day is copied", async () => (await PointsAsync(analyst, "west-sued-in", "P1D", cancellation)).Count == 1 && (await PointsAsync(analyst, "ost-nord-in", "P1D", cancellation)).Count == 1, Patience, cancellation);
        await replayed.Hub.KillAsync();
        return Ledger(folder);
    }

    private static Dictionary<(string, DateTimeOffset), (DateTimeOffset, long?)> Ledger(TemporaryFolder folder)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder.File("data"), "silo", "releases.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT series, from_ms, to_ms, value FROM release";
        using var row = command.ExecuteReader();
        var found = new Dictionary<(string, DateTimeOffset), (DateTimeOffset, long?)>();
        while (row.Read())
            found.Add((row.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1))), (DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)), row.IsDBNull(3) ? null : row.GetInt64(3)));
        return found;
    }

    private static async Task<HttpClient> SignedInAsync(HubUnderTest hub, string role, CancellationToken cancellation)
    {
        var user = $"{role}-{hub.Ports.Http}";
        await hub.AddUserAsync(user, role, cancellation);
        var client = hub.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await hub.AddTokenAsync(user, "test", cancellation));
        return client;
    }

    private static async Task<List<Point>> PointsAsync(HttpClient client, string series, string grid, CancellationToken cancellation, string more = "")
    {
        using var answer = await client.GetAsync(new Uri(Route(series, grid) + more, UriKind.Relative), cancellation);
        if (answer.StatusCode == System.Net.HttpStatusCode.NotFound)
            return [];
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

    private static async Task<IEnumerable<string>> CsvAsync(HttpClient client, string series, CancellationToken cancellation)
    {
        var lines = (await client.GetStringAsync(new Uri(Route(series, "PT15M") + "&format=csv", UriKind.Relative), cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Skip(1).Select(line => line.Split(',')).Select(fields => $"{fields[4]} {fields[5]} {fields[7]} {fields[8]} {fields[9]}");
    }

    private static string Route(string series, string grid) =>
        string.Create(CultureInfo.InvariantCulture, $"api/history/hardbruecke/{series}?from={Start.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&to={End.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&grid={grid}");

    private static string Text(Point point) =>
        string.Create(CultureInfo.InvariantCulture, $"{point.Start.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} {point.End.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} {point.Value} {point.Reason} {point.Err95}");

    private sealed record Point(DateTimeOffset Start, DateTimeOffset End, long? Value, string? Reason, long Err95, long? Noisy);
}

using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Monitoring.Harness;
using Monitoring.Privacy.Tests;

namespace Monitoring.Faults.Exercises;

/// <summary>Recorded counts through the whole hub into the ledger: each stored number is as far from the truth as was promised, no nearer and no farther; the surge can be seen, and the outage is no zero.</summary>
public sealed class RecordedReleasesTests
{
    private const string Surging = "west-sued-in";
    private const int Surge = 700;

    private static readonly string[] Sensors = ["ost-nord", "ost-sbb", "ost-sued", "ost-vbz", "west-nord", "west-sbb", "west-sued", "west-vbz"];
    private static readonly TimeZoneInfo Zurich = TimeZoneInfo.FindSystemTimeZoneById("Europe/Zurich");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_day_of_our_own_is_stored_as_near_to_the_truth_as_promised()
    {
        using var folder = new TemporaryFolder();
        await PlayAsync(OwnDay(folder), OwnOutage(folder), folder);
    }

    // 64 days with the surges of nine dates in the long form; in the short one the outage with some hours around it, and the hours around the surge three days later.
    [Fact]
    public async Task The_quarter_of_Hardbruecke_is_stored_as_near_to_the_truth_as_promised()
    {
        var file = Repository.Sample("data", "zurich-hardbruecke-2024", "counts.csv");
        Assert.SkipWhen(file is null, $"missing: samples ({Repository.SamplesVariable})");
        using var folder = new TemporaryFolder();
        if (!RunSeed.IsLong)
        {
            var lines = await File.ReadAllLinesAsync(file!, TestContext.Current.CancellationToken);
            file = folder.Write("counts.csv", string.Join('\n', [lines[0], .. Between("2024-03-13T12", "2024-03-14T23"), .. Between("2024-03-17T14", "2024-03-17T17")]));

            IEnumerable<string> Between(string from, string to) => lines.Skip(1).Where(line => string.CompareOrdinal(line, from) >= 0 && string.CompareOrdinal(line, to) < 0);
        }

        await PlayAsync(file!, Path.Combine(Path.GetDirectoryName(ReplayedHub.MapFile)!, "outages.csv"), folder);
    }

    [Fact]
    public void That_rule_is_content_with_noise_of_the_promised_size() => Assert.Empty(Judged((_, count, noise) => count + noise).Complaints);

    [Fact]
    public void That_rule_sees_numbers_without_noise() => Assert.Contains("2000 of 2000 cells", Assert.Single(Judged((_, count, _) => count).Complaints));

    [Fact]
    public void That_rule_sees_noise_that_is_too_large() => Assert.Contains(Judged((_, count, noise) => count + noise * 5 / 4).Complaints, complaint => complaint.Contains("cells are within 24", StringComparison.Ordinal));

    [Fact]
    public void That_rule_sees_a_cell_beyond_the_bound() => Assert.EndsWith("off by 185, more than 184", Assert.Single(Judged((i, count, noise) => count + (i == 7 ? 185 : noise)).Complaints), StringComparison.Ordinal);

    [Fact]
    public void That_rule_sees_an_outage_that_is_stored_as_zero_and_a_zero_that_is_stored_as_an_outage()
    {
        Assert.EndsWith("stored as 3 (no reason), in truth not observed", Assert.Single(Judged((_, count, noise) => count + noise, outage: new StoredCell(3, null, 1_000_000, 8)).Complaints), StringComparison.Ordinal);
        Assert.EndsWith("stored as no number (no-data), in truth 0", Assert.Single(Judged((i, count, noise) => i == 0 ? null : count + noise).Complaints), StringComparison.Ordinal);
    }

    // 2,000 cells whose noise has the promised law as evenly as 2,000 numbers can, and one that was not observed.
    private static NoiseRule Judged(Func<int, long, long, long?> stored, StoredCell? outage = null)
    {
        var law = new Law(1 / 8.0);
        var (truth, found) = (new Dictionary<RecordedCell, long?>(), new Dictionary<RecordedCell, StoredCell>());
        for (var i = 0; i < 2_000; i++)
        {
            var cell = new RecordedCell("gate-in", DateTimeOffset.UnixEpoch.AddMinutes(15 * i));
            long noise = -200;
            while (law.Cdf(noise) < (i + 0.5) / 2_000)
                noise++;
            truth[cell] = i % 50;
            found[cell] = stored(i, i % 50, noise) is { } value ? new StoredCell(value, null, 1_000_000, 8) : new StoredCell(null, "no-data", 1_000_000, 8);
        }

        var away = new RecordedCell("gate-out", DateTimeOffset.UnixEpoch);
        (truth[away], found[away]) = (null, outage ?? new StoredCell(null, "no-data", 1_000_000, 8));
        return NoiseRule.Of(truth, found);
    }

    // A surge in the evening; at noon all are away for two hours, and one later for two intervals, after which no heartbeat may close the gap.
    private static string OwnDay(TemporaryFolder folder)
    {
        var (lines, random) = (new List<string> { "time_utc,sensor_id,in,out" }, new Random(20_240_602));
        for (var at = new DateTimeOffset(2024, 6, 1, 22, 0, 0, TimeSpan.Zero); at < new DateTimeOffset(2024, 6, 2, 22, 0, 0, TimeSpan.Zero); at += TimeSpan.FromMinutes(5))
        {
            foreach (var sensor in Sensors.Where(_ => random.Next(5) > 0))
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ},{sensor},{random.Next(40) + (sensor == "west-sued" && at.UtcDateTime is { Hour: 16, Minute: >= 15 and < 30 } ? 400 : 0)},{random.Next(30)}"));
        }

        return folder.Write("counts.csv", string.Join('\n', lines.Where(line => line.Split('T') is not [_, var time, ..] || string.CompareOrdinal(time, "10:00") < 0 || string.CompareOrdinal(time, "12:00") >= 0)));
    }

    private static string OwnOutage(TemporaryFolder folder) =>
        folder.Write("outages.csv", string.Join('\n', Sensors.Select(sensor => $"{sensor},2024-06-02T10:00:00Z,2024-06-02T12:00:00Z").Prepend("sensor_id,from,to").Append("ost-nord,2024-06-02T14:00:00Z,2024-06-02T14:10:00Z")));

    private static async Task PlayAsync(string counts, string outages, TemporaryFolder folder)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var recorded = RecordedCells.Read(counts, outages, Sensors, Zurich);
        await using var replayed = await ReplayedHub.StartAsync(folder.File("data"), cancellation);
        var played = await HubCommand.RunAsync(
            ["replay", counts, "--map", ReplayedHub.MapFile, "--speed", "0", "--mqtt", $"127.0.0.1:{replayed.Hub.Ports.Mqtt}", "--user", ReplayedHub.Connection, "--api", replayed.Hub.Address.ToString(), "--outages", outages],
            cancellation,
            new Dictionary<string, string> { ["MONITORING_MQTT_PASSWORD"] = replayed.Secret, ["MONITORING_TOKEN"] = replayed.Token });
        Assert.True(played.ExitCode == 0, played.Errors);
        using var admin = new HttpClient { BaseAddress = replayed.Hub.Address };
        admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", replayed.Token);

        // The replay ends at midnight. What nobody vouches for is sealed six hours after its end, and comes out at the next tick.
        foreach (var to in (DateTimeOffset[])[recorded.To.AddHours(6).AddMinutes(2), recorded.To.AddHours(6).AddMinutes(3)])
        {
            using var moved = await admin.PostAsJsonAsync("api/clock", new { to }, cancellation);
            moved.EnsureSuccessStatusCode();
        }

        await Waiting.UntilAsync("all is released", () => Task.FromResult(Stored(folder).Keys.Count(cell => cell.From >= recorded.From) >= recorded.Truth.Count), Patience, cancellation);
        var stored = Stored(folder).ToLookup(cell => cell.Key.From >= recorded.From);

        // Cells of the day before were open when the first reading came, and nobody had vouched for them.
        Assert.All(stored[false], cell => Assert.Equal("no-data", cell.Value.Reason));
        var rule = NoiseRule.Of(recorded.Truth, stored[true].ToDictionary());
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{played.Output.Trim()}; {rule.Cells} cells with a number, {rule.Missing} without; {rule.Within} within {rule.Err95} of the truth ({rule.Share:P3}), expected {rule.From} to {rule.To}; farthest {rule.Farthest}, bound {rule.Bound}"));
        Assert.Empty(rule.Complaints.Take(20));

        await Waiting.UntilAsync("all is copied", async () => (await admin.GetFromJsonAsync<JsonElement>("api/history/copies", cancellation)).EnumerateArray().All(copy => copy.GetProperty("behind").GetInt64() == 0), Patience, cancellation);
        await SeenByAnalystAsync(replayed.Hub, recorded, cancellation);
    }

    // What an analyst sees of it: every surge as a number that stands out, and nothing else that looks like one; what was not observed is said to be so.
    private static async Task SeenByAnalystAsync(HubUnderTest hub, RecordedCells recorded, CancellationToken cancellation)
    {
        await hub.AddUserAsync("reader", "analyst", cancellation);
        using var analyst = hub.Client();
        analyst.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await hub.AddTokenAsync("reader", "test", cancellation));
        var (surges, seen, unobserved) = (0, 0, 0);
        for (var from = recorded.From; from < recorded.To; from += TimeSpan.FromDays(1))
        {
            var answer = await analyst.GetFromJsonAsync<JsonElement>(new Uri(string.Create(CultureInfo.InvariantCulture, $"api/history/{ReplayedHub.Space}/{Surging}?from={from.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&to={from.AddDays(1).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&grid=cell"), UriKind.Relative), cancellation);
            foreach (var point in answer.GetProperty("points").EnumerateArray())
            {
                var start = point.GetProperty("start").GetDateTimeOffset();
                var truth = recorded.Truth[new RecordedCell(Surging, start)];
                long? value = point.GetProperty("value") is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;
                var reason = point.GetProperty("reason").GetString();
                Assert.True(truth is null == reason is "no-data", $"{start:O}: {reason}, in truth {truth}");
                Assert.True(truth is not null || value is null, $"{start:O}: {value} where nothing was observed");
                Assert.True(truth is not > Surge + 184 || value > Surge, $"{start:O}: {value}, in truth a surge of {truth}");
                Assert.True(truth is not < Surge - 184 || value is not >= Surge, $"{start:O}: {value} looks like a surge, in truth {truth}");
                surges += truth > Surge + 184 ? 1 : 0;
                seen += value > Surge ? 1 : 0;
                unobserved += reason is "no-data" ? 1 : 0;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Surging}: {seen} cells stand out, of {surges} surges all; {unobserved} cells were not observed");
        Assert.Equal(surges, recorded.Truth.Count(cell => cell.Key.Series == Surging && cell.Value > Surge + 184));
        Assert.NotEqual(0, surges);
        Assert.NotEqual(0, unobserved);
    }

    private static Dictionary<RecordedCell, StoredCell> Stored(TemporaryFolder folder)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder.File("data"), "silo", "releases.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT series, from_ms, value, reason, epsilon, sensitivity FROM release";
        using var row = command.ExecuteReader();
        var found = new Dictionary<RecordedCell, StoredCell>();
        while (row.Read())
            found.Add(new RecordedCell(row.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1))), new StoredCell(row.IsDBNull(2) ? null : row.GetInt64(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetInt64(4), row.GetInt64(5)));
        return found;
    }
}

using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>What comes twice, in disorder or too late, over real MQTT: before a cell is sealed it counts once, and afterwards not at all; and nobody outside the control room can tell that it came.</summary>
public sealed class RepeatedAndLateTests(SealedSquare square) : IClassFixture<SealedSquare>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A06_What_MQTT_brings_again_counts_once_before_the_commit_and_never_after_it()
    {
        var day = await square.BeginDayAsync();
        string[] messages =
        [
            SealedSquare.Passages(1, day.AddMinutes(3), 100), SealedSquare.Passages(2, day.AddMinutes(5), 100),
            SealedSquare.Passages(3, day.AddMinutes(7), 100), SealedSquare.Passages(4, day.AddMinutes(9), 100),
        ];
        var old = SealedSquare.Passages(5, day.AddDays(-7), 100);

        // In disorder, each three times, with the retain flag too, and one that was retained and never sent without it.
        foreach (var message in (string[])[messages[0], messages[3], messages[2], messages[1], .. messages, .. messages])
        {
            await square.SendAsync(message, retain: true);
            await square.SendAsync(message);
        }

        await square.SendAsync(SealedSquare.Passages(50, day.AddMinutes(10), 100), retain: true);
        await square.SendAsync(old);
        var commit = day + SealedSquare.Quarter + TimeSpan.FromMinutes(2);
        await square.LiveUntilAsync(commit);
        var first = square.Ledger(day, day + SealedSquare.Quarter);
        Assert.Equal(["gate-1-in", "gate-1-out"], first.Select(row => row.Series));
        Assert.InRange(first[0].Value!.Value, 400 - SealedSquare.NoiseMax, 400 + SealedSquare.NoiseMax);
        Assert.InRange(first[1].Value!.Value, -SealedSquare.NoiseMax, SealedSquare.NoiseMax);

        // After the commit, and once more when all of it is seven days old.
        foreach (var instant in (DateTimeOffset[])[commit, day.AddDays(7)])
        {
            await square.MoveAsync(instant);
            await square.LiveUntilAsync(instant + SealedSquare.Quarter);
            foreach (var message in (string[])[.. messages.Reverse(), old, .. messages])
            {
                await square.SendAsync(message);
                await square.SendAsync(message, retain: true);
            }

            await square.LiveUntilAsync(instant + (4 * SealedSquare.Quarter));
            Assert.Equal(first, square.Ledger(day, day + SealedSquare.Quarter));
        }

        // Where the repeats arrived nobody was counted, and each cell has its one draw.
        var rows = square.Ledger(day, day.AddDays(8));
        Assert.Equal(rows.Count, rows.DistinctBy(row => (row.Series, row.From)).Count());
        var numbers = rows.Where(row => row.Value is not null && row.From > day).ToList();
        Assert.InRange(numbers.Count, 8, rows.Count);
        Assert.All(numbers, row => Assert.InRange(row.Value!.Value, -SealedSquare.NoiseMax, SealedSquare.NoiseMax));
    }

    [Fact]
    public async Task A06_A_head_count_that_comes_again_is_one_sample_before_the_commit_and_none_after_it()
    {
        var day = await square.BeginDayAsync();
        string[] messages = [.. Enumerable.Range(0, 15).Select(minute => Heads(day.AddMinutes(minute), 20 + minute))];
        foreach (var message in (string[])[.. messages.Reverse(), .. messages, .. messages])
        {
            await square.SendAsync(message, retain: true, "camera");
            await square.SendAsync(message, device: "camera");
        }

        var commit = day + SealedSquare.Quarter + TimeSpan.FromMinutes(2);
        await square.LiveUntilAsync(commit);
        var first = square.Ledger(day, day + SealedSquare.Quarter, "hall");
        Assert.InRange(Assert.Single(first).Value!.Value, 405 - SealedSquare.NoiseMax, 405 + SealedSquare.NoiseMax);
        foreach (var instant in (DateTimeOffset[])[commit, day.AddDays(7)])
        {
            await square.MoveAsync(instant);
            foreach (var message in messages)
                await square.SendAsync(message, device: "camera");
            await square.SendAsync(Heads(day.AddMinutes(7).AddSeconds(30), 900), device: "camera");
            await square.LiveUntilAsync(instant.AddHours(7));
            Assert.Equal(first, square.Ledger(day, day + SealedSquare.Quarter, "hall"));
        }

        // Where they arrived again no minute has a sample of its own.
        Assert.All(square.Ledger(day + SealedSquare.Quarter, day.AddDays(8), "hall"), row => Assert.Equal((null, "no-data"), (row.Value, row.Reason)));
    }

    [Fact]
    public async Task A11_What_comes_after_the_commit_changes_no_history_and_leaves_no_trace_of_how_much_it_was()
    {
        var day = await square.BeginDayAsync();
        await square.SendAsync(SealedSquare.Passages(1_000, day.AddMinutes(3), 400));
        for (var minute = 0; minute < 15; minute++)
            await square.SendAsync(Heads(day.AddMinutes(minute), 20), device: "camera");
        var commit = day + SealedSquare.Quarter + TimeSpan.FromMinutes(2);
        await square.LiveUntilAsync(commit);
        var first = square.Ledger(day, day + SealedSquare.Quarter);
        Assert.InRange(first[0].Value!.Value, 400 - SealedSquare.NoiseMax, 400 + SealedSquare.NoiseMax);
        var firstHeads = square.Ledger(day, day + SealedSquare.Quarter, "hall");
        Assert.InRange(Assert.Single(firstHeads).Value!.Value, 300 - SealedSquare.NoiseMax, 300 + SealedSquare.NoiseMax);

        var sequence = 1_001L;
        foreach (var after in (TimeSpan[])[TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), TimeSpan.FromHours(7), TimeSpan.FromDays(2)])
        {
            var instant = commit + after;
            await square.MoveAsync(after < TimeSpan.FromDays(1) ? commit : instant - TimeSpan.FromHours(1));
            await square.LiveUntilAsync(instant);

            // A camera speaks on its schedule: that its link is there is known by what is in time.
            await square.SendAsync(Heads(instant, 20), device: "camera");
            await square.CopiedAsync();
            var (seen, known) = (await TracesAsync(day, instant), await ControlRoomAsync());
            foreach (var late in (int[])[1, 40])
            {
                for (var i = 0; i < late; i++)
                {
                    await square.SendAsync(SealedSquare.Passages(sequence++, day.AddMinutes(5).AddSeconds(i), 7));

                    // Older stamps are those of a wrong clock, of which a technician is told: a camera sends them whether or not anybody is there.
                    if (after < TimeSpan.FromDays(1))
                        await square.SendAsync(Heads(day.AddMinutes(5).AddSeconds(late + i), 90), device: "camera");
                }

                // The clock does not go on before they are applied.
                await square.MoveAsync(instant = instant.AddMilliseconds(1));
                Assert.NotEqual(known, known = await ControlRoomAsync());
                var now = await TracesAsync(day, instant);
                Assert.Equal(seen.Keys, now.Keys);
                var differences = seen.Keys.SelectMany(route => Differences(seen[route], now[route]).Select(line => $"{after} late, {late} messages, {route}: {line}")).ToList();
                Assert.True(differences.Count == 0, string.Join('\n', differences));
            }

            Assert.Equal(first, square.Ledger(day, day + SealedSquare.Quarter));
            Assert.Equal(firstHeads, square.Ledger(day, day + SealedSquare.Quarter, "hall"));
        }

        // Nor do they stand in the cells in which they arrived.
        await square.LiveUntilAsync(commit.AddDays(2).AddHours(1));
        var numbers = square.Ledger(day + SealedSquare.Quarter, day.AddDays(3)).Where(row => row.Value is not null).ToList();
        Assert.InRange(numbers.Count, 50, 2 * 3 * 96);
        Assert.All(numbers, row => Assert.InRange(row.Value!.Value, -SealedSquare.NoiseMax, SealedSquare.NoiseMax));
    }

    // Each has a number of its own, by its instant.
    private static string Heads(DateTimeOffset at, int people) => SealedSquare.Heads(at.ToUnixTimeSeconds(), at, people);

    // Everything that anybody outside the control room can fetch, with its headers but for those that say when, and the cookie of a first visit.
    private async Task<SortedDictionary<string, string>> TracesAsync(DateTimeOffset day, DateTimeOffset now)
    {
        var range = SealedSquare.Range(day, day + SealedSquare.Quarter);
        var local = DateOnly.FromDateTime(day.AddHours(1).DateTime);

        // Its day is open data from the next one on; before, it is that of yesterday.
        var days = now > day.AddHours(25) ? $"from={local:yyyy-MM-dd}&to={local:yyyy-MM-dd}&" : "";
        var health = SealedSquare.Range(day, now.AddMinutes(1));

        // A question that is asked anew passes the cache of public answers, which a parameter that means nothing there does not change.
        var fresh = $"offset={now.ToUnixTimeMilliseconds()}";
        (string Role, string Route)[] routes =
        [
            ("", $"open-data/square?{fresh}"), ("", $"open-data/square/level?{fresh}"), ("", $"open-data/square/gate-1-in.json?{days}{fresh}"), ("", $"open-data/square/gate-1-in.csv?{days}{fresh}"),
            ("", $"ngsi-ld/v1/entities?type=CrowdFlowObserved&space=square&limit={100 + now.Millisecond}"), ("", $"api/privacy/square?{fresh}"), ("", $"privacy/square?{fresh}"),
            ("analyst", "api/history/square"), ("analyst", $"api/history/square/gate-1-in?{range}&grid=cell"), ("analyst", $"api/history/square?{range}&grid=cell&format=csv"), ("analyst", $"api/history/square/gate-1-in/week?{SealedSquare.Range(day, day.AddHours(1))}"), ("analyst", $"history?space=square&series=gate-1-in&range=own&{range}&grid=cell"),
            ("dpo", $"api/history/square/gate-1-in?{range}&grid=cell&noise=true"),
            ("technician", "api/devices"), ("technician", "api/devices/counter-1"), ("technician", $"api/history/devices/counter-1?{health}"), ("technician", "api/intake/rejected"),
            ("", $"open-data/hall?{fresh}"), ("", $"open-data/hall/inside-presence.json?{days}{fresh}"), ("", $"api/privacy/hall?{fresh}"), ("", $"privacy/hall?{fresh}"),
            ("analyst", $"api/history/hall/inside-presence?{range}&grid=cell"), ("dpo", $"api/history/hall/inside-presence?{range}&grid=cell&noise=true"),
            ("technician", "api/devices/camera"), ("technician", $"api/history/devices/camera?{health}"),
            ("admin", "api/history/copies"),
        ];
        var traces = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["metrics"] = await MetricsAsync() };
        foreach (var (role, route) in routes)
        {
            using var answer = await square.As(role).GetAsync(new Uri(route, UriKind.Relative), Cancellation);
            var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Date" or "Age" or "Set-Cookie")).Select(header => $"{header.Key}: {string.Join(' ', header.Value)}").Order(StringComparer.Ordinal);
            traces[$"{role} {route.Split('?')[0]} {answer.Content.Headers.ContentType}"] = $"{(int)answer.StatusCode}\n{string.Join('\n', headers)}\n{Shown(await answer.Content.ReadAsStringAsync(Cancellation))}";
        }

        return traces;
    }

    // Of a page what is between its frame and its end, where tokens stand that are new each time.
    private static string Shown(string body) => body.IndexOf("<main", StringComparison.Ordinal) is var begin and >= 0 ? body[begin..body.IndexOf("</main>", StringComparison.Ordinal)] : body;

    private static IEnumerable<string> Differences(string before, string after)
    {
        var (one, other) = (before.Split('\n'), after.Split('\n'));
        return one.Except(other).Select(line => $"no longer {line}").Concat(other.Except(one).Select(line => $"now {line}")).Concat(one.Length == other.Length ? [] : ["more or fewer lines"]);
    }

    // But for the slowest write of the quarter, which says how the disk is.
    private async Task<string> MetricsAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "metrics");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Combine(square.Hub.Data, "metrics-token"), Cancellation)).Trim());
        using var answer = await square.As().SendAsync(request, Cancellation);
        Assert.True(answer.IsSuccessStatusCode);
        var lines = (await answer.Content.ReadAsStringAsync(Cancellation)).Split('\n').Where(line => line.StartsWith("monitoring_", StringComparison.Ordinal) && !line.Contains("slowest_commit", StringComparison.Ordinal));
        return new StringBuilder().AppendJoin('\n', lines).ToString();
    }

    private async Task<string> ControlRoomAsync()
    {
        var space = await square.As("operator").GetFromJsonAsync<JsonElement>("api/spaces/square", Cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"{space.GetProperty("lines")}");
    }
}

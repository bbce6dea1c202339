using System.Globalization;
using System.Text.Json.Nodes;
using Monitoring.Domain.Spaces;
using Monitoring.Harness;

namespace Monitoring.Faults.Exercises;

/// <summary>All points of a city as its copies have them.</summary>
internal static class CityCopies
{
    /// <summary>What the data protection officer gets from DuckDB, with the noisy sum of each point.</summary>
    public static async Task<Dictionary<CopiedKey, (CopiedPoint Point, long? Noisy)>> DuckDbAsync(HttpClient officer, Site site, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var points = new Dictionary<CopiedKey, (CopiedPoint, long?)>();
        foreach (var space in site.Spaces)
        {
            foreach (var grid in (string[])["cell", "PT1H", "P1D", "P1M"])
            {
                var route = string.Create(CultureInfo.InvariantCulture, $"api/history/{space.Id}?from={from.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&to={to.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&grid={grid}&format=csv&noise=true");
                using var answer = await officer.GetAsync(new Uri(route, UriKind.Relative), cancellation);
                Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(cancellation));
                foreach (var (key, point, noisy) in CopiedPoint.OfCsv(await answer.Content.ReadAsStringAsync(cancellation)))
                    points.Add(key, (point, noisy));
            }
        }

        return points;
    }

    /// <summary>What InfluxDB has.</summary>
    public static async Task<Dictionary<CopiedKey, CopiedPoint>> InfluxDbAsync(InfluxServer influx, Site site, CancellationToken cancellation)
    {
        var points = new Dictionary<CopiedKey, CopiedPoint>();
        foreach (var space in site.Spaces)
        {
            foreach (var row in await influx.QueryAsync($"SELECT * FROM crowd WHERE space = '{space.Id}'", "released", cancellation))
            {
                var (key, point, hourOfWeek) = CopiedPoint.Of(row);
                var local = TimeZoneInfo.ConvertTime(key.From, space.TimeZone);
                Assert.Equal((((int)local.DayOfWeek + 6) % 7 * 24) + local.Hour, hourOfWeek);
                points.Add(key, point);
            }
        }

        return points;
    }

    /// <summary>What the panel of months shows of each space, asked as Grafana asks it.</summary>
    public static async Task<Dictionary<CopiedKey, ShownMonth>> MonthsPanelAsync(InfluxServer influx, Site site, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var dashboard = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "grafana", "analysis", "dashboards", "pilot-overview.json"), cancellation))!;
        var query = ((string)dashboard["panels"]!.AsArray().Single(panel => (string?)panel!["title"] == "Months")!["targets"]![0]!["query"]!)
            .Replace("$timeFilter", string.Create(CultureInfo.InvariantCulture, $"time >= {from.ToUnixTimeMilliseconds()}ms and time <= {to.ToUnixTimeMilliseconds()}ms"), StringComparison.Ordinal);
        var months = new Dictionary<CopiedKey, ShownMonth>();
        foreach (var space in site.Spaces)
        {
            foreach (var row in await influx.QueryAsync(query.Replace("$space", space.Id, StringComparison.Ordinal), "released", cancellation))
                months.Add(new CopiedKey(space.Id, (string)row["series"]!, "P1M", DateTimeOffset.FromUnixTimeMilliseconds((long)row["time"]!)), new ShownMonth((string)row["localDay"]!, (long?)row["value"], (string?)row["reason"], (long)row["err95"]!, (long)row["cells"]!, (long)row["cellsReleased"]!));
        }

        return months;
    }
}

/// <summary>A month as its panel shows it.</summary>
internal sealed record ShownMonth(string FirstDay, long? Value, string? Reason, long Err95, long Cells, long CellsReleased);

/// <summary>What a point is known by in both copies.</summary>
internal readonly record struct CopiedKey(string Space, string Series, string Grid, DateTimeOffset From);

/// <summary>A point as it was read from a copy.</summary>
internal sealed record CopiedPoint(DateTimeOffset To, string Kind, string LocalDay, long? Value, string? Reason, long Err95, long Alive, long Total, bool Unconfirmed, long Cells, long CellsReleased, long Terms)
{
    /// <summary>Points of a file with noisy sums, as the data protection officer gets it from DuckDB.</summary>
    public static IEnumerable<(CopiedKey Key, CopiedPoint Point, long? Noisy)> OfCsv(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Skip(1))
        {
            var field = line.Split(',');
            yield return (
                new CopiedKey(field[0], field[1], field[3], Instant(field[4])),
                new CopiedPoint(Instant(field[5]), field[2], field[6], Number(field[7]), field[8].Length == 0 ? null : field[8], Number(field[9])!.Value, Number(field[10])!.Value, Number(field[11])!.Value, field[12] == "true", Number(field[13])!.Value, Number(field[14])!.Value, Number(field[15])!.Value),
                Number(field[16]));
        }
    }

    /// <summary>A point of InfluxDB, and the hour of the week that stands beside it there.</summary>
    public static (CopiedKey Key, CopiedPoint Point, long HourOfWeek) Of(InfluxRow row)
    {
        var from = DateTimeOffset.FromUnixTimeMilliseconds((long)row["time"]!);
        return (
            new CopiedKey((string)row["space"]!, (string)row["series"]!, (string)row["grid"]!, from),
            new CopiedPoint(from.AddSeconds((long)row["seconds"]!), (string)row["kind"]!, (string)row["localDay"]!, (long?)row["value"], (string?)row["reason"], (long)row["err95"]!, (long)row["alive"]!, (long)row["total"]!, (long)row["unconfirmed"]! == 1, (long)row["cells"]!, (long)row["cellsReleased"]!, (long)row["terms"]!),
            (long)row["hourOfWeek"]!);
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static long? Number(string text) => text.Length == 0 ? null : long.Parse(text, CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using Monitoring.Dashboard.History;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.History;

/// <summary>Everything that gives released numbers over HTTP, for one space and day, read back into what it says.</summary>
internal sealed partial class HttpSurfaces(HttpClient analyst, HttpClient anyone, string space, IReadOnlyCollection<string> series, DateTimeOffset from, DateTimeOffset to, DateOnly day) : IDisposable
{
    private static readonly string[] Grids = ["cell", "PT1H", "P1D"];

    private readonly TemporaryFolder _folder = new();

    private string Range => string.Create(CultureInfo.InvariantCulture, $"from={from.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&to={to.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");

    /// <summary>Surfaces by name. Each takes the number of the fetch: a cache must not stand for what is behind it, so that public questions differ in what does not matter.</summary>
    public IReadOnlyDictionary<string, Func<int, Task<List<Told>>>> All => new Dictionary<string, Func<int, Task<List<Told>>>>
    {
        ["API, JSON"] = _ => JsonAsync(),
        ["API, CSV"] = _ => FilesAsync("csv", CsvAsync),
        ["API, Parquet"] = _ => FilesAsync("parquet", ParquetAsync),
        ["open data, JSON"] = OpenJsonAsync,
        ["open data, CSV"] = OpenCsvAsync,
        ["NGSI-LD"] = NgsiAsync,
        ["page"] = _ => PageAsync(),
    };

    public void Dispose() => _folder.Dispose();

    /// <summary>Reads a CSV file.</summary>
    public List<Told> Csv(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Split(',')).ToList();
        int At(string column) => Array.IndexOf(lines[0], column);
        return [.. lines.Skip(1).Where(line => series.Contains(line[At("series")])).Select(line => Told.Of(line[At("series")], line[At("grid")], Instant(line[At("from")]), line[At("value")] is { Length: > 0 } value ? Number(value) : null, line[At("reason")], Number(line[At("err95")])))];
    }

    /// <summary>Reads a Parquet file, by an engine that knows nothing of the history.</summary>
    public List<Told> Parquet(string path)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A file of the test's own.
        command.CommandText = $"""SELECT series, grid, epoch_ms("from"), value, reason, err95 FROM read_parquet('{path}')""";
#pragma warning restore CA2100
        using var row = command.ExecuteReader();
        var told = new List<Told>();
        while (row.Read())
        {
            if (series.Contains(row.GetString(0)))
                told.Add(Told.Of(row.GetString(0), row.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)), row.IsDBNull(3) ? null : row.GetInt64(3), row.IsDBNull(4) ? null : row.GetString(4), row.GetInt64(5)));
        }

        return told;
    }

    private async Task<List<Told>> JsonAsync()
    {
        var told = new List<Told>();
        foreach (var one in series)
        {
            foreach (var grid in Grids)
                told.AddRange(Rows(await GetAsync(analyst, $"api/history/{space}/{one}?{Range}&grid={grid}"), one, grid));
        }

        return told;
    }

    private async Task<List<Told>> FilesAsync(string format, Func<HttpResponseMessage, Task<List<Told>>> read)
    {
        var told = new List<Told>();
        foreach (var grid in Grids)
        {
            using var answer = await analyst.GetAsync(new Uri($"api/history/{space}?{Range}&grid={grid}&format={format}", UriKind.Relative));
            Assert.True(answer.IsSuccessStatusCode, $"{format}: {answer.StatusCode}");
            told.AddRange(await read(answer));
        }

        return told;
    }

    private async Task<List<Told>> CsvAsync(HttpResponseMessage answer) => Csv(await answer.Content.ReadAsStringAsync());

    private async Task<List<Told>> ParquetAsync(HttpResponseMessage answer) => Parquet(_folder.Write("fetched.parquet", await answer.Content.ReadAsByteArrayAsync()));

    private async Task<List<Told>> OpenJsonAsync(int fetch)
    {
        var told = new List<Told>();
        foreach (var one in series)
            told.AddRange(Rows(await GetAsync(anyone, $"open-data/{space}/{one}.json?{Days(fetch)}"), one, "PT1H"));
        return told;
    }

    private async Task<List<Told>> OpenCsvAsync(int fetch)
    {
        var told = new List<Told>();
        foreach (var one in series)
            told.AddRange(Csv(await anyone.GetStringAsync($"open-data/{space}/{one}.csv?{Days(fetch)}")));
        return told;
    }

    private async Task<List<Told>> NgsiAsync(int fetch)
    {
        var entities = await GetAsync(anyone, $"ngsi-ld/v1/entities?type=CrowdFlowObserved&space={space}&options=keyValues&limit={1_000 - (fetch % 500)}");
        return [.. entities.EnumerateArray().Select(Entity).Where(told => series.Contains(told.Series))];
    }

    private static Told Entity(JsonElement entity)
    {
        var words = entity.GetProperty("description").GetString()!;
        var error = WithinWords().Match(words);
        return Told.Of(
            entity.GetProperty("id").GetString()!.Split(':')[^2],
            "PT1H",
            entity.GetProperty("dateObservedFrom").GetDateTimeOffset(),
            entity.TryGetProperty("peopleCount", out var people) ? people.GetInt64() : null,
            ReasonWords().Match(words).Groups[1].Value,
            error.Success ? Number(error.Groups[1].Value) : null);
    }

    private async Task<List<Told>> PageAsync()
    {
        var told = new List<Told>();
        foreach (var one in series)
        {
            var rows = PageRow().Matches(await analyst.GetStringAsync($"history?space={space}&series={one}&range=own&{Range}&grid=cell"));
            told.AddRange(rows.Select(row => PageTold(one, "cell", row.Value)));
        }

        return told;
    }

    // The number is there for the chart, and once more for the eye.
    private static Told PageTold(string series, string grid, string row)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(Number(Attribute("from"))!.Value);
        if (Attribute("value") is not { Length: > 0 } value)
        {
            Assert.Contains(HistoryWords.Word(Attribute("reason")), row, StringComparison.Ordinal);
            return Told.Of(series, grid, at, null, Attribute("reason"), null);
        }

        Assert.Contains($"<b>{HistoryWords.Number(Number(value)!.Value)}</b>", System.Net.WebUtility.HtmlDecode(row), StringComparison.Ordinal);
        return Told.Of(series, grid, at, Number(value), null, Number(Attribute("err")));

        string Attribute(string name) => Regex.Match(row, $" data-{name}=\"([^\"]*)\"").Groups[1].Value;
    }

    private static IEnumerable<Told> Rows(JsonElement answer, string series, string grid) => answer.GetProperty("points").EnumerateArray().Select(point => Told.Of(
        series,
        grid,
        point.GetProperty("start").GetDateTimeOffset(),
        point.GetProperty("value") is { ValueKind: JsonValueKind.Number } value ? value.GetInt64() : null,
        point.GetProperty("reason").GetString(),
        point.GetProperty("err95").GetInt64()));

    private string Days(int fetch) => $"from={day:yyyy-MM-dd}&to={day:yyyy-MM-dd}&offset={fetch}";

    private static async Task<JsonElement> GetAsync(HttpClient client, string route)
    {
        using var answer = await client.GetAsync(new Uri(route, UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{route}: {answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    private static long? Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"within (\d+) of it")]
    private static partial Regex WithinWords();

    [GeneratedRegex(@"No number: ([a-z-]+)\.")]
    private static partial Regex ReasonWords();

    [GeneratedRegex(@"<tr data-from=.*?</tr>", RegexOptions.Singleline)]
    private static partial Regex PageRow();
}

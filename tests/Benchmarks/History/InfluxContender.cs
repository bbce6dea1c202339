using System.Globalization;
using Monitoring.Domain.History;
using Monitoring.History;

namespace Monitoring.Benchmarks.History;

/// <summary>The hub's own adapter, writing to Debian's InfluxDB 1.x over loopback; asked by InfluxQL with the queries of the panels.</summary>
/// <remarks>
/// InfluxQL cannot group by the hour of the week, which is a field, nor does InfluxDB have the noisy sums. So for a profile the published hours are fetched and added up here:
/// what a panel or script would have to do, though its error could not be told.
/// </remarks>
internal sealed class InfluxContender(string folder) : HistoryContender
{
    private const string Database = "released";
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SettledAfter = TimeSpan.FromSeconds(40);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromHours(1) };
    private InfluxProcess? _server;
    private InfluxHistory? _history;

    public override IEnumerable<int> Processes => _server is null ? [] : [_server.Id];

    public override async Task OpenAsync(CancellationToken cancellation)
    {
        _server = await InfluxProcess.StartAsync(folder, cancellation);
        using var made = await _http.PostAsync(new Uri(_server.Url, "query"), new FormUrlEncodedContent([new("q", $"CREATE DATABASE {Database}")]), cancellation);
        made.EnsureSuccessStatusCode();
        var secret = Path.Combine(folder, "secret");
        await File.WriteAllTextAsync(secret, "unused", cancellation);
        var options = new InfluxOptions { Url = _server.Url.ToString(), Version = 1, AnalysisBucket = Database, OperationsBucket = Database, AnalysisTokenFile = secret, OperationsTokenFile = secret, TimeoutSeconds = 300 };
        _history = new InfluxHistory(options, TimeProvider.System, aside => throw new InvalidOperationException($"{aside.Lines} lines were set aside: {aside.Reason}"));
    }

    public override Task AppendAsync(IReadOnlyList<HistoryPoint> points, long cursor, CancellationToken cancellation) => _history!.AppendAsync(points, cursor, cancellation);

    // Until its files have not changed for a while: nothing is left to be put together.
    public override async Task SettleAsync(CancellationToken cancellation)
    {
        var (before, since) = ("", TimeSpan.Zero);
        while (since < SettledAfter)
        {
            await Task.Delay(LookEvery, TimeProvider.System, cancellation);
            var now = string.Join(' ', Directory.EnumerateFiles(folder, "*.tsm", SearchOption.AllDirectories).Select(file => new FileInfo(file)).Select(file => $"{file.FullName} {file.Length}").Order(StringComparer.Ordinal));
            (before, since) = (now, now == before ? since + LookEvery : TimeSpan.Zero);
        }
    }

    public override Task<int> ProfileOfAllAsync(CancellationToken cancellation) => SumAsync("\"grid\" = 'PT1H'", cancellation);

    public override Task<int> ProfileAsync(HistoryRange range, CancellationToken cancellation) => SumAsync(Where(range), cancellation);

    public override async Task<int> ReadAsync(HistoryRange range, CancellationToken cancellation)
    {
        var rows = 0;
        await foreach (var _ in AskAsync($"SELECT \"value\" AS \"shown\", \"value\" - \"err95\" AS \"low\", \"value\" + \"err95\" AS \"high\", \"cells\" FROM \"crowd\" WHERE {Where(range)}", cancellation))
            rows++;
        return rows;
    }

    public override async ValueTask DisposeAsync()
    {
        _history?.Dispose();
        _http.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private static string Where(HistoryRange range) => string.Create(CultureInfo.InvariantCulture,
        $"\"space\" = '{range.Space}' AND \"series\" = '{range.Series}' AND \"grid\" = '{range.Grid.ToName()}' AND time >= {range.From.ToUnixTimeMilliseconds()}ms AND time < {range.To.ToUnixTimeMilliseconds()}ms");

    // Columns of the answer: name, tags, time, value, hourOfWeek.
    private async Task<int> SumAsync(string where, CancellationToken cancellation)
    {
        var sums = new Dictionary<(string Series, int Hour), (long Sum, int Hours, int Missing)>();
        await foreach (var row in AskAsync($"SELECT \"value\", \"hourOfWeek\" FROM \"crowd\" WHERE {where} GROUP BY \"space\", \"series\"", cancellation))
        {
            var end = row.LastIndexOf(',');
            var middle = row.LastIndexOf(',', end - 1);
            var key = (row[..row.LastIndexOf(',', middle - 1)], int.Parse(row.AsSpan(end + 1), CultureInfo.InvariantCulture));
            var (sum, hours, missing) = sums.GetValueOrDefault(key);
            sums[key] = end == middle + 1 ? (sum, hours, missing + 1) : (sum + long.Parse(row.AsSpan(middle + 1, end - middle - 1), CultureInfo.InvariantCulture), hours + 1, missing);
        }

        return sums.Count;
    }

    // In pieces, as comma-separated text: the least that it can send, and nothing is held in memory as a whole.
    private async IAsyncEnumerable<string> AskAsync(string influxQl, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server!.Url, $"query?db={Database}&epoch=ms&chunked=true&chunk_size=50000")) { Content = new FormUrlEncodedContent([new("q", influxQl)]) };
        request.Headers.Accept.ParseAdd("application/csv");
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        answer.EnsureSuccessStatusCode();
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation));
        while (await lines.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("error", StringComparison.Ordinal))
                throw new InvalidOperationException($"InfluxDB does not answer '{influxQl}': {await lines.ReadToEndAsync(cancellation)}");
            if (line.StartsWith("crowd,", StringComparison.Ordinal))
                yield return line;
        }
    }
}

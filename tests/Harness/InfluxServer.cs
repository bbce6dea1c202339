using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Monitoring.Harness;

/// <summary>Debian's InfluxDB 1.x with authentication, a process of the test's own on loopback with its own folder; killed by its id when the test ends.</summary>
public sealed class InfluxServer : IAsyncDisposable
{
    /// <summary>User who may do everything; made at the first start.</summary>
    public const string Admin = "admin";

    private const string Program = "/usr/bin/influxd";
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly ConcurrentQueue<string> _output = new();
    private Process? _process;

    private InfluxServer(int port) => Url = new Uri($"http://127.0.0.1:{port}");

    /// <summary>HTTP address.</summary>
    public Uri Url { get; }

    /// <summary>The admin's password.</summary>
    public string AdminPassword { get; } = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));

    /// <summary>Process id, for measurements.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>Folder of its files, for measurements.</summary>
    public string Data => _folder.Path;

    /// <summary>Starts it with no database and no user but the admin.</summary>
    public static async Task<InfluxServer> StartAsync(CancellationToken cancellation)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var server = new InfluxServer(((IPEndPoint)probe.LocalEndpoint).Port);
        probe.Stop();
        try
        {
            await server.StartAgainAsync(cancellation);
            await server.SendAsync(null, $"CREATE USER {Admin} WITH PASSWORD '{server.AdminPassword}' WITH ALL PRIVILEGES", "", "", cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it on the same folder and port.</summary>
    public async Task StartAgainAsync(CancellationToken cancellation)
    {
        var configuration = _folder.Write("influxdb.conf", Configuration());
        _process = Process.Start(new ProcessStartInfo(Program, ["-config", configuration]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Waiting.UntilAsync("influxd answers", async () => (await PingAsync(cancellation)).IsSuccessStatusCode, StartWithin, cancellation);
    }

    /// <summary>Ends it (SIGKILL); what it acknowledged is there when it is started again.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process)
            return;
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }

    /// <summary>Makes a database.</summary>
    /// <param name="name">Its name: letters, digits, underscores.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="keep">How long it keeps points, as in <c>30d</c>; null for ever.</param>
    public Task CreateDatabaseAsync(string name, CancellationToken cancellation, string? keep = null) =>
        QueryAsync($"CREATE DATABASE \"{name}\"" + (keep is null ? "" : $" WITH DURATION {keep} NAME \"kept\""), "", cancellation);

    /// <summary>Makes a user who may read or write databases.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="password">Its password, without quotes.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="grants">Database, and <c>READ</c>, <c>WRITE</c> or <c>ALL</c>.</param>
    public async Task CreateUserAsync(string name, string password, CancellationToken cancellation, params (string Database, string Privilege)[] grants)
    {
        await QueryAsync($"CREATE USER \"{name}\" WITH PASSWORD '{password}'", "", cancellation);
        foreach (var (database, privilege) in grants)
            await QueryAsync($"GRANT {privilege} ON \"{database}\" TO \"{name}\"", "", cancellation);
    }

    /// <summary>Asks by InfluxQL as the admin.</summary>
    /// <returns>Rows of all statements and series, by column; tags of a <c>GROUP BY</c> are among the columns; <c>time</c> is in milliseconds; what is absent is null.</returns>
    public Task<IReadOnlyList<InfluxRow>> QueryAsync(string influxQl, string database, CancellationToken cancellation) => QueryAsync(influxQl, database, Admin, AdminPassword, cancellation);

    /// <summary>Asks by InfluxQL as a user.</summary>
    /// <exception cref="InfluxRefusedException">It is refused, or fails.</exception>
    public Task<IReadOnlyList<InfluxRow>> QueryAsync(string influxQl, string database, string user, string password, CancellationToken cancellation) =>
        SendAsync(database, influxQl, user, password, cancellation);

    /// <summary>Ends it and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    private async Task<IReadOnlyList<InfluxRow>> SendAsync(string? database, string influxQl, string user, string password, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Url, $"query?epoch=ms&db={Uri.EscapeDataString(database ?? "")}")) { Content = new FormUrlEncodedContent([new("q", influxQl)]) };
        if (user.Length > 0)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        using var response = await _http.SendAsync(request, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        if (!response.IsSuccessStatusCode)
            throw new InfluxRefusedException((int)response.StatusCode, text);
        using var answer = JsonDocument.Parse(text);
        var rows = new List<InfluxRow>();
        foreach (var result in answer.RootElement.GetProperty("results").EnumerateArray())
        {
            if (result.TryGetProperty("error", out var error))
                throw new InfluxRefusedException((int)response.StatusCode, error.GetString()!);
            if (result.TryGetProperty("series", out var series))
                rows.AddRange(series.EnumerateArray().SelectMany(InfluxRow.Of));
        }

        return rows;
    }

    private async Task<HttpResponseMessage> PingAsync(CancellationToken cancellation)
    {
        if (_process!.HasExited)
            throw new InvalidOperationException($"influxd ended with {_process.ExitCode}:{Environment.NewLine}{string.Join(Environment.NewLine, _output)}");
        return await _http.GetAsync(new Uri(Url, "ping"), cancellation);
    }

    private string Configuration() => $"""
        reporting-disabled = true
        bind-address = "127.0.0.1:0"
        [meta]
        dir = "{_folder.Path}/meta"
        logging-enabled = false
        [data]
        dir = "{_folder.Path}/data"
        wal-dir = "{_folder.Path}/wal"
        index-version = "tsi1"
        query-log-enabled = false
        [monitor]
        store-enabled = false
        [subscriber]
        enabled = false
        [continuous_queries]
        enabled = false
        [logging]
        level = "warn"
        [http]
        bind-address = "127.0.0.1:{Url.Port}"
        auth-enabled = true
        pprof-enabled = false
        log-enabled = false
        """;
}

/// <summary>A row of an answer.</summary>
/// <param name="Measurement">The measurement, or what is listed.</param>
/// <param name="Columns">Values by column: <c>long</c>, <c>double</c>, <c>string</c>, <c>bool</c> or null.</param>
public sealed record InfluxRow(string Measurement, IReadOnlyDictionary<string, object?> Columns)
{
    /// <summary>A value; null where it is absent.</summary>
    public object? this[string column] => Columns.GetValueOrDefault(column);

    internal static IEnumerable<InfluxRow> Of(JsonElement series)
    {
        var name = series.TryGetProperty("name", out var measurement) ? measurement.GetString()! : "";
        var tags = series.TryGetProperty("tags", out var grouped) ? grouped.EnumerateObject().ToList() : [];
        var columns = series.GetProperty("columns").EnumerateArray().Select(column => column.GetString()!).ToList();
        foreach (var values in series.TryGetProperty("values", out var found) ? found.EnumerateArray().ToList() : [])
        {
            var row = columns.Zip(values.EnumerateArray(), (column, value) => KeyValuePair.Create(column, Value(value)));
            yield return new InfluxRow(name, row.Concat(tags.Select(tag => KeyValuePair.Create(tag.Name, Value(tag.Value)))).DistinctBy(value => value.Key).ToDictionary());
        }
    }

    private static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? (object)whole : value.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}

/// <summary>InfluxDB refused a query.</summary>
public sealed class InfluxRefusedException(int status, string answer) : Exception($"InfluxDB answered {status}: {answer}")
{
    /// <summary>HTTP status; 200 where a statement failed.</summary>
    public int Status => status;
}

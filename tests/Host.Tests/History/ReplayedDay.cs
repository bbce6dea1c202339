using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.History;

/// <summary>A day that went through the whole hub: over MQTT into cells, with noise into the ledger, copied to the history and to a real InfluxDB. Tests of a class share it.</summary>
public sealed class ReplayedDay : IAsyncLifetime
{
    /// <summary>Midnight of 21 January 2024 in Zürich.</summary>
    public static readonly DateTimeOffset Start = new(2024, 1, 20, 23, 0, 0, TimeSpan.Zero);

    /// <summary>The next midnight.</summary>
    public static readonly DateTimeOffset End = Start.AddHours(24);

    /// <summary>Who may only read the released numbers in InfluxDB.</summary>
    public const string Reader = "grafana";
    private const string HealthReader = "technician";

    private const string Password = "reads-one-database";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly List<HttpClient> _clients = [];
    private ReplayedHub? _replayed;
    private InfluxServer? _influx;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The hub.</summary>
    public HubUnderTest Hub => _replayed!.Hub;

    /// <summary>The true counts by series and start of the cell; what is not here is zero.</summary>
    public IReadOnlyDictionary<(string Series, DateTimeOffset From), long> Truth { get; private set; } = null!;

    /// <summary>The ledger at the end of the day.</summary>
    public IReadOnlyList<LedgerRow> Before { get; private set; } = null!;

    /// <summary>Token of an analyst.</summary>
    public string AnalystToken { get; private set; } = "";

    internal HttpClient Analyst { get; private set; } = null!;

    internal HttpClient Officer { get; private set; } = null!;

    internal HttpClient Technician { get; private set; } = null!;

    internal HttpClient Anyone { get; private set; } = null!;

    private HttpClient Admin { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _influx = await InfluxServer.StartAsync(Cancellation);
        foreach (var (database, writer) in ((string, string)[])[("released", "monitoring-analysis"), ("health", "monitoring-operations")])
        {
            await _influx.CreateDatabaseAsync(database, Cancellation);
            await _influx.CreateUserAsync(writer, Password, Cancellation, (database, "WRITE"));
        }

        await _influx.CreateUserAsync(Reader, Password, Cancellation, ("released", "READ"));
        await _influx.CreateUserAsync(HealthReader, Password, Cancellation, ("health", "READ"));
        Truth = Counts();
        _replayed = await ReplayedHub.StartAsync(_folder.File("data"), Cancellation, Settings());
        AnalystToken = await TokenAsync("analyst");
        (Admin, Analyst, Officer, Technician, Anyone) = (Client(_replayed.Token), Client(AnalystToken), Client(await TokenAsync("dpo")), Client(await TokenAsync("technician")), Client(null));
        await PlayAsync();
        await CopiedAsync();
        Before = Ledger();
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        if (_replayed is not null)
            await _replayed.DisposeAsync();
        if (_influx is not null)
            await _influx.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>All rows of the ledger's file, with what was charged, as they lie there.</summary>
    public IReadOnlyList<LedgerRow> Ledger()
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder.File("data"), "silo", "releases.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT number, seq, series, from_ms, to_ms, value, hash, (SELECT SUM(epsilon) FROM charge) FROM release ORDER BY number";
        using var row = command.ExecuteReader();
        var found = new List<LedgerRow>();
        while (row.Read())
            found.Add(new LedgerRow(row.GetInt64(0), row.GetInt64(1), row.GetString(2), At(row.GetInt64(3)), At(row.GetInt64(4)), row.IsDBNull(5) ? null : row.GetInt64(5), row.GetString(6), row.GetInt64(7)));
        return found;
    }

    /// <summary>Kills hub and InfluxDB, and starts both again.</summary>
    public async Task KillAllAsync()
    {
        await Hub.KillAsync();
        await _influx!.KillAsync();
        await _influx.StartAgainAsync(Cancellation);
        await Hub.StartAgainAsync(Cancellation);
    }

    /// <summary>Makes both copies anew from the ledger.</summary>
    public async Task RebuildAsync()
    {
        Assert.Equal("rebuilt duckdb, influxdb", await Hub.Command(["history", "rebuild"], Cancellation));
    }

    /// <summary>Writes a file with <c>monitoring history export</c>.</summary>
    /// <returns>Its path.</returns>
    public async Task<string> ExportAsync(string grid, string format)
    {
        var file = _folder.File($"export.{format}");
        File.Delete(file);
        var done = await HubCommand.RunAsync(
            ["history", "export", "--space", ReplayedHub.Space, "--from", $"{Start:yyyy-MM-ddTHH:mm:ssZ}", "--to", $"{End:yyyy-MM-ddTHH:mm:ssZ}", "--grid", grid, "--format", format, "--out", file, "--data", Hub.Data],
            Cancellation,
            new Dictionary<string, string> { ["MONITORING_TOKEN"] = AnalystToken });
        Assert.True(done.ExitCode == 0, done.Errors);
        return file;
    }

    /// <summary>Asks InfluxDB as who may only read.</summary>
    public Task<IReadOnlyList<InfluxRow>> AskInfluxAsync(string query) => _influx!.QueryAsync(query, "released", Reader, Password, Cancellation);

    /// <summary>Asks InfluxDB as who may only read how equipment was.</summary>
    public Task<IReadOnlyList<InfluxRow>> AskHealthAsync(string query) => _influx!.QueryAsync(query, "health", HealthReader, Password, Cancellation);

    /// <summary>People cross a line now, in a cell that is open; returns when the control room sees them. No heartbeat: it would seal cells of the hours before.</summary>
    public async Task PassAsync(int people, CancellationToken cancellation)
    {
        using var watch = await Hub.OperatorAsync(cancellation);
        var before = await InAsync();
        var now = End.AddHours(7).AddMinutes(2);
        await using var equipment = await Publisher.ConnectAsync(Hub.Ports.Mqtt, ReplayedHub.Connection, _replayed!.Secret, cancellation);
        await equipment.SendAsync("west-nord", now, "{" + $"\"channel\":\"west-nord\",\"count\":{{\"in\":{people},\"out\":0}}" + "}", cancellation);
        await Waiting.UntilAsync("the control room sees them", async () => await InAsync() == before + people, Patience, cancellation);

        async Task<long> InAsync()
        {
            var space = await watch.GetFromJsonAsync<JsonElement>($"api/spaces/{ReplayedHub.Space}", cancellation);
            return space.GetProperty("lines").EnumerateArray().Single(line => line.GetProperty("id").GetString() == "west-nord").GetProperty("day").GetProperty("in").GetInt64();
        }
    }

    private Dictionary<string, string> Settings()
    {
        var secret = _folder.Write("secret", Password);
        return new()
        {
            ["MONITORING__Silo__History__Influx__Url"] = _influx!.Url.ToString(),
            ["MONITORING__Silo__History__Influx__Version"] = "1",
            ["MONITORING__Silo__History__Influx__AnalysisTokenFile"] = secret,
            ["MONITORING__Silo__History__Influx__OperationsTokenFile"] = secret,
            ["MONITORING__Dashboard__History__PublicRequestsMax"] = "100000",
        };
    }

    // West-Sued has a surge; Ost-Nord is away for two hours.
    private Dictionary<(string Series, DateTimeOffset From), long> Counts()
    {
        var (truth, lines, random) = (new Dictionary<(string, DateTimeOffset), long>(), new List<string> { "time_utc,sensor_id,in,out" }, new Random(RunSeed.Drawn));
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

        File.WriteAllLines(_folder.File("counts.csv"), lines);
        File.WriteAllLines(_folder.File("outages.csv"), ["sensor_id,from,to", string.Create(CultureInfo.InvariantCulture, $"ost-nord,{Start.AddHours(10).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ},{Start.AddHours(12).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}")]);
        return truth;
    }

    private async Task PlayAsync()
    {
        var played = await HubCommand.RunAsync(
            ["replay", _folder.File("counts.csv"), "--map", ReplayedHub.MapFile, "--speed", "0", "--mqtt", $"127.0.0.1:{Hub.Ports.Mqtt}", "--user", ReplayedHub.Connection, "--api", Hub.Address.ToString(), "--outages", _folder.File("outages.csv")],
            Cancellation,
            new Dictionary<string, string> { ["MONITORING_MQTT_PASSWORD"] = _replayed!.Secret, ["MONITORING_TOKEN"] = _replayed.Token });
        Assert.True(played.ExitCode == 0, played.Errors);

        // One counter tells of itself as well.
        await using var equipment = await Publisher.ConnectAsync(Hub.Ports.Mqtt, ReplayedHub.Connection, _replayed.Secret, Cancellation);
        await equipment.SendAsync("west-sued", End, """{"channel":"west-sued","health":{"batteryPercent":61.5,"temperatureC":-3}}""", Cancellation);
        await Waiting.UntilAsync("the counter's battery is known", async () => (await Admin.GetStringAsync("api/devices", Cancellation)).Contains("61.5", StringComparison.Ordinal), Patience, Cancellation);

        // The replay ends at midnight. The last cell is sealed two minutes later, or six hours, and comes out at the next tick.
        foreach (var to in (DateTimeOffset[])[End.AddHours(7), End.AddHours(7).AddMinutes(1)])
            (await Admin.PostAsJsonAsync("api/clock", new { to }, Cancellation)).EnsureSuccessStatusCode();
    }

    private Task CopiedAsync() => Waiting.UntilAsync(
        "the day is copied to both",
        async () => (await Admin.GetFromJsonAsync<JsonElement>("api/history/copies", Cancellation)).EnumerateArray().All(copy => copy.GetProperty("behind").GetInt64() == 0) && (await AskInfluxAsync($"SELECT \"cells\" FROM \"crowd\" WHERE \"grid\" = 'P1D' AND time = {Start.ToUnixTimeMilliseconds()}ms")).Count == 16
            // The usual week of the last midnight comes after those of midnights before, by how the beats fall: a night block and 18 hours of each series, for this day and for the one before it, which has no numbers.
            && (await AskInfluxAsync($"SELECT \"hours\" FROM \"week\" WHERE time = {End.ToUnixTimeMilliseconds()}ms")).Count == 16 * 2 * 19,
        Patience,
        Cancellation);

    private async Task<string> TokenAsync(string role)
    {
        await Hub.AddUserAsync(role, role, Cancellation);
        return await Hub.AddTokenAsync(role, "test", Cancellation);
    }

    private HttpClient Client(string? token)
    {
        var client = new HttpClient { BaseAddress = Hub.Address };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        _clients.Add(client);
        return client;
    }

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}

/// <summary>A row of the ledger, and what was charged by all rows together.</summary>
public sealed record LedgerRow(long Number, long Seq, string Series, DateTimeOffset From, DateTimeOffset To, long? Value, string Hash, long Charged);

using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>A hub on the replay clock with a square that has one counter and a hall that has one camera, which release quarter-hours with little noise: off by 9 or more once in 10^10 numbers. Tests of a class share it; each begins a day of its own.</summary>
public sealed class SealedSquare : IAsyncLifetime
{
    /// <summary>A number is never off by more.</summary>
    public const long NoiseMax = 8;

    /// <summary>Length of a cell, and the interval of the counter.</summary>
    public static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    private const string Hall = """
          - id: hall
            name: Hall
            city: Testville
            timeZone: Europe/Brussels
            release: { plan: P15, nightBlock: false, epsilon: 3, presence: { minutes: 1 } }
            zones: [{ id: inside, name: Inside, areaM2: 100, capacity: 300 }]
            devices: [{ id: camera, kind: counting-camera, intervalSeconds: 60, channels: [{ name: view, zone: inside }] }]

        """;

    /// <summary>The site. One connection <c>square</c> speaks for both devices.</summary>
    public static string Site { get; } = FixtureSites.Square(1, Quarter.TotalSeconds)
        .Replace("    lines:", "    release: { plan: P15, nightBlock: false, crossings: 1, epsilon: 3 }\n    lines:", StringComparison.Ordinal)
        .Replace("connections:", Hall + "connections:", StringComparison.Ordinal)
        .Replace("      - equipment/counter-1/readings\n  - name: stranger", "      - equipment/counter-1/readings\n      - equipment/camera/readings\n  - name: stranger", StringComparison.Ordinal);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, HttpClient> _clients = [];
    private DateTimeOffset _now = new(2026, 2, 28, 23, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The hub.</summary>
    public HubUnderTest Hub { get; private set; } = null!;

    /// <summary>The connection of both devices.</summary>
    public Publisher Counter { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Hub = await HubUnderTest.StartAsync(_folder.File("data"), ["serve", "--site", _folder.Write("site.yaml", Site), "--clock", "replay"], Cancellation, environment: new Dictionary<string, string> { ["MONITORING__Dashboard__History__PublicRequestsMax"] = "100000" });
        _clients[""] = new HttpClient { BaseAddress = Hub.Address };
        foreach (var role in (string[])["operator", "technician", "analyst", "dpo", "admin"])
            _clients[role] = await Hub.NewClientAsync(role, role, Cancellation);

        await MoveAsync(_now);
        Counter = await Publisher.ConnectAsync(Hub.Ports.Mqtt, "square", Hub.Secret("square"), Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
        if (Counter is not null)
            await Counter.DisposeAsync();
        if (Hub is not null)
            await Hub.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A client of a role; nobody's where none is named.</summary>
    public HttpClient As(string role = "") => _clients[role];

    /// <summary>Moves the clock to the next midnight, with both devices alive.</summary>
    /// <returns>That midnight.</returns>
    public async Task<DateTimeOffset> BeginDayAsync()
    {
        var midnight = new DateTimeOffset(_now.UtcDateTime.Date.AddHours(23), TimeSpan.Zero);
        await MoveAsync(midnight > _now ? midnight : midnight.AddDays(1));
        await BeatAsync();
        return _now;
    }

    /// <summary>Moves the clock, never back; everything that was sent before is applied, sealed and released first.</summary>
    public async Task MoveAsync(DateTimeOffset to)
    {
        using var moved = await As("admin").PostAsJsonAsync("api/clock", new { to }, Cancellation);
        Assert.True(moved.IsSuccessStatusCode, await moved.Content.ReadAsStringAsync(Cancellation));
        _now = to > _now ? to : _now;
    }

    /// <summary>Moves the clock from quarter to quarter; both devices say at each that they are alive.</summary>
    public async Task LiveUntilAsync(DateTimeOffset to)
    {
        while (_now < to)
        {
            var next = new DateTimeOffset((_now.UtcTicks / Quarter.Ticks + 1) * Quarter.Ticks, TimeSpan.Zero);
            await MoveAsync(next < to ? next : to);
            if (_now == next)
                await BeatAsync();
        }
    }

    /// <summary>Publishes readings of a device as they are written.</summary>
    public async Task SendAsync(string payload, bool retain = false, string device = "counter-1") =>
        Assert.True((await Counter.PublishAsync($"equipment/{device}/readings", payload, Cancellation, retain)).IsSuccess);

    /// <summary>A message with people who went in at an instant.</summary>
    public static string Passages(long sequence, DateTimeOffset at, int people) =>
        string.Create(CultureInfo.InvariantCulture, $$$"""{"time":"{{{at.UtcDateTime:O}}}","sequence":{{{sequence}}},"readings":[{"channel":"gate","count":{"in":{{{people}}},"out":0}}]}""");

    /// <summary>A message of the camera with people who were in the hall at an instant.</summary>
    public static string Heads(long sequence, DateTimeOffset at, int people) =>
        string.Create(CultureInfo.InvariantCulture, $$$"""{"time":"{{{at.UtcDateTime:O}}}","sequence":{{{sequence}}},"readings":[{"channel":"view","occupancy":{"people":{{{people}}}}}]}""");

    /// <summary>Rows of the ledger of cells that begin in a span, by number; each as it lies there.</summary>
    public IReadOnlyList<SealedRow> Ledger(DateTimeOffset from, DateTimeOffset to, string space = "square")
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder.File("data"), "silo", "releases.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT series, from_ms, value, reason, number || ' ' || seq || ' ' || hash FROM release WHERE space = $space AND from_ms >= $from AND from_ms < $to ORDER BY number";
        command.Parameters.AddWithValue("$space", space);
        command.Parameters.AddWithValue("$from", from.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$to", to.ToUnixTimeMilliseconds());
        using var row = command.ExecuteReader();
        var found = new List<SealedRow>();
        while (row.Read())
            found.Add(new SealedRow(row.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.IsDBNull(2) ? null : row.GetInt64(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetString(4)));
        return found;
    }

    /// <summary>Waits until everything that is out is copied, and the state of equipment is written for the clock's quarter.</summary>
    public Task CopiedAsync() => Waiting.UntilAsync(
        "copies are up to date",
        async () =>
        {
            var quarter = new DateTimeOffset(_now.UtcTicks / Quarter.Ticks * Quarter.Ticks, TimeSpan.Zero);
            var copies = await As("admin").GetFromJsonAsync<JsonElement>("api/history/copies", Cancellation);
            var health = await As("technician").GetFromJsonAsync<JsonElement>($"api/history/devices/counter-1?{Range(quarter, quarter.AddMinutes(1))}", Cancellation);
            return copies.EnumerateArray().All(copy => copy.GetProperty("behind").GetInt64() == 0) && health.GetProperty("health").GetArrayLength() == 1;
        },
        Patience,
        Cancellation);

    /// <summary>A span as it stands in an address.</summary>
    public static string Range(DateTimeOffset from, DateTimeOffset to) => string.Create(CultureInfo.InvariantCulture, $"from={from.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&to={to.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");

    private async Task BeatAsync()
    {
        foreach (var device in (string[])["counter-1", "camera"])
            await Counter.BeatAsync(device, _now, Cancellation);
    }
}

/// <summary>A row of the ledger.</summary>
/// <param name="Series">Series.</param>
/// <param name="From">UTC start of the cell.</param>
/// <param name="Value">The noisy number.</param>
/// <param name="Reason">Why there is none.</param>
/// <param name="Place">Its number, its place for copies, its hash.</param>
public sealed record SealedRow(string Series, DateTimeOffset From, long? Value, string? Reason, string Place);

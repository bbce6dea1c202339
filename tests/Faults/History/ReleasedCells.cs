using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Monitoring.Harness;

namespace Monitoring.Faults.History;

/// <summary>A released cell, from wherever it is read.</summary>
internal sealed record ReleasedCell(string Space, string Series, DateTimeOffset From, long? Value, string? Reason);

/// <summary>What a hub has released, as its ledger has it and as its copies have it.</summary>
internal static class ReleasedCells
{
    /// <summary>All rows of the ledger, in their order.</summary>
    public static IReadOnlyList<ReleasedCell> OfLedger(string data) =>
        Read(data, "SELECT space, series, from_ms, value, reason FROM release ORDER BY number", row => new ReleasedCell(row.GetString(0), row.GetString(1), Instant(row.GetInt64(2)), row.IsDBNull(3) ? null : row.GetInt64(3), row.IsDBNull(4) ? null : row.GetString(4)));

    /// <summary>What was spent by space and day, micro-epsilon, one for each charge.</summary>
    public static IReadOnlyList<(string Space, string Day, long Micro)> Spent(string data) =>
        Read(data, "SELECT space, day, epsilon FROM charge ORDER BY space, day, kind", row => (row.GetString(0), row.GetString(1), row.GetInt64(2)));

    /// <summary>The cells of a space as an analyst gets them: out of the copy on this machine.</summary>
    public static async Task<IReadOnlyList<ReleasedCell>> OfApiAsync(HttpClient analyst, string space, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var text = await analyst.GetStringAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"api/history/{space}?from={from.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&to={to.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&grid=cell&format=csv"), UriKind.Relative), cancellation);
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
        var (series, start, value, reason) = (lines[0].IndexOf("series"), lines[0].IndexOf("from"), lines[0].IndexOf("value"), lines[0].IndexOf("reason"));
        return [.. lines.Skip(1).Select(line => new ReleasedCell(space, line[series], DateTimeOffset.Parse(line[start], CultureInfo.InvariantCulture), line[value].Length == 0 ? null : long.Parse(line[value], CultureInfo.InvariantCulture), line[reason].Length == 0 ? null : line[reason]))];
    }

    /// <summary>The cells in InfluxDB.</summary>
    public static async Task<IReadOnlyList<ReleasedCell>> OfInfluxAsync(InfluxServer influx, string database, CancellationToken cancellation) =>
        [.. (await influx.QueryAsync("SELECT value, reason, err95 FROM crowd WHERE grid = 'cell' GROUP BY space, \"series\"", database, cancellation)).Select(row => new ReleasedCell((string)row["space"]!, (string)row["series"]!, Instant((long)row["time"]!), row["value"] as long?, row["reason"] as string))];

    /// <summary>A client of a new account.</summary>
    public static async Task<HttpClient> ClientAsync(HubUnderTest hub, string role, CancellationToken cancellation)
    {
        using var admin = hub.Client();
        (await admin.PostAsJsonAsync("api/accounts", new { user = $"the-{role}", role }, cancellation)).EnsureSuccessStatusCode();
        using var made = await admin.PostAsJsonAsync($"api/accounts/the-{role}/tokens", new { name = "test" }, cancellation);
        var client = new HttpClient { BaseAddress = hub.Address, Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await made.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("token").GetString());
        return client;
    }

    private static List<T> Read<T>(string data, string sql, Func<SqliteDataReader, T> of)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "silo", "releases.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 10 }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Fixed texts of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var row = command.ExecuteReader();
        var found = new List<T>();
        while (row.Read())
            found.Add(of(row));
        return found;
    }

    private static DateTimeOffset Instant(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}

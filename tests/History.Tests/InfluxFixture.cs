using System.Net.Http.Headers;
using System.Text;
using Monitoring.Harness;

namespace Monitoring.History.Tests;

/// <summary>One InfluxDB 1.x for the tests of a class, with databases and users for each test.</summary>
public sealed class InfluxFixture : IAsyncLifetime
{
    private int _places;
    private InfluxPlace? _shared;

    public InfluxServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await InfluxServer.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        if (_shared is not null)
            await _shared.DisposeAsync();
        await Server.DisposeAsync();
    }

    /// <summary>A place that the tests of a class only read; the first fills it. Tests of a class run one after another.</summary>
    internal async Task<InfluxPlace> SharedAsync(Func<InfluxPlace, Task> fill)
    {
        if (_shared is null)
        {
            _shared = await PlaceAsync(CancellationToken.None);
            await fill(_shared);
        }

        return _shared;
    }

    /// <summary>Makes both databases, and for each a user who may write and one who may read.</summary>
    internal async Task<InfluxPlace> PlaceAsync(CancellationToken cancellation, string? keep = null, Action<InfluxOptions>? change = null)
    {
        var place = new InfluxPlace(Server, Interlocked.Increment(ref _places), change);
        foreach (var (database, password) in new[] { (place.Released, InfluxSamples.Token), (place.Health, InfluxSamples.OtherToken) })
        {
            await Server.CreateDatabaseAsync(database, cancellation, keep);
            await Server.CreateUserAsync($"{database}_writer", password, cancellation, (database, "WRITE"));
            await Server.CreateUserAsync($"{database}_reader", "reads", cancellation, (database, "READ"));
        }

        return place;
    }

    /// <summary>Writes a line as the admin.</summary>
    internal async Task WriteAsync(string database, string line, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{InfluxServer.Admin}:{Server.AdminPassword}")));
        using var response = await http.PostAsync(new Uri(Server.Url, $"write?db={database}&precision=ms"), new StringContent(line), cancellation);
        response.EnsureSuccessStatusCode();
    }
}

/// <summary>Two databases of one test, and a copy that writes to them.</summary>
internal sealed class InfluxPlace : IAsyncDisposable
{
    private readonly InfluxServer _server;

    public InfluxPlace(InfluxServer server, int number, Action<InfluxOptions>? change)
    {
        _server = server;
        (Released, Health) = ($"released{number}", $"health{number}");
        Copy = new InfluxCopy(server.Url.ToString(), options =>
        {
            (options.Version, options.AnalysisBucket, options.OperationsBucket) = (1, Released, Health);
            (options.AnalysisUser, options.OperationsUser) = ($"{Released}_writer", $"{Health}_writer");
            change?.Invoke(options);
        });
    }

    public string Released { get; }

    public string Health { get; }

    public InfluxCopy Copy { get; }

    /// <summary>Asks the database of releases as the user who may only read it.</summary>
    public Task<IReadOnlyList<InfluxRow>> RowsAsync(string influxQl) => _server.QueryAsync(influxQl, Released, $"{Released}_reader", "reads", TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        Copy.Dispose();
        return ValueTask.CompletedTask;
    }
}

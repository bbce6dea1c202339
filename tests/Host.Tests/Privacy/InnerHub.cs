using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Monitoring.Domain;
using Monitoring.Gateway.Accounts;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>A whole hub in the test's own process, on the replay clock: what is behind its doors can be looked at too.</summary>
internal sealed class InnerHub : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<string, string> _secrets = [];
    private Task<int> _running = Task.FromResult(0);
    private IServiceProvider? _services;

    private InnerHub(string data) => Data = data;

    /// <summary>Data folder.</summary>
    public string Data { get; }

    /// <summary>Its ports.</summary>
    public Ports Ports { get; } = Ports.TakeFree();

    /// <summary>HTTP address.</summary>
    public Uri Address => new($"http://127.0.0.1:{Ports.Http}/");

    /// <summary>What it is made of.</summary>
    public IServiceProvider Services => _services!;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="data">Data folder.</param>
    /// <param name="siteFile">Site file.</param>
    /// <param name="settings">Settings beside those of its ports.</param>
    /// <param name="amend">What a test adds to its services.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<InnerHub> StartAsync(string data, string siteFile, IReadOnlyDictionary<string, string?> settings, Action<IServiceCollection> amend, CancellationToken cancellation)
    {
        var hub = new InnerHub(data);
        try
        {
            hub.Run(siteFile, settings, amend);
            using var http = new HttpClient { BaseAddress = hub.Address };
            await Waiting.UntilAsync("the hub is ready", async () => hub._running.IsCompleted ? throw new InvalidOperationException($"The hub ended with {await hub._running}.") : (await http.GetAsync(new Uri("health/ready", UriKind.Relative), cancellation)).IsSuccessStatusCode, Patience, cancellation);
            return hub;
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of the machine's own administrator.</summary>
    public HttpClient Admin()
    {
        using var hub = JsonDocument.Parse(File.ReadAllText(Path.Combine(Data, "hub.json")));
        return ClientOf(hub.RootElement.GetProperty("token").GetString());
    }

    /// <summary>A client of a new account of a role; of nobody where that is null.</summary>
    public async Task<HttpClient> ClientAsync(string? role, CancellationToken cancellation)
    {
        if (role is null)
            return ClientOf(null);
        using var admin = Admin();
        (await admin.PostAsJsonAsync("api/accounts", new { user = $"the-{role}", role }, cancellation)).EnsureSuccessStatusCode();
        using var made = await admin.PostAsJsonAsync($"api/accounts/the-{role}/tokens", new { name = "test" }, cancellation);
        return ClientOf((await made.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("token").GetString());
    }

    /// <summary>A connection of the site's equipment.</summary>
    public async Task<Publisher> PublisherAsync(string connection, CancellationToken cancellation)
    {
        if (!_secrets.TryGetValue(connection, out var secret))
        {
            using var secrets = new ConnectionSecrets(Data);
            _secrets[connection] = secret = secrets.Generate(connection);
        }

        return await Publisher.ConnectAsync(Ports.Mqtt, connection, secret, cancellation);
    }

    /// <summary>Moves the clock. Everything up to there is applied, and what ended before is in the ledger.</summary>
    /// <remarks>A hub on a machine that is too busy says 503 and may have moved it half-way: the same call again does it.</remarks>
    public async Task MoveClockAsync(DateTimeOffset to, CancellationToken cancellation)
    {
        using var admin = Admin();
        admin.Timeout = Patience;
        await Waiting.UntilAsync(
            $"the clock stands at {to:O}",
            async () =>
            {
                using var moved = await admin.PostAsJsonAsync("api/clock", new { to }, cancellation);
                Assert.True(moved.IsSuccessStatusCode || moved.StatusCode == HttpStatusCode.ServiceUnavailable, $"{moved.StatusCode}");
                return moved.IsSuccessStatusCode;
            },
            Patience,
            cancellation);
    }

    /// <summary>Ends it as a stop does.</summary>
    public async Task StopAsync()
    {
        if (!_running.IsCompleted)
            _services?.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await _running.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await StopAsync();
        _end.Dispose();
    }

    private void Run(string siteFile, IReadOnlyDictionary<string, string?> settings, Action<IServiceCollection> amend)
    {
        var site = SiteFiles.ReadChecked(siteFile);
        var hub = new HubSettings { Roles = [HubRole.Silo, HubRole.Gateway, HubRole.Dashboard], Data = Data, Urls = Address.ToString().TrimEnd('/'), Clock = ClockKind.Replay, Site = site };
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings.Append(KeyValuePair.Create<string, string?>("Gateway:MqttPort", $"{Ports.Mqtt}")));
        _running = Task.Run(() => HubProcess.RunAsync(hub, configuration, Amend, _end.Token));

        void Amend(IServiceCollection services)
        {
            amend(services);
            services.AddSingleton<IHostedService>(provider =>
            {
                _services = provider;
                return new Nothing();
            });
        }
    }

    private HttpClient ClientOf(string? token)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private sealed class Nothing : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

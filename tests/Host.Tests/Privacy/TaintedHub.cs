using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monitoring.Domain;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>A whole hub in the test's own process, on the replay clock, with everything that it says recorded: logs at every level, activities, and what it sends to InfluxDB.</summary>
internal sealed class TaintedHub : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TaintedTime _time = new();
    private readonly CancellationTokenSource _end = new();
    private readonly WebApplication _influx;
    private readonly Heard _heard;
    private readonly ActivityListener _activities;
    private Task<int> _running = Task.FromResult(0);
    private IServiceProvider? _services;
    private string? _secret;

    private TaintedHub(string data, CanaryScan scan)
    {
        (Data, _heard) = (data, new Heard(scan));
        _activities = new ActivityListener { ShouldListenTo = _ => true, Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded, ActivityStopped = _heard.Take };
        ActivitySource.AddActivityListener(_activities);
        var influx = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        influx.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _influx = influx.Build();
        _influx.Run(TakeLinesAsync);
    }

    /// <summary>Data folder.</summary>
    public string Data { get; }

    /// <summary>Its ports.</summary>
    public Ports Ports { get; } = Ports.TakeFree();

    /// <summary>HTTP address.</summary>
    public Uri Address => new($"http://127.0.0.1:{Ports.Http}/");

    /// <summary>Its routes.</summary>
    public IEnumerable<RouteEndpoint> Routes => _services!.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    /// <summary>Canaries in what it said: where, which, and in what.</summary>
    public IReadOnlyCollection<(string Where, string Canary, string Text)> Said => _heard.Found;

    /// <summary>How much of each kind was looked at.</summary>
    public (int Logs, int Activities, int Lines) Amount => (_heard.Logs, _heard.Activities, _heard.Lines);

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<TaintedHub> StartAsync(TemporaryFolder folder, string site, CanaryScan scan, CancellationToken cancellation)
    {
        var hub = new TaintedHub(folder.File("data"), scan);
        try
        {
            await hub._influx.StartAsync(cancellation);
            hub.Run(folder.Write("site.yaml", site), folder.Write("token", "secret"));
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

    /// <summary>Lets the timers that empty write-ahead logs run.</summary>
    public void EmptyLogs() => _time.EmptyLogs();

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
    public async Task<Publisher> PublisherAsync(CancellationToken cancellation)
    {
        _secret ??= (await HubCommand.RunAsync(["connections", "secret", "cabinet", "--data", Data], cancellation)).Output.Trim();
        return await Publisher.ConnectAsync(Ports.Mqtt, "cabinet", _secret, cancellation);
    }

    /// <summary>Moves the clock. Everything up to there is applied, and what ended before is in the ledger.</summary>
    public async Task MoveClockAsync(DateTimeOffset to, CancellationToken cancellation)
    {
        using var admin = Admin();
        admin.Timeout = Patience;
        (await admin.PostAsJsonAsync("api/clock", new { to }, cancellation)).EnsureSuccessStatusCode();
    }

    /// <summary>Says something in each way in which a hub could: so that a test sees that it would be heard.</summary>
    public async Task SayAsync(string text, CancellationToken cancellation)
    {
        _services!.GetRequiredService<ILoggerFactory>().CreateLogger("Monitoring.Control").Log(LogLevel.Trace, new EventId(1, "control"), text, null, (said, _) => $"said {said}");
        using (var source = new ActivitySource("control"))
        using (source.StartActivity("control")?.SetTag("number", text))
        {
            using var http = new HttpClient();
            using var lines = new StringContent($"crowd value={text}i 1\n");
            (await http.PostAsync(new Uri(_influx.Urls.First()), lines, cancellation)).EnsureSuccessStatusCode();
        }
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
        _activities.Dispose();
        await _influx.DisposeAsync();
        _end.Dispose();
    }

    private void Run(string siteFile, string tokenFile)
    {
        var site = SiteFiles.ReadChecked(siteFile);
        var settings = new HubSettings { Roles = [HubRole.Silo, HubRole.Gateway, HubRole.Dashboard], Data = Data, Urls = Address.ToString().TrimEnd('/'), Clock = ClockKind.Replay, Site = site };
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Dashboard:History:PublicRequestsMax"] = "100000",
            ["Dashboard:SignIn:AttemptsMax"] = "1000",
            ["Gateway:MqttPort"] = $"{Ports.Mqtt}",
            ["Silo:History:Influx:Url"] = _influx.Urls.First(),
            ["Silo:History:Influx:AnalysisTokenFile"] = tokenFile,
            ["Silo:History:Influx:OperationsTokenFile"] = tokenFile,
        });
        _running = Task.Run(() => HubProcess.RunAsync(settings, configuration, Amend, _end.Token));
    }

    private void Amend(IServiceCollection services)
    {
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time));
        services.Replace(ServiceDescriptor.Singleton(new HubClock(ClockKind.Replay, _time)));
        services.AddSingleton<ILoggerProvider>(_heard);
        services.Configure<LoggerFilterOptions>(filter => filter.Rules.Add(new LoggerFilterRule(typeof(Heard).FullName, null, LogLevel.Trace, null)));
        services.AddSingleton<IHostedService>(provider =>
        {
            _services = provider;
            return new Nothing();
        });
    }

    private HttpClient ClientOf(string? token)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    // What InfluxDB 2 answers to lines that it takes.
    private async Task TakeLinesAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        _heard.TakeLines(await body.ReadToEndAsync(context.RequestAborted));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private sealed class Nothing : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Looks at each log entry and activity as it comes.</summary>
    private sealed class Heard(CanaryScan scan) : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<(string, string, string)> _found = new();
        private int _logs;
        private int _activities;
        private int _lines;

        public IReadOnlyCollection<(string, string, string)> Found => _found;

        public int Logs => _logs;

        public int Activities => _activities;

        public int Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Look("log scope", $"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Interlocked.Increment(ref _logs);
            var values = state is IEnumerable<KeyValuePair<string, object?>> named ? string.Join(' ', named.Select(value => $"{value.Key}={value.Value}")) : "";
            Look($"log {eventId.Id} {eventId.Name}", $"{formatter(state, exception)} {values} {exception}");
        }

        public void Take(Activity activity)
        {
            Interlocked.Increment(ref _activities);
            Look($"activity {activity.Source.Name} {activity.OperationName}", $"{activity.DisplayName} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Baggage)} {string.Join(' ', activity.Events.Select(happened => $"{happened.Name} {string.Join(' ', happened.Tags)}"))}");
        }

        public void TakeLines(string lines)
        {
            Interlocked.Add(ref _lines, lines.Count(letter => letter == '\n'));
            Look("InfluxDB", lines);
        }

        public void Dispose()
        {
        }

        private void Look(string where, string text)
        {
            foreach (var canary in scan.InText(text))
                _found.Enqueue((where, canary, text.Length > 400 ? text[..400] : text));
        }
    }
}

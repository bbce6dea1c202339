using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Monitoring.Domain;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>A whole hub in the test's own process, on the replay clock, with everything that it says recorded: logs at every level, activities, and what it sends to InfluxDB.</summary>
internal sealed class TaintedHub : IAsyncDisposable
{
    private readonly TaintedTime _time = new();
    private readonly WebApplication _influx;
    private readonly Heard _heard;
    private readonly ActivityListener _activities;
    private InnerHub? _hub;

    private TaintedHub(CanaryScan scan)
    {
        _heard = new Heard(scan);
        _activities = new ActivityListener { ShouldListenTo = _ => true, Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded, ActivityStopped = _heard.Take };
        ActivitySource.AddActivityListener(_activities);
        var influx = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        influx.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _influx = influx.Build();
        _influx.Run(TakeLinesAsync);
    }

    /// <summary>Data folder.</summary>
    public string Data => _hub!.Data;

    /// <summary>HTTP address.</summary>
    public Uri Address => _hub!.Address;

    /// <summary>Its routes.</summary>
    public IEnumerable<RouteEndpoint> Routes => _hub!.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    /// <summary>Canaries in what it said: where, which, and in what.</summary>
    public IReadOnlyCollection<(string Where, string Canary, string Text)> Said => _heard.Found;

    /// <summary>How much of each kind was looked at.</summary>
    public (int Logs, int Activities, int Lines) Amount => (_heard.Logs, _heard.Activities, _heard.Lines);

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<TaintedHub> StartAsync(TemporaryFolder folder, string site, CanaryScan scan, CancellationToken cancellation)
    {
        var hub = new TaintedHub(scan);
        try
        {
            await hub._influx.StartAsync(cancellation);
            hub._hub = await InnerHub.StartAsync(folder.File("data"), folder.Write("site.yaml", site), hub.Settings(folder.Write("token", "secret")), hub.Amend, cancellation);
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

    /// <inheritdoc cref="InnerHub.ClientAsync"/>
    public Task<HttpClient> ClientAsync(string? role, CancellationToken cancellation) => _hub!.ClientAsync(role, cancellation);

    /// <summary>A connection of the site's equipment.</summary>
    public Task<Publisher> PublisherAsync(CancellationToken cancellation) => _hub!.PublisherAsync("cabinet", cancellation);

    /// <inheritdoc cref="InnerHub.MoveClockAsync"/>
    public Task MoveClockAsync(DateTimeOffset to, CancellationToken cancellation) => _hub!.MoveClockAsync(to, cancellation);

    /// <summary>Says something in each way in which a hub could: so that a test sees that it would be heard.</summary>
    public async Task SayAsync(string text, CancellationToken cancellation)
    {
        _hub!.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Monitoring.Control").Log(LogLevel.Trace, new EventId(1, "control"), text, null, (said, _) => $"said {said}");
        using (var source = new ActivitySource("control"))
        using (source.StartActivity("control")?.SetTag("number", text))
        {
            using var http = new HttpClient();
            using var lines = new StringContent($"crowd value={text}i 1\n");
            (await http.PostAsync(new Uri(_influx.Urls.First()), lines, cancellation)).EnsureSuccessStatusCode();
        }
    }

    /// <inheritdoc cref="InnerHub.StopAsync"/>
    public Task StopAsync() => _hub!.StopAsync();

    public async ValueTask DisposeAsync()
    {
        if (_hub is not null)
            await _hub.DisposeAsync();
        _activities.Dispose();
        await _influx.DisposeAsync();
    }

    private Dictionary<string, string?> Settings(string tokenFile) => new()
    {
        ["Dashboard:History:PublicRequestsMax"] = "100000",
        ["Dashboard:SignIn:AttemptsMax"] = "1000",
        ["Silo:History:Influx:Url"] = _influx.Urls.First(),
        ["Silo:History:Influx:AnalysisTokenFile"] = tokenFile,
        ["Silo:History:Influx:OperationsTokenFile"] = tokenFile,
    };

    private void Amend(IServiceCollection services)
    {
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time));
        services.Replace(ServiceDescriptor.Singleton(new HubClock(ClockKind.Replay, _time)));
        services.AddSingleton<ILoggerProvider>(_heard);
        services.Configure<LoggerFilterOptions>(filter => filter.Rules.Add(new LoggerFilterRule(typeof(Heard).FullName, null, LogLevel.Trace, null)));
    }

    // What InfluxDB 2 answers to lines that it takes.
    private async Task TakeLinesAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        _heard.TakeLines(await body.ReadToEndAsync(context.RequestAborted));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
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

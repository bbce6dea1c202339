using System.Diagnostics;
using System.Globalization;
using Monitoring.Harness;
using Monitoring.Simulator.Intake;

namespace Monitoring.Benchmarks.Intake;

/// <summary>Equipment of an ordinary day: each device sends one message a second, evenly spread; nine counts, then a heartbeat.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private const int HeartbeatEvery = 10;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly List<(Publisher Link, string Topic)> _devices = [];
    private readonly List<Publisher> _links = [];
    private readonly List<double> _answeredMs = [];
    private readonly Lock _lock = new();

    private SteadyLoad()
    {
    }

    /// <summary>Messages that were answered with success.</summary>
    public int Accepted { get { lock (_lock) return _answeredMs.Count; } }

    /// <summary>Messages that were refused.</summary>
    public int Refused { get; private set; }

    /// <summary>Signs every connection in.</summary>
    public static async Task<SteadyLoad> ConnectAsync(int port, IReadOnlyList<LoadPrincipal> principals, CancellationToken cancellation)
    {
        var load = new SteadyLoad();
        foreach (var principal in principals)
        {
            var link = await Publisher.ConnectAsync(port, principal.Connection, principal.Secret, cancellation);
            load._links.Add(link);
            load._devices.AddRange(principal.Topics.Select(topic => (link, topic)));
        }

        return load;
    }

    /// <summary>Sends for a time, then waits for the last answers.</summary>
    public async Task RunAsync(TimeSpan length, CancellationToken cancellation)
    {
        var waiting = new List<Task>();
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Tick, TimeProvider.System);
        for (long sent = 0; Stopwatch.GetElapsedTime(began) < length;)
        {
            var due = (long)(Stopwatch.GetElapsedTime(began).TotalSeconds * _devices.Count);
            for (; sent < due; sent++)
                waiting.Add(SendAsync(_devices[(int)(sent % _devices.Count)], sent / _devices.Count, cancellation));
            await timer.WaitForNextTickAsync(cancellation);
        }

        await Task.WhenAll(waiting);
    }

    /// <summary>The time within which a share of the answers came, ms.</summary>
    public double AnsweredMs(double share) => Report.Quantile([.. _answeredMs.Order()], share);

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links)
            await link.DisposeAsync();
    }

    private async Task SendAsync((Publisher Link, string Topic) device, long round, CancellationToken cancellation)
    {
        var now = TimeProvider.System.GetUtcNow();
        var reading = round % HeartbeatEvery == HeartbeatEvery - 1 ? "" : CountUntil(now, round);
        var began = Stopwatch.GetTimestamp();
        var answer = await device.Link.PublishAsync(device.Topic, $$"""{"time":"{{now:O}}","readings":[{{reading}}]}""", cancellation);
        lock (_lock)
        {
            if (answer.IsSuccess)
                _answeredMs.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            else
                Refused++;
        }
    }

    private static string CountUntil(DateTimeOffset now, long round) =>
        "{" + string.Create(CultureInfo.InvariantCulture, $"\"channel\":\"{GeneratedSite.Channel}\",\"count\":{{\"in\":{round % 3},\"out\":{(round + 1) % 3},\"from\":\"{now.AddSeconds(-1):O}\"}}") + "}";
}

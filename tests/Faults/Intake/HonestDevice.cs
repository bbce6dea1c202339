using System.Diagnostics;
using System.Globalization;
using Monitoring.Harness;

namespace Monitoring.Faults.Intake;

/// <summary>Publishes messages with values of their own, one after the other, and expects each to be acknowledged.</summary>
internal sealed class HonestDevice(Publisher publisher) : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(4);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<double> _tookMs = [];
    private Task _work = Task.CompletedTask;

    /// <summary>Messages acknowledged.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>People in all acknowledged messages, in and out.</summary>
    public (long In, long Out) People { get; private set; }

    /// <summary>Publishes so many, and says how long they took to be acknowledged.</summary>
    public async Task<string> SendAsync(int messages, CancellationToken cancellation)
    {
        for (var i = 0; i < messages; i++)
            await SendOneAsync(cancellation);
        return Latency();
    }

    /// <summary>Publishes in the background from now on.</summary>
    public void Start() => _work = SendOnAsync();

    /// <summary>Ends, throws what went wrong, and says how long messages took to be acknowledged since the last time it was asked.</summary>
    public async Task<string> StopAsync()
    {
        await _stop.CancelAsync();
        await _work;
        return Latency();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await publisher.DisposeAsync();
        _stop.Dispose();
    }

    private async Task SendOnAsync()
    {
        while (!_stop.IsCancellationRequested)
            await SendOneAsync(CancellationToken.None);
    }

    // In grows with each message and out is another series, so that a loss and a double cannot make up for each other.
    private async Task SendOneAsync(CancellationToken cancellation)
    {
        var number = Acknowledged + 1;
        var (passagesIn, passagesOut) = (number, (long)number * number % 997);
        var body = string.Create(CultureInfo.InvariantCulture, $$$"""{"time":"{{{TimeProvider.System.GetUtcNow():O}}}","sequence":{{{number}}},"readings":[{"channel":"gate","count":{"in":{{{passagesIn}}},"out":{{{passagesOut}}}}}]}""");
        var started = Stopwatch.GetTimestamp();
        var answer = await publisher.PublishAsync($"equipment/{HostileSite.HonestDevice}/readings", body, cancellation);
        Assert.True(answer.IsSuccess, $"an honest message was refused: {answer.ReasonCode} {answer.ReasonString}");
        _tookMs.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        (Acknowledged, People) = (number, (People.In + passagesIn, People.Out + passagesOut));
        await Task.Delay(Pace, TimeProvider.System, cancellation);
    }

    private string Latency()
    {
        var sorted = _tookMs.Order().ToList();
        _tookMs.Clear();
        return string.Create(CultureInfo.InvariantCulture, $"p50 {At(0.5):0.00} ms, p99 {At(0.99):0.00} ms, longest {At(1):0.0} ms ({sorted.Count} messages)");

        double At(double part) => sorted.Count == 0 ? 0 : sorted[(int)Math.Ceiling(part * (sorted.Count - 1))];
    }
}

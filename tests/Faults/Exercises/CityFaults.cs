using System.Net.Http.Json;
using System.Text.Json;
using Monitoring.Harness;

namespace Monitoring.Faults.Exercises;

/// <summary>What is done to a hub and its InfluxDB while the city plays: InfluxDB is gone for over an hour of the city, until the hub says so; the hub is killed once meanwhile, and once later.</summary>
internal sealed class CityFaults(HubUnderTest hub, InfluxServer influx, HttpClient admin, DateTimeOffset from, DateTimeOffset until)
{
    private static readonly TimeSpan Gone = TimeSpan.FromMinutes(75);
    private static readonly TimeSpan NoticedWithin = TimeSpan.FromMinutes(5);

    private readonly Queue<(DateTimeOffset At, Func<CancellationToken, Task> Act)> _plan = [];
    private Task _restart = Task.CompletedTask;

    /// <summary>How many changes of the ledger InfluxDB lacked when it came back.</summary>
    public long BehindAtReturn { get; private set; }

    /// <summary>Does what is due.</summary>
    public async Task StrikeAsync(DateTimeOffset at, CancellationToken cancellation)
    {
        if (_plan.Count == 0 && at - from < (until - from) / 4)
            Plan();
        while (_plan.TryPeek(out var next) && next.At <= at)
        {
            _plan.Dequeue();
            await next.Act(cancellation);
        }
    }

    /// <summary>Waits until the hub is there again, after all that was planned.</summary>
    public async Task OverAsync()
    {
        await _restart;
        Assert.Empty(_plan);
    }

    private void Plan()
    {
        var away = from + (until - from) / 3;
        _plan.Enqueue((away, _ => influx.KillAsync()));
        _plan.Enqueue((away + TimeSpan.FromMinutes(20), KillAsync));
        _plan.Enqueue((away + Gone, ReturnAsync));
        _plan.Enqueue((from + (until - from) * 2 / 3, KillAsync));
    }

    // While the next step is under way: part of it sent, part journaled, part applied and not yet saved.
    private async Task KillAsync(CancellationToken cancellation)
    {
        await _restart;
        _restart = Task.Run(
            async () =>
            {
                await hub.KillAsync();
                await hub.StartAgainAsync(cancellation);
            },
            cancellation);
    }

    private async Task ReturnAsync(CancellationToken cancellation)
    {
        await _restart;
        await Waiting.UntilAsync("the hub says that InfluxDB is away, and lacks something", async () => await BehindAsync(cancellation) > 0, NoticedWithin, cancellation);
        BehindAtReturn = await BehindAsync(cancellation);
        await influx.StartAgainAsync(cancellation);
    }

    private async Task<long> BehindAsync(CancellationToken cancellation)
    {
        var copies = (await admin.GetFromJsonAsync<JsonElement>("api/history/copies", cancellation)).EnumerateArray();
        return copies.Where(copy => copy.GetProperty("copy").GetString() == "influxdb" && copy.GetProperty("away").ValueKind == JsonValueKind.String).Select(copy => copy.GetProperty("behind").GetInt64()).SingleOrDefault();
    }
}

using Microsoft.Extensions.Options;
using Monitoring.Contracts.Intake;
using Monitoring.Domain;

namespace Monitoring.Gateway.Intake;

/// <summary>Answers the silo's questions about this gateway.</summary>
internal sealed class GatewayLink(Dispatcher dispatcher, IntakeRecord record, PendingDevices pending, HubClock clock) : IGatewayLink
{
    /// <summary>Longest wait of one drain, under the time-out of a call; whoever moves the clock asks again.</summary>
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(4);

    private volatile bool _moved;

    /// <summary>Whether the hub's instant is known: a replay clock is not, before the silo has told it.</summary>
    public bool IsClockKnown => clock.Kind == ClockKind.Wall || _moved;

    public async Task DrainAsync()
    {
        using var patience = new CancellationTokenSource(DrainMax, clock.Wall);
        await dispatcher.DrainAsync(patience.Token);
    }

    public Task MoveClockAsync(DateTimeOffset now)
    {
        if (clock.Kind == ClockKind.Replay)
            clock.MoveTo(now);
        _moved = true;
        return Task.CompletedTask;
    }

    public Task<IntakeCounters> GetCountersAsync() => Task.FromResult(record.Counters());

    public Task<IReadOnlyList<RejectedMessage>> GetRejectedAsync() => Task.FromResult(record.Rejected());

    public Task<IReadOnlyList<PendingDevice>> GetPendingAsync() => Task.FromResult(pending.List());
}

/// <summary>Enters the gateway at the silo, again and again.</summary>
internal sealed class LinkKeeper(GatewayLink link, IGrainFactory grains, IOptions<GatewayOptions> options, HubClock clock, ILogger<LinkKeeper> log) : BackgroundService
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(200);

    // Orleans holds observers weakly; link is held by this service, its reference by this field.
    private IGatewayLink? _reference;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        bool? reached = null;
        using var timer = new PeriodicTimer(IntakeLinks.RenewEvery, clock.Wall);
        do
        {
            try
            {
                _reference ??= grains.CreateObjectReference<IGatewayLink>(link);
                var now = await grains.GetGrain<IIntakeGrain>(0).RegisterAsync(options.Value.Name, _reference);
                await link.MoveClockAsync(now);
                timer.Period = IntakeLinks.RenewEvery;
                if (reached != true)
                    log.SiloBack(options.Value.Name);
                reached = true;
            }
#pragma warning disable CA1031 // The silo is away, whatever the cause; said once per change, and tried again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                if (reached != false)
                    log.SiloAway(fault);
                reached = false;
                timer.Period = TryAgainAfter;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

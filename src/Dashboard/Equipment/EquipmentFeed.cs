using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Equipment;

/// <summary>Asks the spaces for their equipment, once per process for all open pages, and only while a page is open.</summary>
internal sealed class EquipmentFeed(SiteSpaces sites, IGrainFactory grains, HubClock clock, IOptions<EquipmentOptions> options, ILogger<EquipmentFeed> log) : BackgroundService
{
    /// <summary>Most spaces asked at once.</summary>
    public const int AskedAtOnce = 8;

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    /// <summary>How long an answer stands for a page that is opened: longer than the longest pause with every space silent.</summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(90);

    private readonly ConcurrentDictionary<EquipmentLook, byte> _looks = new();
    private readonly Channel<bool> _opened = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private EquipmentNow _now = EquipmentNow.Nothing;
    private bool _failing;

    /// <summary>What was last answered; nothing where that is from before anybody looked.</summary>
    public EquipmentNow Now => Volatile.Read(ref _now) is { AskedAt: { } asked } now && clock.Wall.GetUtcNow() - asked <= FreshFor ? now : EquipmentNow.Nothing;

    /// <summary>Looks at the equipment until disposed. Pages are bounded by their circuits; a look holds one signal and nothing else.</summary>
    public EquipmentLook Look()
    {
        var look = new EquipmentLook(this);
        _looks.TryAdd(look, 0);
        _opened.Writer.TryWrite(true);
        return look;
    }

    /// <summary>Lets a look go; a second time does nothing.</summary>
    public void Leave(EquipmentLook look) => _looks.TryRemove(look, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _opened.Reader.ReadAsync(stoppingToken))
            {
                while (!_looks.IsEmpty && !stoppingToken.IsCancellationRequested)
                {
                    await AskAsync(stoppingToken);
                    foreach (var (look, _) in _looks)
                        look.Signal();
                    await clock.Wall.PauseAsync(TimeSpan.FromSeconds(options.Value.PollSeconds), stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process is stopping.
        }
    }

    private async Task AskAsync(CancellationToken cancellation)
    {
        var before = Volatile.Read(ref _now);
        var site = await TryAsync(sites.GetCompiledAsync, cancellation) ?? before.Site;
        var known = before.Spaces.ToDictionary(space => space.Space.Id, StringComparer.Ordinal);
        var answers = new SpaceEquipment[site?.Site.Spaces.Count ?? 0];
        await Parallel.ForAsync(0, answers.Length, new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = cancellation }, async (i, stop) =>
        {
            var space = site!.Site.Spaces[i];
            var json = await TryAsync(token => grains.GetGrain<ISpaceGrain>(space.Id).GetDevicesAsync().WaitAsync(token), stop);
            answers[i] = json is not null
                ? new(space, DeviceStatus.FromBytes(json), clock.Wall.GetUtcNow(), IsLive: true)
                : new(space, known.GetValueOrDefault(space.Id)?.Devices ?? [], known.GetValueOrDefault(space.Id)?.AnsweredAt, IsLive: false);
        });
        var rejected = await TryAsync(token => grains.GetGrain<IIntakeGrain>(0).GetRejectedAsync().WaitAsync(token), cancellation);
        var pending = await TryAsync(token => grains.GetGrain<IIntakeGrain>(0).GetPendingAsync().WaitAsync(token), cancellation);
        Volatile.Write(ref _now, new EquipmentNow(site, answers, rejected ?? before.Rejected, rejected is not null, clock.Now, clock.Wall.GetUtcNow()) { Pending = pending ?? before.Pending, IsPendingLive = pending is not null });
    }

    // What does not answer in time is shown as not answering; the poll goes on and asks again.
    private async Task<T?> TryAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellation)
        where T : class?
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(AnswerWithin);
        try
        {
            var answer = await ask(limit.Token);
            _failing = false;
            return answer;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever kept it from answering, the poll must go on: it is what says so.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (!_failing)
                log.EquipmentNotAsked(error.GetType().Name);
            _failing = true;
            return null;
        }
    }
}

/// <summary>One open page that looks at the equipment. It holds at most one signal.</summary>
internal sealed class EquipmentLook(EquipmentFeed feed) : IDisposable
{
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Waits for the next answer.</summary>
    public ValueTask<bool> AnsweredAsync(CancellationToken cancellation) => _signal.Reader.ReadAsync(cancellation);

    /// <summary>Says that there is a new answer.</summary>
    public void Signal() => _signal.Writer.TryWrite(true);

    public void Dispose() => feed.Leave(this);
}

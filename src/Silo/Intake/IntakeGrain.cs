using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;

namespace Monitoring.Silo.Intake;

/// <summary>Knows the running gateways. Reentrant: gateways renew while one of them is asked for something slow.</summary>
[Orleans.Concurrency.Reentrant]
internal sealed class IntakeGrain(HubClock clock) : Grain, IIntakeGrain
{
    /// <summary>Most gateways of one hub; the least recently renewed one is forgotten for a further one.</summary>
    private const int GatewaysMax = 64;

    private readonly Dictionary<string, (IGatewayLink Link, DateTimeOffset Renewed)> _links = new(StringComparer.Ordinal);

    public async Task<DateTimeOffset> RegisterAsync(string gateway, IGatewayLink link)
    {
        _links[gateway] = (link, clock.Wall.GetUtcNow());
        if (_links.Count > GatewaysMax)
            _links.Remove(_links.MinBy(entry => entry.Value.Renewed).Key);

        // The saved clock, not this silo's own: after a restart nobody may have read it yet.
        return await GrainFactory.GetGrain<IClockGrain>(0).GetAsync();
    }

    public Task DrainAsync() => Task.WhenAll(Running().Select(link => link.DrainAsync()));

    public Task MoveClocksAsync(DateTimeOffset now) => Task.WhenAll(Running().Select(link => link.MoveClockAsync(now)));

    public async Task<IntakeCounters> GetCountersAsync()
    {
        var all = await Task.WhenAll(Running().Select(link => link.GetCountersAsync()));
        var reasons = all.SelectMany(counters => counters.Reasons).GroupBy(reason => reason.Key).ToDictionary(reason => reason.Key, reason => reason.Sum(count => count.Value));
        return new IntakeCounters(all.Sum(counters => counters.Accepted), all.Sum(counters => counters.Rejected), reasons);
    }

    public async Task<IReadOnlyList<RejectedMessage>> GetRejectedAsync()
    {
        var all = await Task.WhenAll(Running().Select(link => link.GetRejectedAsync()));
        return [.. all.SelectMany(list => list).OrderByDescending(message => message.Time)];
    }

    public async Task<IReadOnlyList<PendingDevice>> GetPendingAsync()
    {
        var all = await Task.WhenAll(Running().Select(link => link.GetPendingAsync()));
        return [.. all.SelectMany(list => list).GroupBy(device => device.Id).Select(Together).OrderByDescending(device => device.LastSeen)];
    }

    // The last message's shape, over the time and the messages of all.
    private static PendingDevice Together(IEnumerable<PendingDevice> same)
    {
        var devices = same.ToList();
        return devices.MaxBy(device => device.LastSeen)! with { FirstSeen = devices.Min(device => device.FirstSeen), Messages = devices.Sum(device => device.Messages) };
    }

    private List<IGatewayLink> Running()
    {
        var oldest = clock.Wall.GetUtcNow() - IntakeLinks.ForgetAfter;
        foreach (var gone in _links.Where(entry => entry.Value.Renewed < oldest).Select(entry => entry.Key).ToList())
            _links.Remove(gone);
        return _links.Count > 0
            ? [.. _links.Values.Select(entry => entry.Link)]
            : throw new GatewayAwayException("No gateway is registered; start one, or wait a moment after a restart.");
    }
}

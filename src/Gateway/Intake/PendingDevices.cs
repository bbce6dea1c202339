using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Intake;
using Monitoring.Domain;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Gateway.Spaces;

namespace Monitoring.Gateway.Intake;

/// <summary>Devices that connections of the site speak for and the site does not know: remembered with the shape of a message, and nothing else comes of them.</summary>
internal sealed class PendingDevices
{
    /// <summary>Messages of one connection that are looked at per second, and at once: looking takes longer than refusing.</summary>
    public const int LooksPerSecondMax = 10;

    private readonly Lock _lock = new();
    private readonly List<Stranger> _strangers = [];
    private readonly ConcurrentDictionary<string, Looks> _looks = new(StringComparer.Ordinal);
    private readonly SiteFollower _site;
    private readonly HubClock _clock;
    private readonly IntakeOptions _options;
    private readonly DeviceClockWindow? _window;
    private readonly Allowance _allowance;
    private long _turn;

    public PendingDevices(SiteFollower site, HubClock clock, IOptions<IntakeOptions> options)
    {
        (_site, _clock, _options) = (site, clock, options.Value);
        _window = clock.Kind == ClockKind.Replay ? DeviceClockWindow.Replay : null;
        _allowance = new Allowance(LooksPerSecondMax, LooksPerSecondMax, clock.Wall.TimestampFrequency);
        site.Changed += ForgetKnown;
    }

    /// <summary>Looks at a message that was refused because the site does not know its topic or its device.</summary>
    /// <param name="connection">Connection name; one of the site.</param>
    /// <param name="topic">A well-formed topic.</param>
    /// <param name="payload">Body.</param>
    /// <param name="heardAt">Time stamp of the wall clock at which it came.</param>
    public void Saw(string connection, string topic, ReadOnlyMemory<byte> payload, long heardAt)
    {
        if (_site.Current is not { } site || !site.Connections.ContainsKey(connection) || !_allowance.TryTake(ref _looks.GetOrAdd(connection, _ => new Looks()).FullAt, heardAt))
            return;

        // Looked at before it is asked whose it is: how long the answer takes must not tell a topic of the site from any other.
        var now = _clock.Now;
        var sights = payload.Length > MessageShape.BytesMax ? [] : MessageSight.Of(site.Known.Profiles, topic, payload, now, _window);
        var shape = MessageShape.Of(payload);
        if (!site.IsStranger(connection, topic, sights))
            return;
        var named = sights.FirstOrDefault(sight => sight.Channels.Count > 0) ?? (sights.Count > 0 ? sights[0] : null);
        lock (_lock)
        {
            var stranger = Find(connection, topic, named?.Address ?? "") ?? Add(new Stranger(connection, topic, named?.Address ?? "", now));
            stranger.Spoke(now, ++_turn, shape, sights);
        }
    }

    /// <summary>All of them, those heard in the latest quarter of an hour first; within it by connection and topic, since the order of speaking would tell who spoke.</summary>
    public IReadOnlyList<PendingDevice> List()
    {
        lock (_lock)
            return [.. _strangers.OrderByDescending(stranger => stranger.LastSeen).ThenBy(stranger => stranger.Connection, StringComparer.Ordinal).ThenBy(stranger => stranger.Topic, StringComparer.Ordinal).ThenBy(stranger => stranger.Device, StringComparer.Ordinal).Select(stranger => stranger.Tell())];
    }

    private Stranger? Find(string connection, string topic, string device) =>
        _strangers.Find(stranger => stranger.Connection == connection && stranger.Topic == topic && stranger.Device == device);

    // One connection that makes up devices pushes out its own; where the list is full of others', the one with most gives one.
    private Stranger Add(Stranger stranger)
    {
        var own = _strangers.Where(other => other.Connection == stranger.Connection).ToList();
        if (own.Count >= _options.PendingDevicesPerConnectionMax || (own.Count > 0 && _strangers.Count >= _options.PendingDevicesMax))
            Forget(own);
        else if (_strangers.Count >= _options.PendingDevicesMax)
            Forget(_strangers.GroupBy(other => other.Connection).MaxBy(others => others.Count())!);
        _strangers.Add(stranger);
        return stranger;
    }

    private void Forget(IEnumerable<Stranger> among)
    {
        _strangers.Remove(among.MinBy(stranger => stranger.Turn)!);
        IntakeMetrics.PendingForgotten.Add(1);
    }

    private void ForgetKnown(AdmittedSite site)
    {
        lock (_lock)
            _strangers.RemoveAll(stranger => !site.IsStranger(stranger.Connection, stranger.Topic, stranger.Sights));
        foreach (var gone in _looks.Keys.Where(name => !site.Connections.ContainsKey(name)))
            _looks.TryRemove(gone, out _);
    }

    private sealed class Looks
    {
        private long _fullAt;

        public ref long FullAt => ref _fullAt;
    }
}

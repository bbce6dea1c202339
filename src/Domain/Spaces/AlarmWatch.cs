using Monitoring.Domain.Alarms;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Spaces;

/// <summary>Compares what a message changed in a space with its thresholds: density of the zones that the device observes, flow over its lines.</summary>
/// <remarks>
/// Only a message moves an alarm: there is no timer that runs while nothing is heard. A message that comes later than its channel
/// stays alive (twice the expected interval) corrects totals and moves no alarm.
/// </remarks>
/// <param name="space">The space as the site describes it.</param>
/// <param name="state">What it remembers; its alarms are changed in place.</param>
/// <param name="clock">What moves the clock.</param>
internal sealed class AlarmWatch(PublicSpace space, SpaceState state, ClockKind clock)
{
    private readonly Dictionary<string, Zone> _zones = space.Zones.ToDictionary(zone => zone.Id);
    private readonly Dictionary<string, List<(Device Device, DeviceChannel Channel)>> _sources = space.Zones.ToDictionary(zone => zone.Id, zone => SourcesOf(space, zone.Id));
    private readonly List<(CountingLine Line, FlowInterval Interval)> _closed = [];
    private readonly List<Alarm> _moved = [];

    /// <summary>Alarms moved since <see cref="Begin"/>, as they are now.</summary>
    public IReadOnlyList<Alarm> Moved => _moved;

    /// <summary>Begins with a message.</summary>
    public void Begin()
    {
        _moved.Clear();
        _closed.Clear();
    }

    /// <summary>Notes passages that a reading of the message counted.</summary>
    /// <param name="line">The line.</param>
    /// <param name="device">The device that counted them.</param>
    /// <param name="from">Start of the interval; null for an event.</param>
    /// <param name="time">End of the interval, or the instant of the event.</param>
    /// <param name="passages">In plus out.</param>
    public void Passed(CountingLine line, Device device, DateTimeOffset? from, DateTimeOffset time, long passages) =>
        _closed.AddRange(state.Lines[line.Id].Flow.Count(from, time, passages, 2 * device.Interval).Select(interval => (line, interval)));

    /// <summary>Judges what the message changed, after its readings have been applied.</summary>
    /// <param name="message">The message.</param>
    /// <param name="device">Its device.</param>
    public void Judge(AcceptedMessage message, Device device)
    {
        if (message.KnownUpTo is { } known && IsFresh(known, message, device))
            Vouch(device, known);
        foreach (var (line, interval) in _closed.Where(closed => IsFresh(closed.Interval.To, message, device)))
            Compare(Flow(line, interval, device), message.ArrivedAt);
        foreach (var zone in device.Channels.SelectMany(ZonesOf).Distinct().ToList())
            JudgeDensity(_zones[zone], message, device);
    }

    private void Vouch(Device device, DateTimeOffset watermark)
    {
        foreach (var line in device.Channels.Where(channel => channel.Observes == ChannelSubject.Passages).Select(channel => space.Lines.First(line => line.Id == channel.Subject)))
        {
            if (!state.Lines.TryGetValue(line.Id, out var memory))
                state.Lines[line.Id] = memory = new LineState();
            _closed.AddRange(memory.Flow.Vouch(watermark, 2 * device.Interval).Select(interval => (line, interval)));
        }
    }

    private void JudgeDensity(Zone zone, AcceptedMessage message, Device device)
    {
        var at = message.Readings.Select(reading => reading.Time).Append(message.Time).Max();
        if (!IsFresh(at, message, device) || !state.Zones.TryGetValue(zone.Id, out var memory))
            return;
        var density = Math.Max(0, memory.Estimate) / zone.AreaM2;
        Compare(new AlarmSample(AlarmRule.Density, zone.Id, zone.Name, device.Id, density, at, TimeSpan.Zero, 2 * device.Interval, IsCovered(zone.Id, message.ArrivedAt)), message.ArrivedAt);
    }

    private void Compare(AlarmSample sample, DateTimeOffset now)
    {
        if (state.Alarms.ThresholdFor(space.Thresholds, sample.Rule, sample.Subject, now) is { } threshold && state.Alarms.Judge(space.Id, threshold, sample, now, clock == ClockKind.Wall ? now : null) is { } moved)
            _moved.Add(moved);
    }

    private static AlarmSample Flow(CountingLine line, FlowInterval interval, Device device)
    {
        var length = interval.To - interval.From;
        var perMinuteAndMetre = interval.Passages / length.TotalMinutes / line.WidthM;
        return new AlarmSample(AlarmRule.Flow, line.Id, line.Name, device.Id, perMinuteAndMetre, interval.To, length, TimeSpan.Zero, interval.IsVouched);
    }

    // Where absolute sources see the zone they decide: all of them must be heard. Else every counter must be, or people may have left unseen, or come.
    private bool IsCovered(string zone, DateTimeOffset now)
    {
        var all = _sources[zone];
        var absolute = all.Where(source => source.Channel.Observes == ChannelSubject.People).ToList();
        return (absolute.Count > 0 ? absolute : all).All(source => state.Devices.TryGetValue(source.Device.Id, out var memory) && memory.IsAlive(source.Channel.Name, source.Device.Interval, now));
    }

    /// <summary>Whether a reading came in time for the live picture: at its arrival it was at most as old as a channel stays alive.</summary>
    /// <param name="time">Instant of the reading, or end of its interval.</param>
    /// <param name="message">The message that brought it.</param>
    /// <param name="device">Its device.</param>
    public static bool IsFresh(DateTimeOffset time, AcceptedMessage message, Device device) => message.ArrivedAt - time <= 2 * device.Interval;

    private IEnumerable<string> ZonesOf(DeviceChannel channel) => channel.Observes switch
    {
        ChannelSubject.People => [channel.Subject],
        ChannelSubject.Passages when space.Lines.FirstOrDefault(line => line.Id == channel.Subject) is { } line => ((string[])[line.From, line.To]).Where(_zones.ContainsKey),
        _ => [],
    };

    private static List<(Device Device, DeviceChannel Channel)> SourcesOf(PublicSpace space, string zone) =>
    [
        .. from device in space.Devices
           where device.Purpose == DevicePurpose.Live
           from channel in device.Channels
           where channel.Observes == ChannelSubject.People ? channel.Subject == zone
               : channel.Observes == ChannelSubject.Passages && space.Lines.Any(line => line.Id == channel.Subject && (line.From == zone || line.To == zone))
           select (device, channel),
    ];
}

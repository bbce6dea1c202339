using Monitoring.Domain.Alarms;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Spaces;

/// <summary>What a message does to a space. Pure: state and site in, state changed, fate of each reading out.</summary>
/// <param name="space">The space as the site describes it.</param>
/// <param name="state">What it remembers; changed in place.</param>
public sealed class SpaceModel(PublicSpace space, SpaceState state)
{
    private readonly Dictionary<string, Device> _devices = space.Devices.ToDictionary(device => device.Id);
    private readonly Dictionary<string, CountingLine> _lines = space.Lines.ToDictionary(line => line.Id);
    private readonly AlarmWatch _alarms = new(space, state);

    /// <summary>The space as the site describes it.</summary>
    public PublicSpace Space => space;

    /// <summary>Alarms that the last message moved, as they are after it.</summary>
    public IReadOnlyList<Alarm> Moved => _alarms.Moved;

    /// <summary>Applies one message and records a fate for each of its readings.</summary>
    /// <param name="message">The message.</param>
    /// <returns>How many readings were set aside, by reason.</returns>
    public IReadOnlyDictionary<SetAside, int> Apply(AcceptedMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var fates = new Dictionary<SetAside, int>();
        var device = _devices.GetValueOrDefault(message.DeviceId);
        var whole = FateOfAll(message, device);
        _alarms.Begin();
        foreach (var reading in message.Readings)
        {
            var fate = whole == SetAside.None ? Apply(reading, message, device!) : AsideUncounted(reading, device, whole);
            if (fate != SetAside.None)
                fates[fate] = fates.GetValueOrDefault(fate) + 1;
        }

        if (whole == SetAside.None)
            _alarms.Judge(message, device!);
        return fates;
    }

    /// <summary>Forgets what is too old to matter.</summary>
    /// <param name="now">The current instant.</param>
    public void Forget(DateTimeOffset now)
    {
        foreach (var line in state.Lines.Values)
            line.Forget(now, space.TimeZone);
    }

    private SetAside FateOfAll(AcceptedMessage message, Device? device)
    {
        if (device is null)
            return SetAside.NotInSite;

        // Of hours ago, and it says nothing any more: not even that there was nobody.
        if (message.Expired)
            return SetAside.Expired;
        var memory = DeviceOf(device.Id);
        memory.Note(message, device.Interval);
        if (state.ReceivedAt is null || message.ArrivedAt > state.ReceivedAt)
            state.ReceivedAt = message.ArrivedAt;
        if (message.Retained)
            return SetAside.Retained;
        if (message.Sequence is { } number && memory.Sequences.IsRepeat(number, message.TimeFromDevice ? message.Time : null))
            return SetAside.Duplicate;
        return device.Purpose == DevicePurpose.Statistics ? SetAside.Purpose : SetAside.None;
    }

    private SetAside Apply(Reading reading, AcceptedMessage message, Device device)
    {
        var channel = device.Channels.FirstOrDefault(known => known.Name == reading.Channel);
        if (channel is null && reading.Channel.Length > 0)
            return AsideUncounted(reading, device, SetAside.NotInSite);
        var fate = reading switch
        {
            CountReading count => Count(channel, message, device, count),
            TotalReading total => Advance(channel, message, device, total),
            OccupancyReading occupancy => Anchor(channel, message, device, occupancy.People, occupancy.Time),
            DensityReading density when ZoneOf(channel) is { } zone => Anchor(channel, message, device, density.PerM2 * zone.AreaM2, density.Time),
            DensityReading => AsideElsewhere(SetAside.NotInSite),
            _ => SetAside.None,
        };
        if (fate == SetAside.None)
            DeviceOf(device.Id).Note(reading);
        return fate;
    }

    private SetAside Count(DeviceChannel? channel, AcceptedMessage message, Device device, CountReading count)
    {
        if (LineOf(channel) is not { } line)
            return AsideElsewhere(SetAside.NotInSite);
        return Pass(line, message, device, new Passages(count.In, count.Out, count.From, count.Time), new RepeatMarks(message.Sequence is not null, message.StampShift));
    }

    private SetAside Advance(DeviceChannel? channel, AcceptedMessage message, Device device, TotalReading total)
    {
        if (LineOf(channel) is not { } line)
            return AsideElsewhere(SetAside.NotInSite);
        var memory = LineStateOf(line.Id);
        var step = memory.Counter.Advance(total.In, total.Out, total.Modulus, total.Time);
        if (step.Fate == SetAside.None)
            return Pass(line, message, device, new Passages(step.In, step.Out, step.From, total.Time), default);
        memory.SetAsideAt(step.Fate, total.Time, space.TimeZone);
        return step.Fate;
    }

    private SetAside Pass(CountingLine line, AcceptedMessage message, Device device, Passages passages, RepeatMarks told)
    {
        var memory = LineStateOf(line.Id);
        memory.Counted.Forget(message.ArrivedAt);
        var live = AlarmWatch.IsFresh(passages.Time, message, device);
        var fate = memory.Count(passages.In, passages.Out, passages.From, passages.Time, space.TimeZone, told, live);
        if (fate != SetAside.None)
            return fate;
        if (live)
            _alarms.Passed(line, device, passages.From, passages.Time, passages.In + passages.Out);

        // A zone that nothing has anchored since is nearer the truth with what came late than without it.
        var net = passages.In - passages.Out;
        if (line.To != CountingLine.Outside)
            ZoneStateOf(line.To).Pass(net, passages.From ?? passages.Time);
        if (line.From != CountingLine.Outside)
            ZoneStateOf(line.From).Pass(-net, passages.From ?? passages.Time);
        return fate;
    }

    private SetAside Anchor(DeviceChannel? channel, AcceptedMessage message, Device device, double people, DateTimeOffset time)
    {
        if (ZoneOf(channel) is not { } zone)
            return AsideElsewhere(SetAside.NotInSite);

        // It says how many there were then, not who has passed since: as an anchor it would take the zone back in time.
        if (!AlarmWatch.IsFresh(time, message, device))
            return AsideElsewhere(SetAside.Late);
        var taken = ZoneStateOf(zone.Id).Anchor($"{device.Id}/{channel!.Name}", people, time, 2 * device.Interval);
        return taken ? SetAside.None : AsideElsewhere(SetAside.Duplicate);
    }

    private SetAside AsideUncounted(Reading reading, Device? device, SetAside fate)
    {
        var channel = device?.Channels.FirstOrDefault(known => known.Name == reading.Channel);
        if (LineOf(channel) is not { } line)
            return AsideElsewhere(fate);
        LineStateOf(line.Id).SetAsideAt(fate, (reading as CountReading)?.From ?? reading.Time, space.TimeZone);
        return fate;
    }

    private SetAside AsideElsewhere(SetAside fate)
    {
        state.SetAsideElsewhere[fate] = state.SetAsideElsewhere.GetValueOrDefault(fate) + 1;
        return fate;
    }

    private CountingLine? LineOf(DeviceChannel? channel) =>
        channel?.Observes == ChannelSubject.Passages ? _lines.GetValueOrDefault(channel.Subject) : null;

    private Zone? ZoneOf(DeviceChannel? channel) =>
        channel?.Observes == ChannelSubject.People ? space.Zones.FirstOrDefault(zone => zone.Id == channel.Subject) : null;

    private DeviceState DeviceOf(string id) => Of(state.Devices, id);

    private LineState LineStateOf(string id) => Of(state.Lines, id);

    private ZoneState ZoneStateOf(string id) => Of(state.Zones, id);

    private static T Of<T>(Dictionary<string, T> all, string id)
        where T : new()
    {
        if (!all.TryGetValue(id, out var one))
            all[id] = one = new T();
        return one;
    }

    private readonly record struct Passages(long In, long Out, DateTimeOffset? From, DateTimeOffset Time);
}

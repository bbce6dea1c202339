using Monitoring.Domain.Alarms;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Privacy;

namespace Monitoring.Domain.Spaces;

/// <summary>What a message does to a space. Pure: state and site in, state changed, fate of each reading out.</summary>
/// <param name="space">The space as the site describes it.</param>
/// <param name="state">What it remembers; changed in place.</param>
/// <param name="clock">What moves the clock. On a replay's, readings come before it moves: their stamps are the time of the live picture.</param>
/// <param name="repeats">How much is remembered to recognise repeats; null for the defaults.</param>
/// <param name="cells">In which cells passages are released; null where nothing is.</param>
public sealed class SpaceModel(PublicSpace space, SpaceState state, ClockKind clock = ClockKind.Wall, RepeatLimits? repeats = null, ICellPlan? cells = null)
{
    /// <summary>A newest arrival this far ahead of now says that the hub's clock was put back. The clocks of its machines differ by less; a smaller step has passed before it matters.</summary>
    public static readonly TimeSpan PutBackMin = TimeSpan.FromMinutes(1);

    private readonly RepeatLimits _repeats = repeats ?? new RepeatLimits();
    private readonly Dictionary<string, Device> _devices = space.Devices.ToDictionary(device => device.Id);
    private readonly Dictionary<string, CountingLine> _lines = space.Lines.ToDictionary(line => line.Id);
    private readonly AlarmWatch _alarms = new(space, state, clock);

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
        var live = clock == ClockKind.Wall ? LiveStamps.Of(message) : message;
        var whole = FateOfAll(message, live, device);
        _alarms.Begin();
        for (var i = 0; i < message.Readings.Count; i++)
        {
            var reading = message.Readings[i];
            var fate = whole == SetAside.None ? Apply(reading, live.Readings[i], message, device!) : AsideUncounted(reading, device, whole);
            if (fate != SetAside.None)
                fates[fate] = fates.GetValueOrDefault(fate) + 1;
        }

        if (whole == SetAside.None && device!.Purpose == DevicePurpose.Live)
            _alarms.Judge(live, device);
        return fates;
    }

    /// <summary>Takes note of the hub's clock, before a message is applied and before a look. Where it was put back, signs of life, anchors and flow of the time ahead would outlive their devices: they are dropped.</summary>
    /// <param name="now">The current instant.</param>
    /// <returns>Whether it was put back. A replay's clock never is.</returns>
    public bool NoteClock(DateTimeOffset now)
    {
        if (clock != ClockKind.Wall || state.ReceivedAt is not { } newest || newest - now <= PutBackMin)
            return false;
        state.PutBack(now);
        return true;
    }

    /// <summary>Forgets what is too old to matter.</summary>
    /// <param name="now">The current instant.</param>
    /// <returns>Whether a number went, so that it has to go from the disk too.</returns>
    public bool Forget(DateTimeOffset now)
    {
        var went = false;
        foreach (var (id, line) in state.Lines)
            went |= line.Forget(now, space.TimeZone, cells?.CellOf(id, now) is not null);
        foreach (var zone in state.Zones.Values)
            went |= zone.Presence.Forget(now);
        return went;
    }

    private SetAside FateOfAll(AcceptedMessage message, AcceptedMessage live, Device? device)
    {
        if (device is null)
            return SetAside.NotInSite;

        // Of hours ago, and it says nothing any more: not even that there was nobody.
        if (message.Expired)
            return SetAside.Expired;
        var memory = DeviceOf(device.Id);
        memory.Note(live, device, LatestOf(message));
        if (message is { Retained: false, ClockFaulty: false, KnownUpTo: { } known })
            memory.Heard.Note(known, 2 * device.Interval);
        if (state.ReceivedAt is null || message.ArrivedAt > state.ReceivedAt)
            state.ReceivedAt = message.ArrivedAt;
        if (message.Retained)
            return SetAside.Retained;
        if (message.Sequence is { } number && memory.Sequences.IsRepeat(number, message.TimeFromDevice ? message.Time : null, _repeats.NumbersMax))
            return SetAside.Duplicate;
        return SetAside.None;
    }

    private SetAside Apply(Reading reading, Reading live, AcceptedMessage message, Device device)
    {
        var channel = device.Channels.FirstOrDefault(known => known.Name == reading.Channel);
        if (channel is null && reading.Channel.Length > 0)
            return AsideUncounted(reading, device, SetAside.NotInSite);
        if (device.Purpose == DevicePurpose.Statistics)
            return ApplyUnseen(reading, channel, message, device);
        var fate = (reading, live) switch
        {
            (CountReading count, CountReading shown) when LineOf(channel) is { } line =>
                Pass(line, message, device, new CountedPassages(count.In, count.Out, count.From, count.Time), shown.Time, new RepeatMarks(message.Sequence is not null, message.StampShift) { Limits = _repeats }),
            (TotalReading total, _) when LineOf(channel) is { } line => Advance(line, message, device, total, live.Time),
            (OccupancyReading occupancy, OccupancyReading shown) when ZoneOf(channel) is { } zone => Occupy(zone, message, device, occupancy, shown),
            (DensityReading, DensityReading shown) when ZoneOf(channel) is { } zone => NoteElsewhere(Anchor(zone, message, device, shown, shown.PerM2 * zone.AreaM2)),
            (CountReading or TotalReading or OccupancyReading or DensityReading, _) => AsideElsewhere(SetAside.NotInSite),
            _ => SetAside.None,
        };
        if (fate == SetAside.None)
            DeviceOf(device.Id).Note(live, message, device, LatestOf(message));
        return fate;
    }

    // What serves statistics alone is counted in the cells of its lines and zones, and leaves no other trace: no total, no anchor, no alarm.
    private SetAside ApplyUnseen(Reading reading, DeviceChannel? channel, AcceptedMessage message, Device device)
    {
        if (reading is OccupancyReading occupancy && ZoneOf(channel) is { } zone)
            return NoteElsewhere(Sample(zone, message, device, occupancy) ?? SetAside.Purpose);
        if (LineOf(channel) is not { } line)
        {
            if (reading is HealthReading)
                DeviceOf(device.Id).Note(reading, message, device, LatestOf(message));
            return reading is OccupancyReading or DensityReading or CountReading or TotalReading ? AsideElsewhere(SetAside.Purpose) : SetAside.None;
        }

        var memory = LineStateOf(line.Id);
        var (passages, told, fate) = reading switch
        {
            CountReading count => (new CountedPassages(count.In, count.Out, count.From, count.Time), new RepeatMarks(message.Sequence is not null, message.StampShift) { Limits = _repeats }, SetAside.None),
            TotalReading total => Step(memory, total),
            _ => (default, default, SetAside.Purpose),
        };
        if (fate == SetAside.None && CellOf(line, message, passages) is { } cell && cell != LineState.NoCell)
        {
            memory.Counted.Forget(message.ArrivedAt);
            return memory.CountUnseen(passages.In, passages.Out, passages.From, passages.Time, space.TimeZone, told, cell);
        }

        fate = fate == SetAside.None ? SetAside.Purpose : fate;
        memory.SetAsideAt(fate, reading.Time, space.TimeZone);
        return fate;
    }

    private (CountedPassages Passages, RepeatMarks Told, SetAside Fate) Step(LineState memory, TotalReading total)
    {
        var step = memory.Counter.Advance(total.In, total.Out, total.Modulus, total.Time);
        return (new CountedPassages(step.In, step.Out, step.From, total.Time), new RepeatMarks { Limits = _repeats }, step.Fate);
    }

    private SetAside Advance(CountingLine line, AcceptedMessage message, Device device, TotalReading total, DateTimeOffset liveTime)
    {
        var memory = LineStateOf(line.Id);
        var (passages, told, fate) = Step(memory, total);
        if (fate == SetAside.None)
            return Pass(line, message, device, passages, liveTime, told);
        memory.SetAsideAt(fate, total.Time, space.TimeZone);
        return fate;
    }

    private SetAside Pass(CountingLine line, AcceptedMessage message, Device device, CountedPassages passages, DateTimeOffset liveTime, RepeatMarks told)
    {
        var memory = LineStateOf(line.Id);
        memory.Counted.Forget(message.ArrivedAt);
        var isLive = AlarmWatch.IsFresh(liveTime, message, device);
        var lead = passages.Time - liveTime;
        var fate = memory.Count(passages.In, passages.Out, passages.From, passages.Time, space.TimeZone, told, isLive, lead, CellOf(line, message, passages));
        if (fate != SetAside.None)
            return fate;
        DateTimeOffset? from = passages.From is { } start ? LiveStamps.Earlier(start, lead) : null;
        if (isLive)
            _alarms.Passed(line, device, from, liveTime, passages.In + passages.Out);

        // A zone that nothing has anchored since is nearer the truth with what came late than without it.
        var net = passages.In - passages.Out;
        if (line.To != CountingLine.Outside)
            ZoneStateOf(line.To).Pass(net, from ?? liveTime);
        if (line.From != CountingLine.Outside)
            ZoneStateOf(line.From).Pass(-net, from ?? liveTime);
        return fate;
    }

    private SetAside Occupy(Zone zone, AcceptedMessage message, Device device, OccupancyReading occupancy, OccupancyReading live)
    {
        var sampled = Sample(zone, message, device, occupancy);
        var anchored = Anchor(zone, message, device, live, live.People);
        return NoteElsewhere(sampled == SetAside.None ? SetAside.None : anchored);
    }

    private SetAside? Sample(Zone zone, AcceptedMessage message, Device device, OccupancyReading occupancy) =>
        !message.ClockFaulty && cells?.PresenceCellOf(zone.Id, device.Id, occupancy.Time) is { } cell ? ZoneStateOf(zone.Id).Presence.Sample(occupancy.People, occupancy.Time, cell) : null;

    // What a stamp that is not believed is about happened nobody knows when: in a cell of today it could be people of another day.
    private DateTimeOffset? CellOf(CountingLine line, AcceptedMessage message, CountedPassages passages) =>
        message.ClockFaulty ? LineState.NoCell : cells?.CellOf(line.Id, passages.From ?? passages.Time);

    private SetAside Anchor(Zone zone, AcceptedMessage message, Device device, Reading live, double people)
    {
        // It says how many there were then, not who has passed since: as an anchor it would take the zone back in time.
        if (!AlarmWatch.IsFresh(live.Time, message, device))
            return SetAside.Late;
        return ZoneStateOf(zone.Id).Anchor($"{device.Id}/{live.Channel}", people, live.Time, 2 * device.Interval) ? SetAside.None : SetAside.Duplicate;
    }

    private SetAside AsideUncounted(Reading reading, Device? device, SetAside fate)
    {
        var channel = device?.Channels.FirstOrDefault(known => known.Name == reading.Channel);
        if (LineOf(channel) is not { } line)
            return AsideElsewhere(fate);
        LineStateOf(line.Id).SetAsideAt(fate, (reading as CountReading)?.From ?? reading.Time, space.TimeZone);
        return fate;
    }

    // The latest instant that a stamp stands for in the live picture.
    private DateTimeOffset LatestOf(AcceptedMessage message) => clock == ClockKind.Wall ? message.ArrivedAt : DateTimeOffset.MaxValue;

    private SetAside NoteElsewhere(SetAside fate) => fate == SetAside.None ? fate : AsideElsewhere(fate);

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

    private readonly record struct CountedPassages(long In, long Out, DateTimeOffset? From, DateTimeOffset Time);
}

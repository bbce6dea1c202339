using Monitoring.Domain.Crowd;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Privacy;
using Monitoring.Domain.Spaces;

namespace Monitoring.Privacy.Tests;

/// <summary>The true numbers of one day as the hub counts them: messages through the model of their space, into cells of the day's plan.</summary>
/// <param name="day">The day. The streams of its passages are called <c>LINE/in</c> and <c>LINE/out</c>, those of presence as their zones.</param>
/// <param name="space">Its devices are called as the line or the zone that they count.</param>
internal sealed class CountedDay(ReleaseDay day, PublicSpace space) : ICellPlan
{
    private readonly SpaceState _state = new();
    private SpaceModel? _model;
    private long _messages;

    /// <summary>Of each series and cell in which something was counted.</summary>
    public IReadOnlyDictionary<(string Series, DateTimeOffset From), long> Sums
    {
        get
        {
            var series = day.Terms.Groups.SelectMany(group => group.Series.Series).SelectMany(one => one.Streams, (one, stream) => (one.Name, stream.Text)).ToDictionary(one => one.Text, one => one.Name);
            return Counted().GroupBy(one => (series[one.Stream], one.From), one => one.Count).ToDictionary(sum => sum.Key, sum => sum.Sum());
        }
    }

    /// <summary>A space with a counter for each line and a camera for each zone.</summary>
    /// <param name="lines">Ids of lines.</param>
    /// <param name="zones">Ids of zones.</param>
    /// <param name="purpose">Of what the devices say.</param>
    public static PublicSpace Space(IReadOnlyList<string> lines, IReadOnlyList<string> zones, DevicePurpose purpose) => new(
        "square", "Square", "Testville", Pipeline.Brussels, [],
        [.. zones.Select(zone => new Zone(zone, zone, 100, 100, []))],
        [.. lines.Select(line => new CountingLine(line, line, 3, CountingLine.Outside, zones[0], []))],
        [],
        [.. lines.Select(line => Of(line, DeviceKind.Counter, ChannelSubject.Passages, purpose)), .. zones.Select(zone => Of(zone, DeviceKind.CountingCamera, ChannelSubject.People, purpose))],
        [])
    {
        Release = ReleaseRules.Default(zones.Count),
    };

    public DateTimeOffset? CellOf(string line, DateTimeOffset instant) => day.CellAt(ReleaseKind.Flow, instant)?.From;

    public DateTimeOffset? PresenceCellOf(string zone, string device, DateTimeOffset instant) => day.CellAt(ReleaseKind.Presence, instant)?.From;

    /// <summary>Takes a reading as a message of its own, which arrives at once.</summary>
    /// <param name="reading">Its channel is the line or the zone.</param>
    public void Take(Reading reading) => Take(Message(++_messages, reading));

    /// <summary>Takes a message.</summary>
    /// <param name="message">The message.</param>
    public void Take(AcceptedMessage message) => (_model ??= new SpaceModel(space, _state, cells: this)).Apply(message);

    /// <summary>Takes a reading past the model, into what adds up: ten times faster, for the many cases.</summary>
    /// <param name="reading">Its channel is the line or the zone.</param>
    public void Add(Reading reading)
    {
        switch (reading)
        {
            case CountReading count:
                Add(count.Channel, count.Time, count.In, count.Out);
                break;
            case TotalReading total:
                var step = LineOf(total.Channel).Counter.Advance(total.In, total.Out, total.Modulus, total.Time);
                if (step.Fate == SetAside.None)
                    Add(total.Channel, step.From, step.In, step.Out);
                break;
            case OccupancyReading heads:
                ZoneOf(heads.Channel).Presence.Sample(heads.People, heads.Time, PresenceCellOf(heads.Channel, heads.Channel, heads.Time)!.Value);
                break;
        }
    }

    /// <summary>A message that arrives at once.</summary>
    /// <param name="number">The device's number for it.</param>
    /// <param name="readings">Its readings, of the same line or zone; the last is the newest.</param>
    public static AcceptedMessage Message(long number, params IReadOnlyList<Reading> readings) => new()
    {
        DeviceId = readings[0].Channel,
        Profile = "native/1",
        ArrivedAt = readings[^1].Time,
        Time = readings[^1].Time,
        TimeFromDevice = true,
        Sequence = number,
        Readings = readings,
    };

    private static Device Of(string id, DeviceKind kind, ChannelSubject subject, DevicePurpose purpose) =>
        new(id, id, kind, "native", purpose, TimeSpan.FromMinutes(1), [new DeviceChannel(id, subject, id)]);

    private void Add(string line, DateTimeOffset at, long passagesIn, long passagesOut) =>
        LineOf(line).Count(passagesIn, passagesOut, null, at, Pipeline.Brussels, new RepeatMarks(Numbered: true, default), cell: CellOf(line, at));

    private LineState LineOf(string id) => _state.Lines.TryGetValue(id, out var line) ? line : _state.Lines[id] = new LineState();

    private ZoneState ZoneOf(string id) => _state.Zones.TryGetValue(id, out var zone) ? zone : _state.Zones[id] = new ZoneState();

    private IEnumerable<(string Stream, DateTimeOffset From, long Count)> Counted()
    {
        foreach (var (id, line) in _state.Lines)
        {
            foreach (var (from, passages) in line.OpenCells)
            {
                yield return ($"{id}/in", from, passages.In);
                yield return ($"{id}/out", from, passages.Out);
            }
        }

        foreach (var (id, zone) in _state.Zones)
        {
            foreach (var (from, presence) in zone.Presence.Open)
                yield return (id, from, presence.PersonMinutes);
        }
    }
}

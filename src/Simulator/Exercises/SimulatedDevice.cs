using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;
using Monitoring.Simulator.Crowd;
using Monitoring.Simulator.Intake;
using Monitoring.Simulator.Perimeter;

namespace Monitoring.Simulator.Exercises;

/// <summary>Decides what one device says and when, from what is true around it.</summary>
/// <remarks>
/// At the start and then once per expected interval: what its channels observe, then a heartbeat. A count of zero is not sent: the
/// heartbeat says it. A position is sent at once when it changes.
/// </remarks>
internal sealed class SimulatedDevice
{
    private static readonly TimeSpan HealthEvery = TimeSpan.FromMinutes(10);

    private readonly Device _device;
    private readonly SpaceCrowd _crowd;
    private readonly Random _random;
    private readonly string _topic;
    private readonly long _intervalSeconds;
    private readonly long _offsetSeconds;
    private readonly HashSet<string> _elements;
    private readonly BollardPlay? _bollards;
    private readonly DeviceHealth _health;
    private readonly Dictionary<string, LinePassages> _reported = [];
    private readonly DateTimeOffset _startedAt;
    private DateTimeOffset _reportedAt;
    private DateTimeOffset _healthAt = DateTimeOffset.MinValue;

    /// <summary>Creates a device.</summary>
    /// <param name="device">The device as the site describes it.</param>
    /// <param name="space">Its space.</param>
    /// <param name="crowd">What is true there.</param>
    /// <param name="random">Seeded source of its own.</param>
    /// <param name="now">The instant at which it is switched on.</param>
    public SimulatedDevice(Device device, PublicSpace space, SpaceCrowd crowd, Random random, DateTimeOffset now)
    {
        (_device, _crowd, _random) = (device, crowd, random);
        _topic = NativeMessage.TopicOf(device.Id);
        _intervalSeconds = Math.Max(1, (long)device.Interval.TotalSeconds);
        _offsetSeconds = random.NextInt64(_intervalSeconds);
        _elements = [.. space.BarrierLines.SelectMany(line => line.Elements).Where(element => element.Device == device.Id).Select(element => element.Channel!)];
        _bollards = _elements.Count > 0 ? new BollardPlay(random) : null;
        _health = new DeviceHealth(random);
        (_startedAt, _reportedAt) = (now, now);
    }

    /// <summary>Lets one second pass.</summary>
    /// <param name="now">The instant at its end.</param>
    /// <returns>Messages that the device sends at that instant, in order; mostly none.</returns>
    public IEnumerable<OutgoingMessage> Step(DateTimeOffset now)
    {
        var moved = _bollards?.Step() ?? false;
        if ((now.ToUnixTimeSeconds() + _offsetSeconds) % _intervalSeconds == 0)
            return Report(now);
        return moved ? [Message(now, Positions(now))] : [];
    }

    /// <summary>What the device says now: its readings and a heartbeat.</summary>
    /// <param name="now">The instant.</param>
    public IEnumerable<OutgoingMessage> Report(DateTimeOffset now)
    {
        List<Reading> readings = [.. _device.Channels.Where(channel => !_elements.Contains(channel.Name)).SelectMany(channel => Observe(channel, now)), .. Positions(now)];
        if (now - _healthAt >= HealthEvery)
            _healthAt = now;
        _reportedAt = now;
        if (readings.Count > 0)
            yield return Message(now, readings);
        yield return new OutgoingMessage(_topic, NativeMessage.Heartbeat(now));
    }

    private OutgoingMessage Message(DateTimeOffset now, IReadOnlyList<Reading> readings) => new(_topic, NativeMessage.Of(now, readings));

    private IEnumerable<Reading> Observe(DeviceChannel channel, DateTimeOffset now)
    {
        switch (channel.Observes)
        {
            case ChannelSubject.Passages when Passed(channel) is { } passed && passed != default:
                yield return new CountReading(channel.Name, now, passed.In, passed.Out, _reportedAt);
                break;
            case ChannelSubject.People:
                yield return new OccupancyReading(channel.Name, now, _crowd.PeopleIn(channel.Subject));
                break;
            case ChannelSubject.Itself when _device.Kind == DeviceKind.NoiseMeter:
                yield return new NoiseReading(channel.Name, now, LaeqDb());
                break;
            case ChannelSubject.Itself when now - _healthAt >= HealthEvery:
                yield return new HealthReading(channel.Name, now, _health.At(now - _startedAt, now, _crowd.TimeZone));
                break;
        }
    }

    private LinePassages Passed(DeviceChannel channel)
    {
        var total = _crowd.PassagesOf(channel.Subject);
        var passed = total.Since(_reported.GetValueOrDefault(channel.Name));
        _reported[channel.Name] = total;
        return passed;
    }

    private IReadOnlyList<Reading> Positions(DateTimeOffset now) =>
        _bollards is null ? [] : [.. _elements.Order(StringComparer.Ordinal).Select(element => new PositionReading(element, now, _bollards.Position))];

    // A quiet square at night has about 45 dB(A); ten times the people, ten decibels more.
    private double LaeqDb() => Math.Round(Math.Clamp(45 + 10 * Math.Log10(1 + _crowd.People / 10.0) + 1.2 * _random.Normal(), ReadingLimits.NoiseDbMin, ReadingLimits.NoiseDbMax), 1);
}

using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;
using Monitoring.Simulator.Crowd;
using Monitoring.Simulator.Perimeter;

namespace Monitoring.Simulator.Equipment;

/// <summary>Decides what one device says and when, from what is true around it and what is wrong with it.</summary>
/// <remarks>
/// At the start and then once per expected interval it tells what its channels observe. A position is told at once when it changes.
/// What it has to say leaves it up to <see cref="JitterMax"/> later than it was measured, in order.
/// </remarks>
internal sealed class SimulatedDevice
{
    /// <summary>Longest time between measuring and sending. Devices of short intervals are faster: a fifth of the interval.</summary>
    public static readonly TimeSpan JitterMax = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan HealthEvery = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset DeadClockBegan = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Device _device;
    private readonly SpaceCrowd _crowd;
    private readonly Random _random;
    private readonly DeviceSpeech _speech;
    private readonly DeviceEye _eye;
    private readonly DeviceFault[] _faults;
    private readonly long _intervalSeconds;
    private readonly long _offsetSeconds;
    private readonly HashSet<string> _elements;
    private readonly BollardPlay? _bollards;
    private readonly DeviceHealth _health;
    private readonly DateTimeOffset _startedAt;
    private readonly Queue<(DateTimeOffset SendAt, DeviceReport Report)> _leaving = [];
    private DateTimeOffset _healthAt = DateTimeOffset.MinValue;
    private DateTimeOffset _lastSendAt = DateTimeOffset.MinValue;

    /// <summary>Creates a device.</summary>
    /// <param name="device">The device as the site describes it.</param>
    /// <param name="space">Its space.</param>
    /// <param name="crowd">What is true there.</param>
    /// <param name="topics">Topics of the site's connections.</param>
    /// <param name="faults">What is wrong with it, and when; those of others are not looked at.</param>
    /// <param name="random">Seeded source of its own.</param>
    /// <param name="now">The instant at which it is switched on.</param>
    public SimulatedDevice(Device device, PublicSpace space, SpaceCrowd crowd, IReadOnlyCollection<string> topics, IEnumerable<DeviceFault> faults, Random random, DateTimeOffset now)
    {
        (_device, _crowd, _random, _startedAt) = (device, crowd, random, now);
        _faults = [.. faults.Where(fault => fault.Subject == device.Id)];
        _elements = [.. space.BarrierLines.SelectMany(line => line.Elements).Where(element => element.Device == device.Id).Select(element => element.Channel!)];
        _bollards = _elements.Count > 0 ? new BollardPlay(random) : null;
        _speech = DeviceSpeech.Of(device, space.TimeZone, topics, _bollards);
        _eye = new DeviceEye(crowd, _speech, random, now);
        _intervalSeconds = Math.Max(1, (long)device.Interval.TotalSeconds);
        _offsetSeconds = _speech.OnTheClock ? 0 : random.NextInt64(_intervalSeconds);
        _health = new DeviceHealth(random);
    }

    /// <summary>What it says when it is switched on, at once.</summary>
    /// <param name="at">Time since the start of the scene.</param>
    public IEnumerable<DeviceReport> Begin(TimeSpan at) => Acts(FaultKind.Silent, at) ? [] : Report(_startedAt, at, TimeSpan.Zero);

    /// <summary>Lets one second pass.</summary>
    /// <param name="now">The instant at its end.</param>
    /// <param name="at">The same as time since the start of the scene.</param>
    /// <returns>What it sends at that instant, in order; mostly nothing.</returns>
    public IEnumerable<DeviceReport> Step(DateTimeOffset now, TimeSpan at)
    {
        var moved = _bollards?.Step(StuckAt(at)) ?? false;
        if (Acts(FaultKind.Silent, at))
        {
            _eye.Sleep(_device.Channels, now);
            _leaving.Clear();
            return [];
        }

        if ((now.ToUnixTimeSeconds() + _offsetSeconds) % _intervalSeconds == 0)
            Enqueue(now, delay => Report(now, at, delay));
        else if (moved)
            Enqueue(now, delay => Say(now, at, delay, Positions(now), scheduled: false));
        return _leaving.Count == 0 ? [] : Leaving(now);
    }

    private void Enqueue(DateTimeOffset now, Func<TimeSpan, IEnumerable<DeviceReport>> say)
    {
        // A message does not overtake the one before it.
        var jitter = TimeSpan.FromSeconds(_random.NextInt64((long)Math.Min(JitterMax.TotalSeconds, _intervalSeconds / 5.0) + 1));
        _lastSendAt = now + jitter > _lastSendAt ? now + jitter : _lastSendAt;
        foreach (var report in say(_lastSendAt - now))
            _leaving.Enqueue((_lastSendAt, report));
    }

    private List<DeviceReport> Leaving(DateTimeOffset now)
    {
        var reports = new List<DeviceReport>();
        while (_leaving.TryPeek(out var next) && next.SendAt <= now)
            reports.Add(_leaving.Dequeue().Report);
        return reports;
    }

    private IEnumerable<DeviceReport> Report(DateTimeOffset now, TimeSpan at, TimeSpan delay)
    {
        List<Reading> readings = [.. _device.Channels.Where(channel => !_elements.Contains(channel.Name)).Select(channel => Observe(channel, now, at)).OfType<Reading>(), .. Positions(now)];
        if (now - _healthAt >= HealthEvery)
            _healthAt = now;
        _eye.Told(_device.Channels, now);
        return Say(now, at, delay, readings, scheduled: true);
    }

    private IEnumerable<DeviceReport> Say(DateTimeOffset now, TimeSpan at, TimeSpan delay, IReadOnlyList<Reading> readings, bool scheduled)
    {
        // Its clock counts on from 2000, as long as it has been switched on: no stamp comes twice.
        var shift = Acts(FaultKind.DeadClock, at) ? DeadClockBegan - _startedAt : TimeSpan.Zero;
        return _speech.Say(now + shift, delay, [.. readings.Select(reading => Shifted(reading, shift))], scheduled);
    }

    private Reading? Observe(DeviceChannel channel, DateTimeOffset now, TimeSpan at) => channel.Observes switch
    {
        ChannelSubject.Itself when _device.Kind == DeviceKind.NoiseMeter => new NoiseReading(channel.Name, now, _eye.LaeqDb()),
        ChannelSubject.Itself when now - _healthAt >= HealthEvery => new HealthReading(channel.Name, now, _health.At(now - _startedAt, now, _crowd.TimeZone, RunDown(at))),
        ChannelSubject.Itself => null,
        _ => _eye.Look(channel, now),
    };

    private IReadOnlyList<Reading> Positions(DateTimeOffset now) => _bollards is null ? [] : [.. _elements.Order(StringComparer.Ordinal).Select(element => new PositionReading(element, now, _bollards.Position))];

    private static Reading Shifted(Reading reading, TimeSpan by) => reading is CountReading count
        ? count with { Time = count.Time + by, From = count.From + by }
        : reading with { Time = reading.Time + by };

    private ElementPosition? StuckAt(TimeSpan at) =>
        Acts(FaultKind.StuckLowered, at) ? ElementPosition.Lowered : Acts(FaultKind.StuckMoving, at) ? ElementPosition.Moving : null;

    private double? RunDown(TimeSpan at) => Array.Find(_faults, fault => fault.Kind == FaultKind.BatteryRunsDown && fault.Acts(at)) is { } fault ? (at - fault.From) / fault.For : null;

    private bool Acts(FaultKind kind, TimeSpan at)
    {
        foreach (var fault in _faults)
        {
            if (fault.Kind == kind && fault.Acts(at))
                return true;
        }

        return false;
    }
}

using Monitoring.Domain.Alarms;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Perimeter;

namespace Monitoring.Domain.Spaces;

/// <summary>Works out what may be shown of a space at an instant: numbers with age, coverage and quality.</summary>
/// <param name="space">The space as the site describes it.</param>
/// <param name="state">What it remembers. Looking moves the levels held for silent sources, and the trend.</param>
public sealed class SpaceView(PublicSpace space, SpaceState state)
{
    /// <summary>A source is overdue after one interval and a half: a healthy one is late by its own and the network's delay each time.</summary>
    public const double OverdueAfterIntervals = 1.5;

    private readonly IReadOnlyList<ChannelSource> _sources = SourcesOf(space);

    // Lines that only a device for statistics counts: not there, rather than empty.
    private readonly HashSet<string> _unseen =
    [
        .. space.Devices.Where(device => device.Purpose == DevicePurpose.Statistics).SelectMany(device => device.Channels).Where(channel => channel.Observes == ChannelSubject.Passages).Select(channel => channel.Subject),
    ];

    /// <summary>The state of now.</summary>
    /// <param name="now">The current instant.</param>
    /// <param name="clock">What moves the clock.</param>
    public SpaceSnapshot At(DateTimeOffset now, ClockKind clock)
    {
        var zones = space.Zones.Select(zone => ZoneAt(zone, now)).ToList();
        var worst = zones.MaxBy(zone => (zone.LevelOfService.Severity(), zone.Density ?? -1))!;
        int? people = zones.TrueForAll(zone => zone.People is not null) ? zones.Sum(zone => zone.People!.Value) : null;
        state.Trend.Note(people, now);
        var trust = Trust(_sources, now);
        return new SpaceSnapshot
        {
            Id = space.Id,
            Name = space.Name,
            City = space.City,
            Sequence = state.Sequence,
            AsOf = now,
            Clock = clock == ClockKind.Wall ? "wall" : "replay",
            People = people,
            Density = worst.Density,
            LevelOfService = worst.LevelOfService,
            Trend = state.Trend.PerMinute(people, now),
            Coverage = trust.Coverage,
            AgeSeconds = trust.AgeSeconds,
            Quality = zones.Max(zone => zone.Quality),
            Reasons = [.. zones.SelectMany(zone => zone.Reasons).Distinct()],
            Zones = zones,
            Lines = [.. space.Lines.Where(line => !_unseen.Contains(line.Id)).Select(line => LineAt(line, now))],
            BarrierLines = [.. space.BarrierLines.Select(line => BarrierLineAt(line, now))],
            Alarms = AlarmSummary.Of(state.Alarms.Open),
            Thresholds = [.. ThresholdsAt(now)],
            ReceivedAt = clock == ClockKind.Wall ? state.ReceivedAt : null,
        };
    }

    private IEnumerable<ThresholdSnapshot> ThresholdsAt(DateTimeOffset now)
    {
        var subjects = space.Zones.Select(zone => (AlarmRule.Density, zone.Id)).Concat(space.Lines.Where(line => !_unseen.Contains(line.Id)).Select(line => (AlarmRule.Flow, line.Id)));
        foreach (var (rule, subject) in subjects)
        {
            if (state.Alarms.ThresholdFor(space.Thresholds, rule, subject, now) is not { } threshold)
                continue;
            var change = state.Alarms.ChangeFor(rule, subject, now);
            yield return new ThresholdSnapshot(rule, subject, threshold.On, threshold.Off, change?.Until, change?.By, change?.Reason);
        }
    }

    private ZoneSnapshot ZoneAt(Zone zone, DateTimeOffset now)
    {
        var memory = state.Zones.TryGetValue(zone.Id, out var known) ? known : state.Zones[zone.Id] = new ZoneState();
        var trust = Trust([.. _sources.Where(source => source.Zones.Contains(zone.Id))], now);
        var figures = memory.Look(zone.AreaM2, trust.Coverage.Total, trust.Coverage.Alive);
        var reasons = trust.Reasons;
        var quality = trust.Quality;
        if (figures.People is not null)
        {
            if (memory.AnchoredAt is null)
                reasons.Add(QualityReason.NotAnchored);
            if (memory.Estimate < 0)
                reasons.Add(QualityReason.NegativeEstimate);
            if (reasons.Count > 0 && quality == Quality.Good)
                quality = Quality.Degraded;
        }

        if (figures.LevelHeld)
            reasons.Add(QualityReason.LevelHeld);
        return new ZoneSnapshot(zone.Id, zone.Name, zone.Capacity, figures.People, figures.DensityPerM2, figures.Level, trust.Coverage, trust.AgeSeconds, quality, reasons);
    }

    private LineSnapshot LineAt(CountingLine line, DateTimeOffset now)
    {
        var memory = state.Lines.GetValueOrDefault(line.Id) ?? new LineState();
        List<ChannelSource> sources = [.. _sources.Where(source => source.Line == line.Id)];
        var trust = Trust(sources, now);
        var today = LineState.LocalDay(now, space.TimeZone);
        var day = memory.Day(today);
        var previous = memory.Day(today.AddDays(-1));
        var watermark = sources.Select(source => StateOf(source.Device)?.HeartbeatAt).Max();
        var flow = trust.Coverage.Alive == 0 ? null : memory.FlowPerMinute(watermark);
        var inward = flow is null ? null : memory.FlowInPerMinute(watermark);
        return new LineSnapshot(line.Id, line.Name, new LineTotal(day.In, day.Out), new LineTotal(previous.In, previous.Out), line.WidthM, flow, inward, flow - inward, trust.Coverage, trust.AgeSeconds, trust.Quality, trust.Reasons);
    }

    private BarrierLineSnapshot BarrierLineAt(BarrierLine line, DateTimeOffset now)
    {
        var positions = line.Elements.Select(element => PositionOf(element, now)).ToList();
        var gaps = line.Elements.Where((_, i) => positions[i] != ElementPosition.Raised).Select(element => element.Id);
        var elements = line.Elements.Select((element, i) => new BarrierElementSnapshot(element.Id, element.Name, positions[i], element.Device is not null));
        return new BarrierLineSnapshot(line.Id, line.Name, BarrierLines.Join(positions), [.. gaps], [.. elements]);
    }

    private ElementPosition PositionOf(BarrierElement element, DateTimeOffset now)
    {
        if (space.Devices.FirstOrDefault(device => device.Id == element.Device) is not { } device || StateOf(device) is not { } memory)
            return ElementPosition.Unknown;
        var channel = element.Channel!;
        return memory.IsAlive(channel, device.Interval, now) ? memory.Positions.GetValueOrDefault(channel) : ElementPosition.Unknown;
    }

    private TrustIn Trust(IReadOnlyList<ChannelSource> sources, DateTimeOffset now)
    {
        var heard = sources.Where(source => SignOf(source) is not null).ToList();
        var alive = heard.Where(source => StateOf(source.Device)!.IsAlive(source.Channel, source.Device.Interval, now)).ToList();
        var coverage = new Coverage(alive.Count, sources.Count);
        List<string> reasons = [];
        if (sources.Count == 0)
            reasons.Add(QualityReason.NoSource);
        else if (heard.Count == 0 && sources.All(source => StateOf(source.Device)?.LinkAt is null))
            reasons.Add(QualityReason.NeverHeard);
        else if (alive.Count < sources.Count)
            reasons.Add(QualityReason.SourcesSilent);
        if (alive.Exists(source => StateOf(source.Device)!.ClockFaulty))
            reasons.Add(QualityReason.ClockFaulty);
        if (alive.Count == 0)
            return new TrustIn(coverage, null, Quality.Unknown, reasons);
        var age = Math.Max(0, alive.Max(source => (now - SignOf(source)!.Value).TotalSeconds));
        var overdue = alive.TrueForAll(source => now - SignOf(source)!.Value > OverdueAfterIntervals * source.Device.Interval);
        if (overdue)
            reasons.Add(QualityReason.Overdue);
        var quality = overdue ? Quality.Stale : reasons.Count > 0 ? Quality.Degraded : Quality.Good;
        return new TrustIn(coverage, age, quality, reasons);
    }

    private DateTimeOffset? SignOf(ChannelSource source) => StateOf(source.Device)?.LastSign(source.Channel);

    private DeviceState? StateOf(Device device) => state.Devices.GetValueOrDefault(device.Id);

    private static List<ChannelSource> SourcesOf(PublicSpace space)
    {
        var lines = space.Lines.ToDictionary(line => line.Id);
        return
        [
            .. from device in space.Devices
               where device.Purpose == DevicePurpose.Live
               from channel in device.Channels
               where channel.Observes != ChannelSubject.Itself
               let line = channel.Observes == ChannelSubject.Passages ? lines[channel.Subject] : null
               select new ChannelSource(device, channel.Name, line?.Id, line is null ? [channel.Subject] : [line.From, line.To]),
        ];
    }

    private sealed record ChannelSource(Device Device, string Channel, string? Line, string[] Zones);

    private sealed record TrustIn(Coverage Coverage, double? AgeSeconds, Quality Quality, List<string> Reasons);
}

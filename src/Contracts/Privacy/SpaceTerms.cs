using Monitoring.Domain.Crowd;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Privacy;
using Monitoring.Domain.Spaces;
using Monitoring.Privacy;

namespace Monitoring.Contracts.Privacy;

/// <summary>From what the site says of a space to the terms of its releases.</summary>
public static class SpaceTerms
{
    // Longest cell: a day on which clocks go back.
    private const long LongestCellMinutes = 25 * 60;

    /// <summary>What holds from now on for the days of a space.</summary>
    /// <param name="space">The space.</param>
    /// <param name="version">Version of the site.</param>
    public static DayTerms Now(PublicSpace space, int version)
    {
        ArgumentNullException.ThrowIfNull(space);
        if (space.Release.Class == PlaceClass.Closed)
            return new DayTerms(version, space.TimeZone.Id, space.Release, []);
        return new DayTerms(version, space.TimeZone.Id, space.Release, [.. LinesOf(space)]) { Zones = space.Release.Presence is null ? [] : [.. ZonesOf(space)] };
    }

    /// <summary>The terms as promises.</summary>
    /// <param name="space">Id of the space.</param>
    /// <param name="terms">What holds.</param>
    /// <returns>Null where nothing is released.</returns>
    /// <exception cref="ArgumentException">They cannot be kept; the message says what to do.</exception>
    public static ReleaseTerms? Of(string space, DayTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (terms.Lines.Count == 0 && terms.Zones.Count == 0)
            return null;
        var rules = terms.Rules;
        var share = new Epsilon(terms.Lines.Count > 0 && terms.Zones.Count > 0 ? rules.EpsilonMicro / 2 : rules.EpsilonMicro);
        List<ReleaseGroup> groups = [];
        if (terms.Lines.Count > 0)
            groups.Add(FlowOf(terms, share));
        if (terms.Zones.Count > 0)
            groups.Add(PresenceOf(terms, share));
        return new ReleaseTerms(space, Math.Max(1, terms.Version), TimeZoneInfo.FindSystemTimeZoneById(terms.TimeZone), new Epsilon(rules.EpsilonMicro), groups, rules.Class == PlaceClass.Sensitive);
    }

    /// <summary>What is wrong with the rules of a space; null where nothing is.</summary>
    /// <param name="space">The space.</param>
    public static string? Problem(PublicSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        if (space.Release is { Presence: not null, Class: not PlaceClass.Closed } && PresenceProblem(space) is { } problem)
            return problem;
        try
        {
            Of(space.Id, Now(space, 1));
            return null;
        }
        catch (ArgumentException wrong)
        {
            return wrong.Message;
        }
    }

    private static IEnumerable<ReleasedLine> LinesOf(PublicSpace space) =>
        from device in space.Devices
        from channel in device.Channels
        where channel.Observes == ChannelSubject.Passages
        select new ReleasedLine(channel.Subject, device.Id, StreamOf(device, channel)) { Lag = device.Lag };

    // One device for each zone: two that see the same people would count each of them twice.
    private static IEnumerable<ReleasedZone> ZonesOf(PublicSpace space) =>
        from zone in space.Zones
        from gauge in GaugesOf(space, zone).Take(1)
        select new ReleasedZone(zone.Id, gauge.Device.Id, StreamOf(gauge.Device, gauge.Channel));

    private static IEnumerable<(Device Device, DeviceChannel Channel)> GaugesOf(PublicSpace space, Zone zone) =>
        from device in space.Devices
        where device.Interval <= PresenceRules.IntervalMax
        from channel in device.Channels
        where channel.Observes == ChannelSubject.People && channel.Subject == zone.Id && !channel.OnChange
        select (device, channel);

    private static string StreamOf(Device device, DeviceChannel channel) => Uri.EscapeDataString($"{device.Profile}/{device.Address}/{channel.Name}");

    private static string? PresenceProblem(PublicSpace space)
    {
        var zones = space.Zones.Where(zone => GaugesOf(space, zone).Any()).ToList();
        if (zones.Count == 0)
            return $"Presence is to be released, and no device counts the people in a zone at least every {PresenceRules.IntervalMax.TotalSeconds:0} s, whether or not their number changes; leave 'presence' out, or give a zone such a device.";
        if (zones.Count > 1 && zones.Find(zone => zone.Outline.Count == 0) is { } bare)
            return $"The zone '{bare.Id}' has no outline, and people in more than one zone are to be released: nobody could see whether the same person is counted in two; give it an outline, or leave 'presence' out.";
        var pairs = from one in zones from other in zones where string.CompareOrdinal(one.Id, other.Id) < 0 && Outlines.Overlap(one.Outline, other.Outline) select (one, other);
        return pairs.Select(pair => $"The outlines of the zones '{pair.one.Id}' and '{pair.other.Id}' overlap, so that one person would be counted in both; draw them apart, or leave 'presence' out.").FirstOrDefault();
    }

    private static ReleaseGroup FlowOf(DayTerms terms, Epsilon share)
    {
        var series = terms.Lines.SelectMany(line => new[] { new Series(line.SeriesIn, new StreamId($"{line.Stream}/in")), new Series(line.SeriesOut, new StreamId($"{line.Stream}/out")) });
        var typical = MinutesOf(terms.Rules.Plan) * terms.Rules.TypicalPerHour / 60;
        return new ReleaseGroup(ReleaseKind.Flow, share, new Sensitivity(terms.Rules.Crossings), PlanOf(terms.Rules), new SeriesMap([.. series]), LongestCellMinutes * CumulativeCounter.PlausiblePerMinuteMax, typical);
    }

    private static ReleaseGroup PresenceOf(DayTerms terms, Epsilon share)
    {
        var rules = terms.Rules.Presence ?? throw new ArgumentException("Zones are released without a bound on the minutes of presence.");
        var series = terms.Zones.Select(zone => new Series(zone.Series, new StreamId(zone.Stream)));
        return new ReleaseGroup(ReleaseKind.Presence, share, Sensitivity.Presence(rules.Minutes), PlanOf(terms.Rules), new SeriesMap([.. series]), LongestCellMinutes * ReadingLimits.PeopleMax, MinutesOf(terms.Rules.Plan) * rules.TypicalPeople);
    }

    private static ReleasePlan PlanOf(ReleaseRules rules)
    {
        var plan = rules.Plan switch
        {
            CellLength.P5 => ReleasePlan.P5,
            CellLength.P15 => ReleasePlan.P15,
            CellLength.P60 => ReleasePlan.P60,
            CellLength.Parts => ReleasePlan.Parts,
            _ => ReleasePlan.Day,
        };
        return rules.NightBlock && rules.Plan is (CellLength.P5 or CellLength.P15 or CellLength.P60) ? plan.WithNightBlock() : plan;
    }

    // Of the shortest cell; parts of a day and whole days are not measured by what is typical in an hour.
    private static int? MinutesOf(CellLength plan) => plan switch
    {
        CellLength.P5 => 5,
        CellLength.P15 => 15,
        CellLength.P60 => 60,
        _ => null,
    };
}

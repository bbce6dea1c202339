using Monitoring.Domain.Crowd;
using Monitoring.Domain.Equipment;
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
        return new DayTerms(version, space.TimeZone.Id, space.Release, space.Release.Class == PlaceClass.Closed ? [] : [.. LinesOf(space)]);
    }

    /// <summary>The terms as promises.</summary>
    /// <param name="space">Id of the space.</param>
    /// <param name="terms">What holds.</param>
    /// <returns>Null where nothing is released.</returns>
    /// <exception cref="ArgumentException">They cannot be kept; the message says what to do.</exception>
    public static ReleaseTerms? Of(string space, DayTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (terms.Lines.Count == 0)
            return null;
        var rules = terms.Rules;
        var plan = PlanOf(rules);
        var budget = new Epsilon(rules.EpsilonMicro);
        var series = terms.Lines.SelectMany(line => new[] { new Series(line.SeriesIn, new StreamId($"{line.Stream}/in")), new Series(line.SeriesOut, new StreamId($"{line.Stream}/out")) });
        var flow = new ReleaseGroup(ReleaseKind.Flow, budget, new Sensitivity(rules.Crossings), plan, new SeriesMap([.. series]), LongestCellMinutes * CumulativeCounter.PlausiblePerMinuteMax, TypicalOf(rules));
        return new ReleaseTerms(space, Math.Max(1, terms.Version), TimeZoneInfo.FindSystemTimeZoneById(terms.TimeZone), budget, [flow], rules.Class == PlaceClass.Sensitive);
    }

    /// <summary>What is wrong with the rules of a space; null where nothing is.</summary>
    /// <param name="space">The space.</param>
    public static string? Problem(PublicSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
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
        select new ReleasedLine(channel.Subject, device.Id, Uri.EscapeDataString($"{device.Profile}/{device.Address}/{channel.Name}"));

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

    // Of the shortest cell; parts of a day and whole days are not measured by an hour.
    private static long? TypicalOf(ReleaseRules rules) => rules.Plan switch
    {
        CellLength.P5 => rules.TypicalPerHour / 12,
        CellLength.P15 => rules.TypicalPerHour / 4,
        CellLength.P60 => rules.TypicalPerHour,
        _ => null,
    };
}

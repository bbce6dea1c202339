using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Spaces;

/// <summary>What passes a counting line, against what may.</summary>
/// <param name="Line">The line.</param>
/// <param name="WidthM">Width in metres; null where it is not known.</param>
/// <param name="PerMinuteMetre">People per minute and metre, in plus out; null where it is not known.</param>
/// <param name="Limit">Level of the flow alarm, people per minute and metre; null where there is none.</param>
public sealed record ExitFlow(LineSnapshot Line, double? WidthM, double? PerMinuteMetre, double? Limit)
{
    private const string FlowRule = "flow";

    // From here on the bar is coloured: the same four fifths at which a flow alarm returns.
    private const double Near = 0.8;

    /// <summary>Flow in parts of the limit, 0 or more; null where either is not known.</summary>
    public double? Share => PerMinuteMetre / Limit;

    /// <summary>How near to the limit it is, as the style sheet names it.</summary>
    public string Class => Share switch { null => "unknown", >= 1 => "over", >= Near => "near", _ => "" };

    /// <summary>Every line of a space, the nearest to its limit first; lines whose flow is not known last.</summary>
    /// <param name="space">The space as the site describes it; null before the site is known.</param>
    /// <param name="snapshot">Its state.</param>
    public static IReadOnlyList<ExitFlow> Of(PublicSpace? space, SpaceSnapshot snapshot) =>
    [
        .. snapshot.Lines.Select(line => Of(space, line))
            .OrderByDescending(flow => flow.PerMinuteMetre is not null)
            .ThenByDescending(flow => flow.Share)
            .ThenByDescending(flow => flow.PerMinuteMetre)
            .ThenBy(flow => flow.Line.Name, StringComparer.Ordinal),
    ];

    private static ExitFlow Of(PublicSpace? space, LineSnapshot line)
    {
        var width = space?.Lines.FirstOrDefault(known => known.Id == line.Id)?.WidthM;
        return new ExitFlow(line, width, line.FlowPerMinute / width, LimitOf(space, FlowRule, line.Id));
    }

    /// <summary>Level at which a rule raises for a subject: its own, else that of the whole space; null where neither is set.</summary>
    public static double? LimitOf(PublicSpace? space, string rule, string subject) =>
        (space?.Thresholds.FirstOrDefault(threshold => threshold.Rule == rule && threshold.Subject == subject) ?? space?.Thresholds.FirstOrDefault(threshold => threshold.Rule == rule && threshold.Subject is null))?.On;
}

using Monitoring.Domain.Alarms;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Spaces;

/// <summary>What passes a counting line, against what may.</summary>
/// <param name="Line">The line.</param>
/// <param name="PerMinuteMetre">People per minute and metre, in plus out; null where it is not known.</param>
/// <param name="Limit">On level of the flow alarm, people per minute and metre; null where there is none.</param>
public sealed record ExitFlow(LineSnapshot Line, double? PerMinuteMetre, double? Limit)
{
    // From here on the bar is coloured: the four fifths at which a flow alarm returns.
    private const double Near = 0.8;

    /// <summary>Flow in parts of the limit, 0 or more; null where either is not known.</summary>
    public double? Share => PerMinuteMetre / Limit;

    /// <summary>How near to the limit it is, as the style sheet names it.</summary>
    public string Class => PerMinuteMetre is null ? "unknown" : Share switch { null => "", >= 1 => "over", >= Near => "near", _ => "" };

    /// <summary>Every line of a space, the nearest to its limit first; lines whose flow is not known last.</summary>
    /// <param name="snapshot">State of the space.</param>
    public static IReadOnlyList<ExitFlow> Of(SpaceSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return
        [
            .. snapshot.Lines.Select(line => new ExitFlow(line, line.FlowPerMinuteMetre, LimitOf(snapshot, AlarmRule.Flow, line.Id)))
                .OrderByDescending(flow => flow.PerMinuteMetre is not null)
                .ThenByDescending(flow => flow.Share)
                .ThenByDescending(flow => flow.PerMinuteMetre)
                .ThenBy(flow => flow.Line.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>On level that applies now to a zone or line; null where there is none.</summary>
    /// <param name="snapshot">State of the space.</param>
    /// <param name="rule">One of <see cref="AlarmRule"/>.</param>
    /// <param name="subject">Id of the zone or line.</param>
    public static double? LimitOf(SpaceSnapshot snapshot, string rule, string subject)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return snapshot.Thresholds.FirstOrDefault(threshold => threshold.Rule == rule && threshold.Subject == subject)?.On;
    }
}

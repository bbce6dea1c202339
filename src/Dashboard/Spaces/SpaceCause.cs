using Monitoring.Domain.Alarms;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Spaces;

/// <summary>Why a space stands where it does, in one sentence: the first thing that a person asks after the level.</summary>
public static class SpaceCause
{
    /// <summary>The sentence; null before the first state.</summary>
    /// <param name="state">State of the space.</param>
    public static string? Of(SpaceSnapshot? state)
    {
        if (state is null)
            return null;
        var worst = state.Zones.MaxBy(zone => (zone.LevelOfService.Severity(), zone.Density ?? -1));
        var busiest = ExitFlow.Of(state) is [var first, ..] ? first : null;
        if (worst is null)
            return "The site lists no zone.";
        var zone = worst.Density is null ? Blind(worst) : Dense(state, worst);
        return busiest is { Share: >= 0.8 } ? $"{zone} {busiest.Line.Name} passes {Words.Rate(busiest.PerMinuteMetre)} people/min/m of {Words.Rate(busiest.Limit)}." : zone;
    }

    private static string Blind(ZoneSnapshot zone)
    {
        var why = zone.Reasons.Count > 0 ? Words.Reason(zone.Reasons[0], zone.Coverage).ToLowerInvariant() : "no source is alive";
        return zone.LevelOfService == LevelOfService.Unknown ? $"{zone.Name} is not known: {why}." : $"{zone.Name} is not known: {why}; level {zone.LevelOfService} is kept from before.";
    }

    private static string Dense(SpaceSnapshot state, ZoneSnapshot zone)
    {
        var limit = ExitFlow.LimitOf(state, AlarmRule.Density, zone.Id);
        var against = limit is null ? "no alarm level is set" : zone.Density >= limit ? $"at or over the alarm level of {Words.Density(limit)}" : $"alarm from {Words.Density(limit)}";
        return $"{(state.Zones.Count > 1 ? "Densest is " : "")}{zone.Name}: {Words.Density(zone.Density)} people/m², {against}.";
    }
}

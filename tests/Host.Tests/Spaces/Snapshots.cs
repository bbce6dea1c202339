using Monitoring.Domain.Alarms;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Spaces;

namespace Monitoring.Host.Tests.Spaces;

/// <summary>States of a space as it tells of them.</summary>
internal static class Snapshots
{
    /// <summary>A space without parts, of which nothing is known.</summary>
    public static SpaceSnapshot Empty(string id, params IReadOnlyCollection<Alarm> open) => new()
    {
        Id = id,
        Name = id,
        City = "Nice",
        Sequence = 1,
        AsOf = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero),
        Clock = "wall",
        People = null,
        Density = null,
        LevelOfService = LevelOfService.Unknown,
        Trend = null,
        Coverage = new(0, 0),
        AgeSeconds = null,
        Quality = Quality.Unknown,
        Reasons = [],
        Zones = [],
        Lines = [],
        BarrierLines = [],
        Alarms = AlarmSummary.Of(open),
        Thresholds = [],
    };
}

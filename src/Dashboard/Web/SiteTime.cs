using System.Globalization;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Web;

/// <summary>The time of day where the spaces are, if all share it; else UTC.</summary>
internal static class SiteTime
{
    public static DateTimeOffset Local(Site? site, DateTimeOffset instant)
    {
        var offsets = (site?.Spaces ?? []).Select(space => space.TimeZone.GetUtcOffset(instant)).Distinct().Take(2).ToList();
        return offsets.Count == 1 ? instant.ToOffset(offsets[0]) : instant.ToUniversalTime();
    }

    public static string Clock(DateTimeOffset local) => local.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Date(DateTimeOffset local) => local.ToString("ddd d MMM yyyy", CultureInfo.InvariantCulture);

    public static string Zone(DateTimeOffset local) =>
        local.Offset == TimeSpan.Zero ? "UTC" : string.Create(CultureInfo.InvariantCulture, $"UTC{(local.Offset < TimeSpan.Zero ? "−" : "+")}{local.Offset:h\\:mm}").Replace(":00", "", StringComparison.Ordinal);
}

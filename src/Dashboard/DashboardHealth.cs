using Monitoring.Dashboard.Spaces;

namespace Monitoring.Dashboard;

/// <summary>How the dashboard is, for health checks and the start message.</summary>
public sealed class DashboardHealth
{
    private readonly LiveFeed _feed;

    internal DashboardHealth(LiveFeed feed) => _feed = feed;

    /// <summary>What it waits for, for people; null where every space of the site is live.</summary>
    public string? NotReadyBecause
    {
        get
        {
            if (_feed.Site is null)
                return "the site is not known yet";
            var lost = _feed.All().Count(space => !space.IsLive);
            return lost == 0 ? null : $"{lost} spaces are not live";
        }
    }
}

using System.ComponentModel.DataAnnotations;

namespace Monitoring.Dashboard.Spaces;

/// <summary>Limits and times of the live feed. Section <c>Dashboard:Live</c>.</summary>
public sealed class LiveOptions
{
    public const string Section = "Dashboard:Live";

    /// <summary>Most live subscribers of this process, event streams and open pages together; more are answered 429 with Retry-After. 1 to 10000, default 500.</summary>
    [Range(1, 10_000)]
    public int SubscribersMax { get; init; } = 500;

    /// <summary>A space that was not confirmed for so many seconds is shown as lost. 2 to 4, default 3: with the page's own second it stays under 5.</summary>
    [Range(2, 4)]
    public int LostAfterSeconds { get; init; } = 3;

    /// <summary>Pause between two renderings of one page, milliseconds; the first change is shown at once. 20 to 1000, default 50.</summary>
    [Range(20, 1_000)]
    public int RenderPauseMilliseconds { get; init; } = 50;
}

using System.ComponentModel.DataAnnotations;

namespace Monitoring.Dashboard.Equipment;

/// <summary>Times of the equipment pages. Section <c>Dashboard:Equipment</c>.</summary>
public sealed class EquipmentOptions
{
    public const string Section = "Dashboard:Equipment";

    /// <summary>The spaces are asked for the state of their equipment so often while somebody looks, once for all open pages, seconds. 1 to 60, default 3.</summary>
    [Range(1, 60)]
    public int PollSeconds { get; init; } = 3;
}

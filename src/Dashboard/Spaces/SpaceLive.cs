using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Spaces;

/// <summary>What the live feed has of one space. A new instance with each change, so that a row can tell by reference whether it must be drawn again.</summary>
/// <param name="Id">Space id.</param>
/// <param name="Name">Name for people, from the site: known before the first state.</param>
/// <param name="City">City it lies in.</param>
/// <param name="Update">The newest state as it travels; null before the first.</param>
/// <param name="Snapshot">The same, read; null before the first.</param>
/// <param name="IsLive">Whether the space answered lately.</param>
public sealed record SpaceLive(string Id, string Name, string City, SpaceUpdate? Update, SpaceSnapshot? Snapshot, bool IsLive)
{
    /// <summary>Sequence of the newest state; 0 before the first.</summary>
    public long Sequence => Update?.Sequence ?? 0;
}

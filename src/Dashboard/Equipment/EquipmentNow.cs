using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Equipment;

/// <summary>The equipment of one space as it last answered.</summary>
/// <param name="Space">The space.</param>
/// <param name="Devices">Its devices; none before the first answer.</param>
/// <param name="AnsweredAt">When it answered, by the wall clock; null before the first answer.</param>
/// <param name="IsLive">Whether it answered when it was last asked.</param>
internal sealed record SpaceEquipment(PublicSpace Space, IReadOnlyList<DeviceStatus> Devices, DateTimeOffset? AnsweredAt, bool IsLive);

/// <summary>What is known of all equipment.</summary>
/// <param name="Site">The site; null before it is known.</param>
/// <param name="Spaces">The spaces in the order of the site.</param>
/// <param name="Rejected">Messages refused lately, newest first; null where no gateway has answered yet.</param>
/// <param name="IsRejectedLive">Whether a gateway answered when last asked.</param>
/// <param name="At">When it was asked, by the hub's clock; null before that.</param>
/// <param name="AskedAt">The same by the wall clock.</param>
internal sealed record EquipmentNow(CompiledSite? Site, IReadOnlyList<SpaceEquipment> Spaces, IReadOnlyList<RejectedMessage>? Rejected, bool IsRejectedLive, DateTimeOffset? At, DateTimeOffset? AskedAt)
{
    /// <summary>Devices that the site does not know; null where no gateway has answered yet.</summary>
    public IReadOnlyList<PendingDevice>? Pending { get; init; }

    /// <summary>Whether a gateway answered when last asked about them.</summary>
    public bool IsPendingLive { get; init; }

    public static readonly EquipmentNow Nothing = new(null, [], null, false, null, null);
}

using System.ComponentModel.DataAnnotations;

namespace Monitoring.Silo.Privacy;

/// <summary>The release ledger. Section <c>Silo:Releases</c>.</summary>
public sealed class ReleaseOptions
{
    /// <summary>How long released cells and charges are kept, days of the space's zone; then only sums of months are. 1 to 3,650, default 761 (25 months).</summary>
    [Range(1, 3_650)]
    public int RetentionDays { get; init; } = 761;
}

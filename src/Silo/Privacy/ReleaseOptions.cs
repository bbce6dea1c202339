using System.ComponentModel.DataAnnotations;

namespace Monitoring.Silo.Privacy;

/// <summary>The release ledger. Section <c>Silo:Releases</c>.</summary>
public sealed class ReleaseOptions
{
    /// <summary>How long released cells and charges are kept at least, days of the space's zone. The days of a month go together, once the last of them is older; then only the month's sum is kept. 1 to 3,650, default 761 (25 months).</summary>
    [Range(1, 3_650)]
    public int RetentionDays { get; init; } = 761;
}

namespace Monitoring.Domain.Crowd;

/// <summary>Passages of one direction and the other.</summary>
public sealed class PassageTally
{
    /// <summary>Passages inward.</summary>
    public long In { get; set; }

    /// <summary>Passages outward.</summary>
    public long Out { get; set; }
}

namespace Monitoring.Domain.Crowd;

/// <summary>Passages in both directions within one closed interval.</summary>
/// <param name="From">UTC start, included.</param>
/// <param name="To">UTC end, excluded.</param>
/// <param name="Passages">In plus out.</param>
/// <param name="In">Of them inward.</param>
public sealed record CountedInterval(DateTimeOffset From, DateTimeOffset To, long Passages, long In = 0);

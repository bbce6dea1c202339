namespace Monitoring.Domain.History;

/// <summary>Which points become a file.</summary>
/// <param name="Space">The space.</param>
/// <param name="Series">The series; null for all of the space.</param>
/// <param name="Grid">The grid.</param>
/// <param name="From">UTC, included.</param>
/// <param name="To">UTC, excluded; points that have an instant in common with the range are in the file.</param>
/// <param name="Max">Most points; a file that would have more is not made, since part of it would pass for the whole.</param>
/// <param name="Format">Kind of file.</param>
/// <param name="WithNoise">Whether noisy sums are in it, and what their noise is known by: for the data protection officer.</param>
public sealed record HistoryExport(string Space, string? Series, HistoryGrid Grid, DateTimeOffset From, DateTimeOffset To, int Max, HistoryFormat Format, bool WithNoise = false);

/// <summary>Kind of a file of points.</summary>
public enum HistoryFormat
{
    /// <summary>Comma-separated text (RFC 4180), UTF-8.</summary>
    Csv,

    /// <summary>Apache Parquet, compressed with Zstandard.</summary>
    Parquet,
}

/// <summary>A file of points, made and ready.</summary>
/// <param name="Content">Its bytes from the first one on; whoever is given it disposes of it, and nothing of it stays on disk.</param>
/// <param name="Points">How many points are in it.</param>
public sealed record HistoryFile(Stream Content, long Points);

using System.ComponentModel.DataAnnotations;

namespace Monitoring.Dashboard.History;

/// <summary>Limits of what is read from history. Section <c>Dashboard:History</c>.</summary>
public sealed class HistoryReadOptions
{
    public const string Section = "Dashboard:History";

    /// <summary>Questions and files of history that this process answers at once to those who are signed in; more are answered 429 with Retry-After. 1 to 1000, default 16.</summary>
    [Range(1, 1_000)]
    public int AtOnceMax { get; init; } = 16;

    /// <summary>Requests for public pages and data from one address in one window; more are answered 429 with Retry-After. 1 to 100000, default 120.</summary>
    [Range(1, 100_000)]
    public int PublicRequestsMax { get; init; } = 120;

    /// <summary>Length of that window, seconds. 1 to 3600, default 60.</summary>
    [Range(1, 3_600)]
    public int PublicWindowSeconds { get; init; } = 60;

    /// <summary>Requests for public pages and data that this process works on at once, over all addresses; more are answered 503 with Retry-After. 1 to 1000, default 8.</summary>
    [Range(1, 1_000)]
    public int PublicAtOnceMax { get; init; } = 8;
}

using System.Text.Json.Serialization;

namespace Monitoring.Domain.History;

/// <summary>One number that anybody outside the control room may see, or why there is none: a released cell, or a whole hour, day or month put together from released cells.</summary>
/// <remarks>Assembled once from the release ledger and copied from there; nobody adds, averages or fills afterwards.</remarks>
/// <param name="Key">What it is about: unique in a store.</param>
/// <param name="To">UTC end, excluded.</param>
/// <param name="Kind">What is counted.</param>
/// <param name="LocalDay">The day in the space's zone.</param>
/// <param name="HourOfWeek">Hour of the week in the space's zone in which it begins, 0 (Monday 00:00) to 167.</param>
/// <param name="Shown">The number as published, or why there is none.</param>
/// <param name="Coverage">How much of it was observed.</param>
/// <param name="Noise">What its noise is known by, and its noisy sum.</param>
/// <param name="TermsVersion">Version of the terms under which its cells were released.</param>
public sealed record HistoryPoint(
    HistoryKey Key, DateTimeOffset To, HistoryKind Kind, DateOnly LocalDay, int HourOfWeek, ShownValue Shown, HistoryCoverage Coverage, HistoryNoise Noise, int TermsVersion);

/// <summary>What a point is known by. Written again, it replaces the one that was there.</summary>
/// <param name="Space">The space.</param>
/// <param name="Series">The series.</param>
/// <param name="Grid">How long it is.</param>
/// <param name="From">UTC start, included.</param>
public sealed record HistoryKey(string Space, string Series, HistoryGrid Grid, DateTimeOffset From);

/// <summary>A number as it is published.</summary>
/// <param name="Value">The number, 10 or more; null where there is none.</param>
/// <param name="Reason">A fixed word where there is none, such as <c>suppressed</c>, <c>no-data</c>, <c>refused</c>, <c>restored</c>, <c>withdrawn</c>; otherwise null.</param>
/// <param name="Err95">The true sum lies within this distance of the number at least 19 times in 20.</param>
public sealed record ShownValue(long? Value, string? Reason, long Err95);

/// <summary>How much of a point was observed; from heartbeats and schedules, never from counts.</summary>
/// <param name="Alive">Sources that were alive, the fewest of its cells.</param>
/// <param name="Total">Sources of the series.</param>
/// <param name="Unconfirmed">Whether a source without a heartbeat is among them: its silence may be an outage.</param>
/// <param name="Cells">Cells of which it consists, 1 or more.</param>
/// <param name="CellsReleased">How many of them have a number.</param>
public sealed record HistoryCoverage(int Alive, int Total, bool Unconfirmed, int Cells, int CellsReleased);

/// <summary>What sums of points need; the data protection officer sees it too.</summary>
/// <param name="Noisy">Sum of the released numbers with their noise, which may be negative; null where no cell has one.</param>
/// <param name="EpsilonMicro">What the group spends in a day, millionths; of a month within which it changed, what it spent last.</param>
/// <param name="Sensitivity">How far one person can move the group's numbers of a day; of a month likewise.</param>
public sealed record HistoryNoise(long? Noisy, long EpsilonMicro, long Sensitivity);

/// <summary>What is counted.</summary>
[JsonConverter(typeof(KebabCaseConverter<HistoryKind>))]
public enum HistoryKind
{
    /// <summary>Crossings of lines.</summary>
    Flow,

    /// <summary>Person-minutes.</summary>
    Presence,
}

/// <summary>How long a point is.</summary>
/// <remarks>Hours and days follow the clock on the wall of the space. A cell that is longer than an hour stands for itself among the hours.</remarks>
public enum HistoryGrid
{
    /// <summary>The cell, as it was released.</summary>
    Cell,

    /// <summary>An hour.</summary>
    Hour,

    /// <summary>A day.</summary>
    Day,

    /// <summary>A month, of what was released in it; its coverage says how much that is.</summary>
    Month,
}

/// <summary>Names of grids as interfaces and stores write them.</summary>
public static class HistoryGridText
{
    private static readonly (HistoryGrid Grid, string Name)[] Names = [(HistoryGrid.Cell, "cell"), (HistoryGrid.Hour, "PT1H"), (HistoryGrid.Day, "P1D"), (HistoryGrid.Month, "P1M")];

    /// <summary>The name: <c>cell</c>, <c>PT1H</c>, <c>P1D</c> or <c>P1M</c>.</summary>
    /// <param name="grid">The grid.</param>
    public static string ToName(this HistoryGrid grid) => Names.First(known => known.Grid == grid).Name;

    /// <summary>The grid of a name; null where there is none.</summary>
    /// <param name="name">The name.</param>
    public static HistoryGrid? Of(string name) => Names.Where(known => known.Name == name).Select(known => (HistoryGrid?)known.Grid).FirstOrDefault();
}

/// <summary>Names of what is counted as interfaces and stores write them.</summary>
public static class HistoryKindText
{
    private static readonly (HistoryKind Kind, string Name)[] Names = [(HistoryKind.Flow, "flow"), (HistoryKind.Presence, "presence")];

    /// <summary>The name: <c>flow</c> or <c>presence</c>.</summary>
    /// <param name="kind">What is counted.</param>
    public static string ToName(this HistoryKind kind) => Names.First(known => known.Kind == kind).Name;

    /// <summary>What a name stands for; null where there is nothing.</summary>
    /// <param name="name">The name.</param>
    public static HistoryKind? Of(string name) => Names.Where(known => known.Name == name).Select(known => (HistoryKind?)known.Kind).FirstOrDefault();
}

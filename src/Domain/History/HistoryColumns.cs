namespace Monitoring.Domain.History;

/// <summary>A column of an exported file.</summary>
/// <param name="Name">As it stands in the file.</param>
/// <param name="Type">Kind of value: text, integer, number, boolean, date, instant.</param>
/// <param name="Unit">Unit; null where it has none.</param>
/// <param name="Meaning">One sentence for the reader of the file.</param>
public sealed record HistoryColumn(string Name, string Type, string? Unit, string Meaning);

/// <summary>The columns of exported files, the same in CSV, in Parquet and in the dictionary that goes with them.</summary>
public static class HistoryColumns
{
    /// <summary>Columns of every file, in their order.</summary>
    public static IReadOnlyList<HistoryColumn> Published { get; } =
    [
        new("space", "text", null, "The public space."),
        new("series", "text", null, "The bundle of lines or zones that is counted as one."),
        new("kind", "text", null, "What is counted: flow (crossings of lines) or presence (person-minutes)."),
        new("grid", "text", null, "How long a point is: cell (as it was released), PT1H, P1D or P1M."),
        new("from", "instant", "UTC", "Start, included."),
        new("to", "instant", "UTC", "End, excluded."),
        new("localDay", "date", null, "The day in the zone of the space in which it begins."),
        new("value", "integer", "crossings or person-minutes", "The number as published, 10 or more; empty where there is none, which is not zero."),
        new("reason", "text", null, "Why there is no number, such as suppressed, no-data, refused, restored or withdrawn; empty where there is one."),
        new("err95", "integer", "as value", "The true sum lies within this distance of the number at least 19 times in 20."),
        new("alive", "integer", "sources", "Sources that were alive, the fewest of its cells."),
        new("total", "integer", "sources", "Sources of the series."),
        new("unconfirmed", "boolean", null, "Whether a source without a heartbeat is among them: its silence may be an outage."),
        new("cells", "integer", "cells", "Cells of which it consists."),
        new("cellsReleased", "integer", "cells", "How many of them have a number."),
        new("terms", "integer", null, "Version of the terms under which its cells were released."),
    ];

    /// <summary>Columns that follow where noise is asked for.</summary>
    public static IReadOnlyList<HistoryColumn> Noise { get; } =
    [
        new("noisy", "integer", "as value", "Sum of the released numbers with their noise, which may be negative; empty where no cell has one."),
        new("epsilonMicro", "integer", "millionths", "What the group spends in a day; of a month within which that changed, the newest."),
        new("sensitivity", "integer", "as value", "How far one person can move the group's numbers of a day; of a month likewise."),
    ];

    /// <summary>Columns of the file of a typical week.</summary>
    public static IReadOnlyList<HistoryColumn> Week { get; } =
    [
        new("space", "text", null, "The public space."),
        new("series", "text", null, "The bundle of lines or zones that is counted as one."),
        new("timeZone", "text", null, "The zone of the space, in which the hours of the week are."),
        new("from", "instant", "UTC", "Start of the time that is in the week, included."),
        new("to", "instant", "UTC", "Its end, excluded."),
        new("hour", "integer", null, "Hour of the week, 0 (Monday 00:00) to 167."),
        new("minutes", "integer", "minutes", "Length of the newest of its hours: 60, or more where the plan has one number for a night or a day; empty where there is no hour."),
        new("mean", "number", "crossings or person-minutes", "Mean of its hours; empty where there is none, which is not zero."),
        new("reason", "text", null, "Why there is no mean, such as suppressed or no-data; empty where there is one."),
        new("err95", "number", "as mean", "The true mean lies within this distance at least 19 times in 20; empty where there is no hour."),
        new("hours", "integer", "hours", "Hours of which it is the mean."),
        new("hoursMissing", "integer", "hours", "Hours that have no number; they are not in the mean."),
    ];
}

using System.Text.Json.Serialization;
using Monitoring.Domain.Alarms;
using Monitoring.Domain.History;

namespace Monitoring.Dashboard.History;

/// <summary>Points of one series.</summary>
/// <param name="QueryId">Fingerprint of question and answer: the same numbers have the same one.</param>
/// <param name="Space">The space.</param>
/// <param name="Series">The series.</param>
/// <param name="Grid">Name of the grid.</param>
/// <param name="TimeZone">The space's time zone, IANA name.</param>
/// <param name="From">UTC, included.</param>
/// <param name="To">UTC, excluded.</param>
/// <param name="Points">The points by their start.</param>
internal sealed record HistoryView(string QueryId, string Space, string Series, string Grid, string TimeZone, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<HistoryRow> Points)
{
    public static HistoryView Of(HistoryReply reply, bool withNoise) =>
        new(reply.QueryId, reply.Space, reply.Series, reply.Grid, reply.TimeZone, reply.From, reply.To, [.. reply.Points.Select(point => HistoryRow.Of(point, withNoise))]);
}

/// <summary>One point.</summary>
/// <param name="Start">UTC, included.</param>
/// <param name="End">UTC, excluded.</param>
/// <param name="Value">The number as published; null where there is none.</param>
/// <param name="Reason">A fixed word where there is none.</param>
/// <param name="Err95">The true sum lies within this distance at least 19 times in 20.</param>
/// <param name="Coverage">How much of it was observed.</param>
/// <param name="Noise">Its noisy sum and what its noise is known by; left out unless asked for.</param>
internal sealed record HistoryRow(
    DateTimeOffset Start, DateTimeOffset End, long? Value, string? Reason, long Err95, HistoryCoverage Coverage, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] HistoryNoise? Noise = null)
{
    public static HistoryRow Of(HistoryPoint point, bool withNoise) =>
        new(point.Key.From, point.To, point.Shown.Value, point.Shown.Reason, point.Shown.Err95, point.Coverage, withNoise ? point.Noise : null);
}

/// <summary>How a device was.</summary>
/// <param name="Health">By a fixed schedule, the oldest first.</param>
/// <param name="Alarms">Alarms about the device itself that held or waited meanwhile, the newest first; those that are over for 30 days.</param>
internal sealed record DeviceHistory(IReadOnlyList<DeviceHealthRow> Health, IReadOnlyList<Alarm> Alarms);

/// <summary>How a device was at one instant of the schedule.</summary>
internal sealed record DeviceHealthRow(DateTimeOffset At, string State, long? SilentSeconds, IReadOnlyDictionary<string, double> Values);

/// <summary>How many numbers were taken back.</summary>
internal sealed record WithdrawnView(int Withdrawn);

/// <summary>The columns of exported files.</summary>
/// <param name="Columns">Of every file.</param>
/// <param name="NoiseColumns">Those that follow with <c>noise=true</c>.</param>
/// <param name="WeekColumns">Of the file of a typical week.</param>
internal sealed record ColumnsView(IReadOnlyList<HistoryColumn> Columns, IReadOnlyList<HistoryColumn> NoiseColumns, IReadOnlyList<HistoryColumn> WeekColumns)
{
    public static ColumnsView All { get; } = new(HistoryColumns.Published, HistoryColumns.Noise, HistoryColumns.Week);
}

using System.Globalization;
using Monitoring.Domain.History;

namespace Monitoring.History;

/// <summary>What points look like in InfluxDB; docs/reference/influxdb.md describes it for readers.</summary>
internal static class InfluxSchema
{
    /// <summary>Measurement of released numbers.</summary>
    public const string Crowd = "crowd";

    /// <summary>Measurement of how equipment was.</summary>
    public const string Device = "device";

    /// <summary>Measurement of usual weeks.</summary>
    public const string Week = "week";

    /// <summary>Measurement of how far the release ledger had come.</summary>
    public const string Ledger = "ledger";

    private static readonly string[] Weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    // What a point is written with besides the values that a device sends; `time` is refused by every server.
    private static readonly HashSet<string> OwnDeviceFields = ["state", "silentSeconds", "time"];

    /// <summary>The line of a released number, or of why there is none. The noisy sum stays in the hub.</summary>
    public static InfluxLine Line(HistoryPoint point) => new(
        new LineProtocol(Crowd)
            .Tag("grid", point.Key.Grid.ToName()).Tag("kind", Name(point.Kind)).Tag("series", point.Key.Series).Tag("space", point.Key.Space)
            .Integer("value", point.Shown.Value)
            .Integer("err95", point.Shown.Err95)
            .Integer("alive", point.Coverage.Alive)
            .Integer("total", point.Coverage.Total)
            .Flag("unconfirmed", point.Coverage.Unconfirmed)
            .Integer("cells", point.Coverage.Cells)
            .Integer("cellsReleased", point.Coverage.CellsReleased)
            .Integer("seconds", (long)(point.To - point.Key.From).TotalSeconds)
            .Integer("hourOfWeek", point.HourOfWeek)
            .Text("reason", point.Shown.Value is null ? point.Shown.Reason : null)
            .Integer("terms", point.TermsVersion)
            .Text("localDay", point.LocalDay.ToString("O", CultureInfo.InvariantCulture))
            .At(point.Key.From),
        () => Plain($"{point.Key.Space}/{point.Key.Series} {point.Key.Grid.ToName()} {point.Key.From:O}"));

    /// <summary>The line of how a device was.</summary>
    public static InfluxLine Line(HealthPoint point)
    {
        var line = new LineProtocol(Device).Tag("device", point.Device).Tag("space", point.Space).Text("state", point.State).Integer("silentSeconds", point.SilentSeconds);
        foreach (var (name, value) in point.Values.Where(value => !OwnDeviceFields.Contains(value.Key)))
            line.Float(name, value);
        return new InfluxLine(line.At(point.At), () => Plain($"{point.Space}/{point.Device} {point.At:O}"));
    }

    /// <summary>The lines of a usual week: one for each of its hours.</summary>
    public static IEnumerable<InfluxLine> Lines(UsualWeek week) => week.Week.Hours.Where(hour => hour.Hours + hour.HoursMissing > 0).Select(hour => new InfluxLine(
        new LineProtocol(Week)
            .Tag("hour", (hour.Hour % 24).ToString("00", CultureInfo.InvariantCulture)).Tag("kind", Name(week.Kind)).Tag("series", week.Week.Series).Tag("space", week.Week.Space).Tag("weekday", Weekdays[hour.Hour / 24])
            .Float("value", hour.Mean)
            .Float("err95", hour.Err95)
            .Integer("hours", hour.Hours)
            .Integer("missing", hour.HoursMissing)
            .Integer("minutes", hour.Minutes)
            .Text("reason", hour.Mean is null ? hour.Reason : null)
            .At(week.At),
        () => Plain($"{week.Week.Space}/{week.Week.Series} week {hour.Hour.ToString(CultureInfo.InvariantCulture)} {week.At:O}")));

    /// <summary>The line of how far the ledger had come.</summary>
    public static InfluxLine Line(LedgerMark head, DateTimeOffset at) =>
        new(new LineProtocol(Ledger).Integer("seq", head.Seq).Integer("number", head.Number).Text("hash", head.Hash).At(at), () => $"head of the ledger {at:O}");

    /// <summary>What was written of the same weeks before: an hour may have a reason where it had a value.</summary>
    public static IReadOnlyList<InfluxRange> Outdated(IReadOnlyList<UsualWeek> weeks) =>
        [.. weeks.Select(week => (week.Week.Space, week.At)).Distinct().Select(week => InfluxRange.Of(Week, week.At, week.At.AddMilliseconds(1), ("space", week.Space)))];

    /// <summary>What has to be deleted before points are written, because a point that was there may have a field that the new one lacks: InfluxDB overwrites field by field.</summary>
    /// <remarks>
    /// A number that was withdrawn, or that a ledger that was put back does not know any more, loses its value, and usual weeks in which it may be are taken back. A month is written again as it grows, and goes from a reason to
    /// a value or back. All other points are written once, or again as they were. Neighbours go in one range: nothing lies between them.
    /// </remarks>
    /// <param name="points">Points that are about to be written.</param>
    public static IReadOnlyList<InfluxRange> Outdated(IReadOnlyList<HistoryPoint> points)
    {
        var ranges = new List<InfluxRange>();
        var outdated = points.Where(point => point.Key.Grid is HistoryGrid.Month || IsTakenBack(point)).ToList();
        foreach (var series in outdated.GroupBy(point => (point.Key.Space, point.Key.Series, point.Key.Grid)))
        {
            if (!LineProtocol.IsName(series.Key.Space) || !LineProtocol.IsName(series.Key.Series))
                continue;
            var (from, to) = (DateTimeOffset.MinValue, DateTimeOffset.MinValue);
            foreach (var point in series.OrderBy(point => point.Key.From))
            {
                if (point.Key.From != to && from != to)
                    ranges.Add(Range(series.Key.Space, series.Key.Series, series.Key.Grid, from, to));
                (from, to) = (point.Key.From == to ? from : point.Key.From, point.To);
            }

            ranges.Add(Range(series.Key.Space, series.Key.Series, series.Key.Grid, from, to));
        }

        // A week ends with its instant: one that ends where a point begins has nothing of it.
        foreach (var series in outdated.Where(IsTakenBack).GroupBy(point => (point.Key.Space, point.Key.Series)))
        {
            if (LineProtocol.IsName(series.Key.Space) && LineProtocol.IsName(series.Key.Series))
                ranges.Add(InfluxRange.Since(Week, series.Min(point => point.Key.From).AddMilliseconds(1), ("series", series.Key.Series), ("space", series.Key.Space)));
        }

        return ranges;
    }

    /// <summary>Cells, hours and days that begin before an instant, and usual weeks as of before. Months stay.</summary>
    public static IReadOnlyList<InfluxRange> ReleasesBefore(DateTimeOffset instant) =>
        instant <= DateTimeOffset.UnixEpoch ? [] : [.. new[] { HistoryGrid.Cell, HistoryGrid.Hour, HistoryGrid.Day }.Select(grid => InfluxRange.Before(Crowd, instant, ("grid", grid.ToName()))), InfluxRange.Before(Week, instant)];

    /// <summary>How equipment was before an instant.</summary>
    public static IReadOnlyList<InfluxRange> HealthBefore(DateTimeOffset instant) => instant <= DateTimeOffset.UnixEpoch ? [] : [InfluxRange.Before(Device, instant)];

    // There may have been a number. One that is not known has the other reasons from the beginning.
    private static bool IsTakenBack(HistoryPoint point) => point.Shown is { Value: null, Reason: "withdrawn" or "restored" };

    private static InfluxRange Range(string space, string series, HistoryGrid grid, DateTimeOffset from, DateTimeOffset to) =>
        InfluxRange.Of(Crowd, from, to, ("grid", grid.ToName()), ("series", series), ("space", space));

    // A name with a line end must not begin a line of its own in the log.
    private static string Plain(string text) => string.Concat(text.Select(character => char.IsControl(character) ? '?' : character));

    private static string Name(HistoryKind kind) => kind switch
    {
        HistoryKind.Flow => "flow",
        HistoryKind.Presence => "presence",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}

/// <summary>A line that is to be written.</summary>
/// <param name="Text">The line; null where the protocol has no form for it.</param>
/// <param name="What">What it is about, for the log: key and instant, no value.</param>
internal sealed record InfluxLine(string? Text, Func<string> What);

/// <summary>Points that are to be deleted.</summary>
/// <param name="Measurement">The measurement.</param>
/// <param name="FromMs">First instant, milliseconds since 1970.</param>
/// <param name="ToMs">Last instant, included, milliseconds since 1970.</param>
/// <param name="Tags">Tags that they have.</param>
internal sealed record InfluxRange(string Measurement, long FromMs, long ToMs, IReadOnlyList<(string Key, string Value)> Tags)
{
    // InfluxDB keeps instants as nanoseconds in 64 bits: the year 2262 is its last.
    private static readonly DateTimeOffset End = new(2262, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Points from an instant on and before another.</summary>
    public static InfluxRange Of(string measurement, DateTimeOffset from, DateTimeOffset to, params (string, string)[] tags) =>
        new(measurement, from.ToUnixTimeMilliseconds(), (to - TimeSpan.FromTicks(1)).ToUnixTimeMilliseconds(), tags);

    /// <summary>Points from an instant on.</summary>
    public static InfluxRange Since(string measurement, DateTimeOffset instant, params (string, string)[] tags) => Of(measurement, instant, End, tags);

    /// <summary>Points before an instant.</summary>
    public static InfluxRange Before(string measurement, DateTimeOffset instant, params (string, string)[] tags) => Of(measurement, DateTimeOffset.UnixEpoch, instant, tags);

    /// <summary>All points of a measurement.</summary>
    public static InfluxRange All(string measurement) => Before(measurement, End);
}

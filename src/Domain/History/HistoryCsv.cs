using System.Globalization;

namespace Monitoring.Domain.History;

/// <summary>Points as comma-separated text (RFC 4180): the same wherever the hub writes it.</summary>
public static class HistoryCsv
{
    /// <summary>What ends a line.</summary>
    public const string LineEnd = "\r\n";

    // A spreadsheet takes text that begins so for a formula. No id of a site does; a file must not depend on that.
    private const string FormulaStarts = "=+-@\t\r";

    /// <summary>The first line, without its end.</summary>
    /// <param name="withNoise">Whether noisy sums are in the file.</param>
    public static string Header(bool withNoise) => string.Join(',', (withNoise ? HistoryColumns.Published.Concat(HistoryColumns.Noise) : HistoryColumns.Published).Select(column => column.Name));

    /// <summary>The line of a point, without its end.</summary>
    /// <param name="point">The point.</param>
    /// <param name="withNoise">Whether noisy sums are in the file.</param>
    public static string Line(HistoryPoint point, bool withNoise)
    {
        ArgumentNullException.ThrowIfNull(point);
        var (key, shown, coverage) = (point.Key, point.Shown, point.Coverage);
        var line = string.Join(',', Text(key.Space), Text(key.Series), point.Kind.ToName(), key.Grid.ToName(), Instant(key.From), Instant(point.To), point.LocalDay.ToString("O", CultureInfo.InvariantCulture),
            Number(shown.Value), Text(shown.Reason ?? ""), Number(shown.Err95), Number(coverage.Alive), Number(coverage.Total), coverage.Unconfirmed ? "true" : "false", Number(coverage.Cells), Number(coverage.CellsReleased), Number(point.TermsVersion));
        return withNoise ? string.Join(',', line, Number(point.Noise.Noisy), Number(point.Noise.EpsilonMicro), Number(point.Noise.Sensitivity)) : line;
    }

    /// <summary>The first line of the file of a typical week, without its end.</summary>
    public static string WeekHeader => string.Join(',', HistoryColumns.Week.Select(column => column.Name));

    /// <summary>The line of an hour of a typical week, without its end.</summary>
    /// <param name="week">The week.</param>
    /// <param name="hour">One of its hours.</param>
    public static string Line(WeekProfile week, HourOfWeek hour)
    {
        ArgumentNullException.ThrowIfNull(week);
        ArgumentNullException.ThrowIfNull(hour);
        return string.Join(',', Text(week.Space), Text(week.Series), Text(week.TimeZone), Instant(week.From), Instant(week.To),
            Number(hour.Hour), Number(hour.Minutes), Fraction(hour.Mean), Text(hour.Reason ?? ""), Fraction(hour.Err95), Number(hour.Hours), Number(hour.HoursMissing));
    }

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Fraction(double? number) => number?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static string Text(string text)
    {
        var safe = text.Length > 0 && FormulaStarts.Contains(text[0], StringComparison.Ordinal) ? $"'{text}" : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}

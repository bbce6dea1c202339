using System.Globalization;
using Monitoring.Domain.History;

namespace Monitoring.Dashboard.History;

/// <summary>Words for released numbers, and for why there is none.</summary>
internal static class HistoryWords
{
    /// <summary>Time of which nothing was ever released.</summary>
    public const string Nothing = "none";

    /// <summary>Reasons in the order of the legend, with their word in a table and their sentence.</summary>
    public static IReadOnlyList<(string Reason, string Word, string Sentence)> Reasons { get; } =
    [
        ("suppressed", "not shown", "not shown: too small beside its noise"),
        ("no-data", "no data", "no data: the sensor was silent"),
        ("withdrawn", "withdrawn", "withdrawn: the number was taken back"),
        ("refused", "refused", "refused: it would have cost more than may be spent in a day"),
        ("restored", "not known", "not known: a backup was restored, and what was out by then is not drawn again"),
        (Nothing, "nothing released", "nothing released for this time"),
    ];

    public static string Sentence(string reason) => Known(reason)?.Sentence ?? $"no number: {reason}";

    /// <summary>Where the number of a row stands that has none of its own, since that of the event is for another length of time.</summary>
    public static string Elsewhere(PiecesElsewhere pieces) => $"{(pieces.IsWhole ? "part of" : "in rows of")} {Since(pieces.From)} to {Since(pieces.To)}";

    /// <summary>Time since the start of an event.</summary>
    public static string Since(TimeSpan since) => string.Create(CultureInfo.InvariantCulture, $"{(since < TimeSpan.Zero ? "−" : "+")}{Math.Floor(Math.Abs(since.TotalHours)):0}:{Math.Abs(since.Minutes):00}");

    public static string Word(string reason) => Known(reason)?.Word ?? reason;

    /// <summary>The reason under which a mark stands in the legend and on a chart.</summary>
    public static string Mark(string reason) => Known(reason)?.Reason ?? "refused";

    public static string Unit(HistoryKind kind) => kind == HistoryKind.Presence ? "person-minutes" : "crossings";

    public static string Kind(HistoryKind kind) => kind == HistoryKind.Presence ? "presence, in person-minutes" : "crossings of lines";

    public static string GridName(string grid) => grid switch
    {
        "cell" => "As released",
        "PT5M" => "5 minutes",
        "PT15M" => "15 minutes",
        "PT1H" => "Hours",
        "P1D" => "Days",
        "P1M" => "Months",
        _ => grid,
    };

    /// <summary>Thin space between thousands, as in all tables.</summary>
    public static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '\u202f');

    /// <summary>A mean: with one decimal where it is small.</summary>
    public static string Number(double number) => number >= 100 ? Number((long)Math.Round(number)) : number.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>A bound on an error: never smaller than it is.</summary>
    public static string Bound(double bound) => bound >= 100 ? Number((long)Math.Ceiling(bound)) : (Math.Ceiling(bound * 10) / 10).ToString("0.#", CultureInfo.InvariantCulture);

    public static string Length(TimeSpan length) => length.TotalHours >= 48 ? string.Create(CultureInfo.InvariantCulture, $"{length.TotalDays:0.#} days") : length.TotalMinutes >= 60 ? string.Create(CultureInfo.InvariantCulture, $"{length.TotalHours:0.##} h") : string.Create(CultureInfo.InvariantCulture, $"{length.TotalMinutes:0} min");

    /// <summary>Person-minutes as the mean number of people over the time of a point, with its error; null where it has no number, one of a part of its time only, or counts passages.</summary>
    public static string? People(HistoryPoint point) => point is { Kind: HistoryKind.Presence, Shown: { Value: { } value } shown } && Part(point) is null
        ? $"{Number(value / (point.To - point.Key.From).TotalMinutes)} \u00b1 {Bound(shown.Err95 / (point.To - point.Key.From).TotalMinutes)}"
        : null;

    /// <summary>Of how much a number is that lacks some of its time, as a month may; null where it lacks nothing.</summary>
    public static string? Part(HistoryPoint point) => point is { Shown.Value: not null, Coverage: { } of } && of.CellsReleased < of.Cells
        ? $"{Number(of.CellsReleased)} of {Number(of.Cells)} periods"
        : null;

    /// <summary>A number with its error, or why there is none.</summary>
    public static string Say(HistoryPoint point) => point.Shown.Value is { } value
        ? $"{Number(value)} {Unit(point.Kind)}{(Part(point) is { } part ? $" in {part}, those that have a number" : "")}, the true number within {Number(point.Shown.Err95)} at least 19 times in 20"
        : Sentence(point.Shown.Reason ?? Nothing);

    private static (string Reason, string Word, string Sentence)? Known(string reason)
    {
        foreach (var known in Reasons)
        {
            if (known.Reason == reason)
                return known;
        }

        return null;
    }
}

using System.Globalization;

namespace Monitoring.Dashboard.History;

/// <summary>Addresses of the page of history and of its files.</summary>
internal static class HistoryLinks
{
    private const string Page = "/history";

    /// <summary>Exactly what is shown: the same numbers whenever it is followed.</summary>
    public static string This(HistoryLook look) => look.Query.ViewNow == "compare"
        ? Of(look, ("grid", look.Query.GridNow), ("view", "compare"), ("first", HistoryQuery.Instant(look.Events.First)), ("second", HistoryQuery.Instant(look.Events.Second)), ("hours", Hours(look)))
        : Range(look, look.From, look.To, look.Query.GridNow);

    /// <summary>The same series seen in another way.</summary>
    public static string View(HistoryLook look, string view)
    {
        var query = look.Query;
        var isOwn = query.RangeNow == "own" && query.From is not null && query.To is not null;
        return Of(look, ("range", query.Range is null ? null : query.RangeNow), ("from", isOwn ? query.From : null), ("to", isOwn ? query.To : null), ("grid", query.Grid), ("view", view), ("first", query.First), ("second", query.Second), ("hours", query.Hours?.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Another grid over the same time.</summary>
    public static string Grid(HistoryLook look, string grid) => look.Query.ViewNow == "compare"
        ? Of(look, ("grid", grid), ("view", "compare"), ("first", look.Query.First), ("second", look.Query.Second), ("hours", look.Query.Hours?.ToString(CultureInfo.InvariantCulture)))
        : Range(look, look.From, look.To, grid);

    /// <summary>Another time in the same grid.</summary>
    public static string Range(HistoryLook look, DateTimeOffset from, DateTimeOffset to, string grid) =>
        Of(look, ("range", "own"), ("from", HistoryQuery.Instant(from)), ("to", HistoryQuery.Instant(to)), ("grid", grid), ("view", look.Query.ViewNow == "compare" ? "course" : look.Query.ViewNow));

    /// <summary>The whole series from its first number on, by day.</summary>
    public static string Whole(HistoryLook look) => Range(look, look.Time.Start(look.Time.Day(look.Chosen!.From)), look.Time.DayAfter(look.Chosen.To), "P1D");

    /// <summary>A file of what is shown.</summary>
    public static string File(HistoryLook look, DateTimeOffset from, DateTimeOffset to, string format) =>
        $"/api/history/{Uri.EscapeDataString(look.Space!.Id)}/{Uri.EscapeDataString(look.Chosen!.Series)}{Query([("from", HistoryQuery.Instant(from)), ("to", HistoryQuery.Instant(to)), ("grid", look.Query.ViewNow == "week" ? "PT1H" : look.Query.GridNow), ("format", format)])}";

    /// <summary>The typical week that is shown, as a file.</summary>
    public static string Week(HistoryLook look) =>
        $"/api/history/{Uri.EscapeDataString(look.Space!.Id)}/{Uri.EscapeDataString(look.Chosen!.Series)}/week{Query([("from", HistoryQuery.Instant(look.From)), ("to", HistoryQuery.Instant(look.To)), ("format", "csv")])}";

    private static string? Hours(HistoryLook look) => look.Query.Hours is null && look.Query.First is null ? "24" : look.Query.HoursNow.ToString(CultureInfo.InvariantCulture);

    private static string Of(HistoryLook look, params (string Name, string? Value)[] more) => Page + Query([("space", look.Space?.Id), ("series", look.Chosen?.Series), .. more]);

    private static string Query((string Name, string? Value)[] parts) =>
        string.Concat(parts.Where(part => !string.IsNullOrEmpty(part.Value)).Select((part, i) => $"{(i == 0 ? '?' : '&')}{part.Name}={Uri.EscapeDataString(part.Value!)}"));
}

using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Monitoring.Domain.History;

namespace Monitoring.Dashboard.History;

/// <summary>The notice of a space as a page: static, printable, without script, for anyone with any browser.</summary>
internal static class NoticePage
{
    /// <summary>Writes it.</summary>
    public static string Of(PrivacyView view)
    {
        var page = new StringBuilder($"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" />
            <title>How we count people at {Text(view.Name)}</title>
            <link rel="icon" type="image/svg+xml" href="/_content/Monitoring.Dashboard/mark.svg" />
            <link rel="stylesheet" href="/_content/Monitoring.Dashboard/tokens.css" /><link rel="stylesheet" href="/_content/Monitoring.Dashboard/base.css" />
            <link rel="stylesheet" href="/_content/Monitoring.Dashboard/notice.css" /></head>
            <body><main class="notice"><h1>How we count people at {Text(view.Name)}</h1>

            """);
        foreach (var part in view.Notice)
            page.Append(CultureInfo.InvariantCulture, $"<section><h2>{Text(part.Heading)}</h2><p>{Text(part.Text)}</p></section>\n");
        AppendDays(page, view.Days);
        return page.Append(CultureInfo.InvariantCulture, $"<p>The same for programs: <a href=\"/api/privacy/{Uri.EscapeDataString(view.Space)}\">/api/privacy/{Text(view.Space)}</a>.{(view.IsOpen ? $" Published numbers: <a href=\"/open-data/{Uri.EscapeDataString(view.Space)}\">open data</a>." : "")}</p></main></body>\n</html>\n").ToString();
    }

    private static void AppendDays(StringBuilder page, IReadOnlyList<PrivacyDay> days)
    {
        if (days.Count == 0)
            return;
        page.Append("<section><h2>What was spent</h2><table><thead><tr><th scope=\"col\">Day</th><th scope=\"col\">Counted</th><th scope=\"col\">Epsilon</th><th scope=\"col\">Numbers</th><th scope=\"col\">Cells without number</th></tr></thead><tbody>\n");
        foreach (var day in days)
        {
            var without = day.Without.Count == 0 ? "none" : string.Join(", ", day.Without.OrderBy(reason => reason.Key, StringComparer.Ordinal).Select(reason => string.Create(CultureInfo.InvariantCulture, $"{reason.Key} {reason.Value}")));
            page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{day.Day:yyyy-MM-dd}</th><td>{(day.Kind == HistoryKind.Flow ? "passages" : "people in zones")}</td><td>{day.SpentMicro / 1_000_000.0:0.######}</td><td>{day.Released}</td><td>{Text(without)}</td></tr>\n");
        }

        page.Append("</tbody></table></section>\n");
    }

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}

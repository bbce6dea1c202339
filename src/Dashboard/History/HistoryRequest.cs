using System.Globalization;
using Monitoring.Contracts.History;
using Monitoring.Domain.History;

namespace Monitoring.Dashboard.History;

/// <summary>A range and a grid as they stand in an address.</summary>
public static class HistoryRequest
{
    /// <summary>The grid where none is named.</summary>
    public const string GridDefault = "PT1H";

    private const string Example = "such as 2026-11-22T00:00:00Z";
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Reads a question.</summary>
    /// <returns>The question, or the problem with it.</returns>
    public static (HistoryQuestion? Question, IResult? Problem) Read(string space, string series, string? from, string? to, string? grid)
    {
        if (space.Length > HistoryAnswers.NameCharsMax || series.Length > HistoryAnswers.NameCharsMax)
            return (null, HistoryAnswers.NotFound());
        if (GridName.Of(grid ?? GridDefault) is not { } named)
            return (null, HistoryAnswers.Invalid("grid-unknown", "There is no such grid", $"grid: one of {string.Join(", ", GridName.Names)}."));
        if (InstantOf(from) is not { } begin || InstantOf(to) is not { } end)
            return (null, HistoryAnswers.Invalid("not-well-formed", "The range is missing or not well formed", $"from, to: instants of ISO 8601 with Z or an offset, {Example}; a + is written %2B in an address."));
        if (begin >= end)
            return (null, HistoryAnswers.Invalid("not-well-formed", "The range is empty", "from lies before to."));
        return (new HistoryQuestion(space, series, named.Text, begin, end), null);
    }

    /// <summary>An instant; null where the text is none, or does not say which offset it has.</summary>
    /// <param name="text">ISO 8601.</param>
    public static DateTimeOffset? InstantOf(string? text)
    {
        if (text is not { Length: > 0 and <= 40 } || !(text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':')))
            return null;
        // What falls out of the calendar when it is turned into UTC is no instant either.
        return DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null;
    }
}

using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Monitoring.Contracts.History;
using Monitoring.Domain.History;

namespace Monitoring.Dashboard.History;

/// <summary>A file of points as it comes from the history, piece by piece. A refusal is told before the first byte; where it breaks later the connection breaks too, so that nobody takes a part for the whole.</summary>
/// <param name="history">The history.</param>
/// <param name="question">What is asked for.</param>
/// <param name="format">Kind of file.</param>
/// <param name="withNoise">With the columns for the data protection officer.</param>
/// <param name="queryId">Fingerprint of question and numbers, as in the answer of the same question; null where it is not known before the file is made.</param>
internal sealed class HistoryFileResult(IHistoryGrain history, HistoryQuestion question, HistoryFormat format, bool withNoise, string? queryId = null) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancellation = httpContext.RequestAborted;
        await using var pieces = history.ExportAsync(question, format, withNoise, cancellation).GetAsyncEnumerator(cancellation);
        bool more;
        try
        {
            more = await pieces.MoveNextAsync();
        }
        catch (HistoryRefusedException refused)
        {
            await HistoryAnswers.Problem(refused.Refusal, refused.Message, httpContext).ExecuteAsync(httpContext);
            return;
        }

        WriteHead(httpContext.Response, format, $"{(question.Series.Length == 0 ? "all" : question.Series)}_{question.Grid}", question.Space, question.From, question.To, queryId);
        try
        {
            for (; more; more = await pieces.MoveNextAsync())
                await httpContext.Response.Body.WriteAsync(pieces.Current, cancellation);
        }
        catch (Exception) when (httpContext.Response.HasStarted)
        {
            httpContext.Features.Get<IHttpRequestLifetimeFeature>()?.Abort();
        }
    }

    /// <summary>Writes the headers of a file.</summary>
    public static void WriteHead(HttpResponse response, HistoryFormat format, string what, string space, DateTimeOffset from, DateTimeOffset to, string? queryId = null)
    {
        var (type, end) = format == HistoryFormat.Csv ? ("text/csv; charset=utf-8; header=present", "csv") : ("application/vnd.apache.parquet", "parquet");
        // Names of spaces and series are letters, digits and dashes; of others only these are left.
        var name = string.Create(CultureInfo.InvariantCulture, $"{space}_{what}_{from:yyyyMMddHHmm}_{to:yyyyMMddHHmm}.{end}");
        response.ContentType = type;
        response.Headers.ContentDisposition = $"attachment; filename=\"{new string([.. name.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')])}\"";
        response.Headers.CacheControl = "no-store";
        if (queryId is not null)
            response.Headers["Query-Id"] = queryId;
        response.Headers.Link = "</api/history/dictionary>; rel=\"describedby\"";
    }
}

/// <summary>A typical week as a file: 168 lines.</summary>
/// <param name="week">The week.</param>
internal sealed class WeekFileResult(WeekProfile week) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        HistoryFileResult.WriteHead(httpContext.Response, HistoryFormat.Csv, $"{week.Series}_week", week.Space, week.From, week.To);
        return httpContext.Response.WriteAsync(string.Concat(week.Hours.Select(hour => HistoryCsv.Line(week, hour)).Prepend(HistoryCsv.WeekHeader).Select(line => line + HistoryCsv.LineEnd)), httpContext.RequestAborted);
    }
}

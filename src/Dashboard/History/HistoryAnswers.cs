using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Monitoring.Contracts.History;

namespace Monitoring.Dashboard.History;

/// <summary>Answers of the history, and its refusals as problem details of fixed types.</summary>
internal static class HistoryAnswers
{
    /// <summary>Most characters of a name in a question; a longer one names nothing.</summary>
    public const int NameCharsMax = 128;

    private const string AwayRetrySeconds = "5";

    /// <summary>What an answer says, or the problem that it is.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="context">The request, for its headers.</param>
    public static (T? Value, IResult? Problem) Read<T>(this HistoryAnswer answer, HttpContext context)
        where T : class =>
        answer.Json is { } json ? (JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web), null) : (null, Problem(answer.Refusal, answer.Detail, context));

    /// <summary>A refusal as problem details.</summary>
    /// <param name="refusal">A fixed word of <see cref="HistoryAnswer.Refusal"/>.</param>
    /// <param name="detail">What to do.</param>
    /// <param name="context">The request, for its headers.</param>
    public static ProblemHttpResult Problem(string? refusal, string detail, HttpContext context)
    {
        if (refusal is null or "away")
        {
            context.Response.Headers.RetryAfter = AwayRetrySeconds;
            return Of(StatusCodes.Status503ServiceUnavailable, "away", "The history cannot be read now", detail);
        }

        return refusal switch
        {
            "not-found" => NotFound(detail),
            "grid-unknown" => Invalid(refusal, "There is no such grid", detail),
            "grid-not-released" => Invalid(refusal, "Nothing so short was released then", detail),
            "not-on-a-border" => Invalid(refusal, "The range cuts a number in two", detail),
            "too-many-points" => Invalid(refusal, "That is too much at once", detail),
            _ => Invalid(refusal, "The question has no answer", detail),
        };
    }

    /// <summary>One answer for what is not there and for what is not theirs to know.</summary>
    public static ProblemHttpResult NotFound(string detail = "") =>
        Of(StatusCodes.Status404NotFound, "not-found", "There is no such space or series", detail.Length > 0 ? detail : "GET /api/history/{space} lists the series of a space.");

    /// <summary>A question that cannot be answered as it was asked.</summary>
    public static ProblemHttpResult Invalid(string type, string title, string detail) => Of(StatusCodes.Status400BadRequest, type, title, detail);

    /// <summary>More than this process does at once.</summary>
    public static ProblemHttpResult Busy(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "2";
        return Of(StatusCodes.Status503ServiceUnavailable, "busy", "Too many ask at once", "Ask again in a moment.");
    }

    private static ProblemHttpResult Of(int status, string type, string title, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: title, type: $"/problems/{type}");
}

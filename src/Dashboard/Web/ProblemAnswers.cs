using Microsoft.AspNetCore.Http.HttpResults;

namespace Monitoring.Dashboard.Web;

/// <summary>Errors of the API as RFC 9457 problem details.</summary>
internal static class ProblemAnswers
{
    public static ProblemHttpResult Of(int status, string title, string? detail = null) => TypedResults.Problem(detail, statusCode: status, title: title);

    public static ProblemHttpResult NotFound(string title) => Of(StatusCodes.Status404NotFound, title);

    public static ProblemHttpResult Invalid(string title, string detail) => Of(StatusCodes.Status400BadRequest, title, detail);
}

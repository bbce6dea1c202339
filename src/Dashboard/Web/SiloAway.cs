using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Monitoring.Contracts.Accounts;
using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;

namespace Monitoring.Dashboard.Web;

/// <summary>A request that failed because the silo, or every gateway, does not answer is told so, and when to ask again.</summary>
internal sealed class SiloAway(ILogger<SiloAway> log) : IExceptionHandler
{
    private const string RetryAfterSeconds = "2";

    /// <summary>Whether an error says that the silo did not answer, rather than that something is wrong with the question.</summary>
    public static bool Is(Exception error) =>
        error is OrleansException or TimeoutException or EnumerationAbortedException or GatewayAwayException or AuditAwayException || error is ObjectDisposedException { ObjectName: var name } && name.Contains("Orleans", StringComparison.Ordinal);

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is NotStoredException)
        {
            await TellAsync(httpContext, "Not stored", exception.Message);
            return true;
        }

        if (!Is(exception))
            return false;
        log.SiloDidNotAnswer(exception.GetType().Name);
        await TellAsync(httpContext, TitleOf(exception), RemedyOf(httpContext.Request, exception));
        return true;
    }

    // Whoever sent a form sees a page; a program gets problem details.
    private static Task TellAsync(HttpContext context, string title, string text)
    {
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return context.Request.HasFormContentType && context.Request.Headers.Accept.Any(accept => accept?.Contains("text/html", StringComparison.OrdinalIgnoreCase) is true)
            ? PlainPages.TellAsync(context, StatusCodes.Status503ServiceUnavailable, title, text)
            : ProblemAnswers.Of(StatusCodes.Status503ServiceUnavailable, title, text).ExecuteAsync(context);
    }

    // A silo that does not answer in time may still do what it was asked to.
    private static string RemedyOf(HttpRequest request, Exception error) =>
        error is AuditAwayException ? "Nothing was changed. Ask again in a moment."
        : HttpMethods.IsGet(request.Method) ? "Ask again in a moment." : "It is not known whether it was done: look before you try again.";

    private static string TitleOf(Exception error) => error switch
    {
        GatewayAwayException => "No gateway answers",
        AuditAwayException => "The audit log cannot be written, and nothing is done unaudited",
        _ => "The hub's silo does not answer",
    };
}

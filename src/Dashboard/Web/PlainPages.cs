using System.Text.Encodings.Web;

namespace Monitoring.Dashboard.Web;

/// <summary>The few plain pages of signing in: they need neither a session, nor a live connection, nor the silo.</summary>
internal static class PlainPages
{
    /// <summary>A page that says why something did not come about.</summary>
    public static Task TellAsync(HttpContext context, int status, string title, string text) =>
        WriteAsync(context, status, title, $"<p role=\"alert\">{HtmlEncoder.Default.Encode(text)}</p><p><a href=\"/\">Back to the hub</a></p>", null);

    /// <summary>
    /// The page after a sign-in. It leads on by itself; a redirect would not do: the session's cookie is SameSite=Strict,
    /// and a browser does not send it on a redirect that began at the provider.
    /// </summary>
    public static Task LeadOnAsync(HttpContext context, string next)
    {
        var to = HtmlEncoder.Default.Encode(next);
        return WriteAsync(context, StatusCodes.Status200OK, "Signed in", $"<p><a href=\"{to}\">Continue</a></p>", to);
    }

    private static Task WriteAsync(HttpContext context, int status, string title, string body, string? refreshTo)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        if (status == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "10";
        var refresh = refreshTo is null ? "" : $"<meta http-equiv=\"refresh\" content=\"0;url={refreshTo}\" />";
        return context.Response.WriteAsync($"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" />{refresh}
            <title>{title} · Monitoring hub</title>
            <link rel="stylesheet" href="/_content/Monitoring.Dashboard/tokens.css" /><link rel="stylesheet" href="/_content/Monitoring.Dashboard/base.css" />
            <link rel="stylesheet" href="/_content/Monitoring.Dashboard/accounts.css" /></head>
            <body><main class="sign-in"><div class="card"><h1>{title}</h1>{body}</div></main></body>
            </html>
            """);
    }
}

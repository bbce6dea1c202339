using Microsoft.AspNetCore.Builder;

namespace Monitoring.Dashboard.Web;

/// <summary>Headers that keep a page to what the hub itself serves: no inline script or style, no frames, no foreign sources but map tiles where they are set.</summary>
internal static class SecurityHeaders
{
    /// <summary>Adds them to every answer.</summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="imagesFrom">The one origin besides the hub from which images may come; null for none.</param>
    public static void UseSecurityHeaders(this IApplicationBuilder app, string? imagesFrom)
    {
        var policy = Policy(imagesFrom is null ? "" : $" {imagesFrom}");
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            return next(context);
        });
    }

    private static string Policy(string images) =>
        $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{images}; font-src 'self'; connect-src 'self'; " +
        "base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
}

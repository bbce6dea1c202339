using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Dashboard.Accounts;

namespace Monitoring.Dashboard;

/// <summary>Answers without a body: a person at a browser gets a page, a program problem details.</summary>
internal static class RefusedPages
{
    private static readonly StatusCodePagesOptions ForPrograms = new();

    public static void UseRefusedPages(this IApplicationBuilder app) => app.UseStatusCodePages(refused =>
        SessionCookie.IsPageWanted(refused.HttpContext) ? WriteAsync(refused.HttpContext) : ForPrograms.HandleAsync(refused));

    // In a scope of its own: a page that has found out that it is not there has used up the renderer of the request.
    private static async Task WriteAsync(HttpContext context)
    {
        var (services, status) = (context.RequestServices, context.Response.StatusCode);
        await using var scope = services.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        // Its first rendering has added this header, and the second adds it again.
        context.Response.Headers.Remove("blazor-enhanced-nav");
        try
        {
            await new RazorComponentResult<RefusedPage>(new { Status = status }) { StatusCode = status, PreventStreamingRendering = true }.ExecuteAsync(context);
        }
        finally
        {
            context.RequestServices = services;
        }
    }
}

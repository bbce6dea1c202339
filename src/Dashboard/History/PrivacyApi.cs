using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monitoring.Dashboard.Accounts;
using Monitoring.Domain.History;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.History;

/// <summary>What a space promises and spent, for anyone.</summary>
/// <param name="Space">The space.</param>
/// <param name="Name">Its name.</param>
/// <param name="TimeZone">Its time zone, IANA name.</param>
/// <param name="Terms">What holds for today; null where nothing is released.</param>
/// <param name="FactorOfDay">By how much one person's whole day can change the odds of anything published.</param>
/// <param name="FactorOfCrossing">The same for a single crossing.</param>
/// <param name="RefusedThisMonth">Cells of this month that were refused a number.</param>
/// <param name="Days">What was spent, newest day first.</param>
/// <param name="Notice">The notice.</param>
/// <param name="Next">What takes effect on a later day; null where that is the same.</param>
/// <param name="KeptDays">How many days released numbers are kept at least.</param>
/// <param name="IsOpen">Whether it has open data.</param>
internal sealed record PrivacyView(
    string Space, string Name, string TimeZone, PrivacyTerms? Terms, double? FactorOfDay, double? FactorOfCrossing, int RefusedThisMonth, IReadOnlyList<PrivacyDay> Days, IReadOnlyList<NoticePart> Notice, NextTerms? Next, int KeptDays, [property: JsonIgnore] bool IsOpen)
{
    public static PrivacyView Of(PublicSpace space, PrivacyReport report, DateOnly today) => new(
        space.Id,
        space.Name,
        report.TimeZone,
        report.Terms,
        report.Terms is { } day ? NoticeText.FactorOfDay(day) : null,
        report.Terms is { } crossing ? NoticeText.FactorOfCrossing(crossing) : null,
        NoticeText.RefusedInMonth(report.Days, today),
        report.Days,
        NoticeText.Of(space, report, today),
        report.Next,
        report.KeptDays,
        PublicHistory.Releases(space));
}

/// <summary><c>/api/privacy/{space}</c> and the notice page <c>/privacy/{space}</c>: no sign-in, no script.</summary>
internal static class PrivacyApi
{
    /// <summary>Days that are told: the month of the notice is always among them.</summary>
    public const int DaysBack = 31;

    public static void MapPrivacy(this IEndpointRouteBuilder app)
    {
        var open = app.MapPublic("Privacy");
        open.MapGet("/api/privacy/{space}", GetAsync).WithSummary("Plan, bounds, epsilon, spend and refusals per day, and the notice").Produces<PrivacyView>();
        open.MapGet("/privacy/{space}", PageAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> GetAsync(string space, HttpContext context, PublicHistory history, CancellationToken cancellation)
    {
        var (view, problem) = await ReadAsync(space, context, history, cancellation);
        return problem ?? TypedResults.Ok(view);
    }

    private static async Task<IResult> PageAsync(string space, HttpContext context, PublicHistory history, CancellationToken cancellation)
    {
        var (view, problem) = await ReadAsync(space, context, history, cancellation);
        // Without a body, which becomes the page that says so.
        if (problem is IStatusCodeHttpResult { StatusCode: { } status } && SessionCookie.IsPageWanted(context))
            return TypedResults.StatusCode(status);
        return problem ?? TypedResults.Content(NoticePage.Of(view!), "text/html; charset=utf-8");
    }

    private static async Task<(PrivacyView? View, IResult? Problem)> ReadAsync(string space, HttpContext context, PublicHistory history, CancellationToken cancellation)
    {
        if (await history.FindCountedAsync(space, cancellation) is not { } known)
            return (null, HistoryAnswers.NotFound("The site has no such space."));
        var today = (await history.TodayAsync(known, cancellation)).Date;
        var (report, problem) = (await history.PrivacyAsync(space, today.AddDays(-DaysBack), today, cancellation)).Read<PrivacyReport>(context);
        return (report is null ? null : PrivacyView.Of(known, report, today), problem);
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Monitoring.Contracts.History;
using Monitoring.Dashboard.Accounts;
using Monitoring.Dashboard.Alarms;
using Monitoring.Domain.Accounts;
using Monitoring.Domain.Alarms;
using Monitoring.Domain.History;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.History;

/// <summary><c>/api/history</c>: released numbers, and how equipment was. All of it comes from the history; nothing here asks a space.</summary>
internal static class HistoryApi
{
    private static readonly string[] Formats = ["json", "csv", "parquet"];

    public static void MapHistory(this IEndpointRouteBuilder api)
    {
        var history = api.MapGroup("/history").WithTags("History").RequireRateLimiting(HistoryLimits.AtOnce).AddEndpointFilter(NeverStoredAsync);
        var read = history.MapGroup("").RequireAuthorization(Policies.History);
        read.MapGet("/dictionary", () => TypedResults.Ok(ColumnsView.All)).WithSummary("The columns of exported files: unit and meaning");
        read.MapGet("/{space}", SpaceAsync).WithSummary("The series of a space; with format=csv or parquet the numbers of all of them").Produces<IReadOnlyList<SeriesView>>();
        read.MapGet("/{space}/{series}", SeriesAsync).WithSummary("Released numbers of one series as JSON, CSV or Parquet").Produces<HistoryView>().ProducesProblem(StatusCodes.Status400BadRequest);
        read.MapGet("/{space}/{series}/week", WeekAsync).WithSummary("The typical week of one series as JSON or CSV").Produces<WeekProfile>();
        history.MapGet("/{space}/alarms", AlarmHistory.OfSpaceAsync).WithSummary("Alarms of a space in the last 30 days, the newest first").Produces<IReadOnlyList<Alarm>>().RequireAuthorization(Policies.LiveSpaces);
        history.MapGet("/devices/{id}", DeviceAsync).WithSummary("How a device was, by a fixed schedule, and the alarms about it").Produces<DeviceHistory>().RequireAuthorization(Policies.EquipmentHistory);
        history.MapHistoryDeeds();
    }

    private static async Task<IResult> SpaceAsync(string space, string? from, string? to, string? grid, string? format, bool? noise, HttpContext context, SiteSpaces sites, IGrainFactory grains, CancellationToken cancellation)
    {
        if (AuditRefusals.Hides(context, space) || space.Length > HistoryAnswers.NameCharsMax)
            return HistoryAnswers.NotFound();
        if (FormatProblem(format, noise, context) is { } wrong)
            return wrong;
        var history = grains.GetGrain<IHistoryGrain>(0);
        if (FileOf(format) is { } file)
        {
            var (question, problem) = HistoryRequest.Read(space, "", from, to, grid);
            // Of several series a length of cells may be released of some and not of others.
            if (question is { Grid: "PT5M" or "PT15M" })
                return HistoryAnswers.Invalid("grid-unknown", "There is no such grid for a whole space", "grid: one of cell, PT1H, P1D, P1M.");
            return problem ?? await UnknownAsync(space, context, sites, history, cancellation) ?? new HistoryFileResult(history, question!, file, noise == true);
        }

        var (series, away) = (await history.SeriesAsync(space).WaitAsync(cancellation)).Read<List<HistorySeries>>(context);
        if (away is not null)
            return away;
        var known = await FindAsync(space, sites, cancellation);
        return series!.Count > 0 || known is not null ? TypedResults.Ok<IReadOnlyList<SeriesView>>([.. series.Select(one => SeriesView.Of(one, known))]) : HistoryAnswers.NotFound();
    }

    // A name that was misspelt must not pass for a place of which nothing was released. A space that the site has no more keeps its history.
    private static async Task<IResult?> UnknownAsync(string space, HttpContext context, SiteSpaces sites, IHistoryGrain history, CancellationToken cancellation)
    {
        if (await FindAsync(space, sites, cancellation) is not null)
            return null;
        var (series, away) = (await history.SeriesAsync(space).WaitAsync(cancellation)).Read<List<HistorySeries>>(context);
        return away ?? (series!.Count > 0 ? null : HistoryAnswers.NotFound());
    }

    private static async Task<PublicSpace?> FindAsync(string space, SiteSpaces sites, CancellationToken cancellation) =>
        (await sites.GetAsync(cancellation))?.Spaces.FirstOrDefault(known => known.Id == space);

    private static async Task<IResult> SeriesAsync(string space, string series, string? from, string? to, string? grid, string? format, bool? noise, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        if (AuditRefusals.Hides(context, space))
            return HistoryAnswers.NotFound();
        var (question, wrong) = HistoryRequest.Read(space, series, from, to, grid);
        if (((IResult?)FormatProblem(format, noise, context) ?? wrong) is { } problem)
            return problem;
        var history = grains.GetGrain<IHistoryGrain>(0);
        var answer = await history.ReadAsync(question!).WaitAsync(cancellation);
        var file = FileOf(format);

        // A file follows the same rules as an answer; only that it may be longer.
        if (file is { } longer && answer.Refusal == "too-many-points")
            return new HistoryFileResult(history, question!, longer, noise == true);
        var (reply, refused) = answer.Read<HistoryReply>(context);
        if (refused is not null)
            return refused;
        return file is { } whole ? new HistoryFileResult(history, question!, whole, noise == true, reply!.QueryId) : TypedResults.Ok(HistoryView.Of(reply!, noise == true));
    }

    private static async Task<IResult> WeekAsync(string space, string series, string? from, string? to, string? format, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        if (AuditRefusals.Hides(context, space))
            return HistoryAnswers.NotFound();
        if (format is not (null or "json" or "csv"))
            return HistoryAnswers.Invalid("not-well-formed", "There is no such format", "format: one of json, csv.");
        var (question, wrong) = HistoryRequest.Read(space, series, from, to, null);
        if (wrong is not null)
            return wrong;
        var (week, problem) = (await grains.GetGrain<IHistoryGrain>(0).WeekAsync(question!).WaitAsync(cancellation)).Read<WeekProfile>(context);
        return problem ?? (format == "csv" ? new WeekFileResult(week!) : TypedResults.Ok(week));
    }

    private static async Task<IResult> DeviceAsync(string id, string? from, string? to, HttpContext context, SiteSpaces sites, IGrainFactory grains, AlarmReader alarms, CancellationToken cancellation)
    {
        var space = (await sites.GetAsync(cancellation))?.Spaces.FirstOrDefault(space => space.Devices.Any(device => device.Id == id));
        if (space is null || AuditRefusals.Hides(context, space.Id))
            return ProblemAnswers.NotFound("The site has no such device");
        var (range, wrong) = HistoryRequest.Read(space.Id, id, from, to, null);
        if (wrong is not null)
            return wrong;
        var (points, problem) = (await grains.GetGrain<IHistoryGrain>(0).HealthAsync(id, range!.From, range.To).WaitAsync(cancellation)).Read<List<HealthPoint>>(context);
        if (problem is not null)
            return problem;
        var health = points!.Select(point => new DeviceHealthRow(point.At, point.State, point.SilentSeconds, point.Values));
        return TypedResults.Ok(new DeviceHistory([.. health], await alarms.OfDeviceAsync(space, id, range.From, range.To, context, cancellation)));
    }

    private static ProblemHttpResult? FormatProblem(string? format, bool? noise, HttpContext context)
    {
        if (format is not null && !Formats.Contains(format))
            return HistoryAnswers.Invalid("not-well-formed", "There is no such format", $"format: one of {string.Join(", ", Formats)}.");
        // Noisy sums are public knowledge of the ledger's owner; for readers they would only be numbers that are mostly noise.
        return noise == true && context.User.RoleOf() != Role.Dpo
            ? ProblemAnswers.Of(StatusCodes.Status403Forbidden, "Noisy sums are for the data protection officer", "Leave noise out.")
            : null;
    }

    private static HistoryFormat? FileOf(string? format) => format switch
    {
        "csv" => HistoryFormat.Csv,
        "parquet" => HistoryFormat.Parquet,
        _ => null,
    };

    private static async ValueTask<object?> NeverStoredAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        invocation.HttpContext.Response.Headers.CacheControl = "no-store";
        return await next(invocation);
    }
}

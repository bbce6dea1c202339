using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monitoring.Domain.History;
using Monitoring.Domain.Spaces;
using Monitoring.Privacy;

namespace Monitoring.Dashboard.History;

/// <summary><c>/open-data</c>: released numbers in hours for anyone, from the day after on.</summary>
internal static class OpenDataApi
{
    /// <summary>Most days in one answer.</summary>
    public const int DaysMax = 31;

    public static void MapOpenData(this IEndpointRouteBuilder app)
    {
        var open = app.MapPublic("Open data");
        open.MapGet("/open-data", SpacesAsync).WithSummary("The spaces: their notices, and of which there is open data").Produces<IReadOnlyList<PublicSpaceView>>();
        open.MapGet("/open-data/{space}", SpaceAsync).WithSummary("The series of a space that are open data").Produces<OpenSpaceView>();
        open.MapGet("/open-data/{space}/level", OpenLevelApi.GetAsync).WithSummary("Whether a space is quiet, normal or busy, from released numbers").Produces<OpenLevelView>();
        open.MapGet("/open-data/{space}/{series}.json", JsonAsync).WithSummary("Released hours of one series, of past days").Produces<OpenDataView>();
        open.MapGet("/open-data/{space}/{series}.csv", CsvAsync).WithSummary("The same as CSV").Produces<string>(contentType: "text/csv");
    }

    private static async Task<IResult> SpacesAsync(PublicHistory history, CancellationToken cancellation) =>
        TypedResults.Ok<IReadOnlyList<PublicSpaceView>>([.. (await history.SpacesAsync(cancellation)).Select(PublicSpaceView.Of)]);

    private static async Task<IResult> SpaceAsync(string space, HttpContext context, PublicHistory history, CancellationToken cancellation)
    {
        if (await history.FindAsync(space, cancellation) is not { } known)
            return HistoryAnswers.NotFound();
        var (series, problem) = (await history.SeriesAsync(space, cancellation)).Read<List<HistorySeries>>(context);
        return problem ?? TypedResults.Ok(new OpenSpaceView(space, known.Name, known.City, known.TimeZone.Id, [.. series!.Select(one => OpenSeriesView.Of(one, known))]));
    }

    private static async Task<IResult> JsonAsync(string space, string series, string? from, string? to, HttpContext context, PublicHistory history, CancellationToken cancellation)
    {
        var (days, problem) = await ReadAsync(space, series, from, to, context, history, cancellation);
        return problem ?? TypedResults.Ok(new OpenDataView(space, series, days!.Space.TimeZone.Id, days.From, days.To, [.. days.Points.Select(point => HistoryRow.Of(point, withNoise: false))]));
    }

    private static async Task<IResult> CsvAsync(string space, string series, string? from, string? to, HttpContext context, PublicHistory history, CancellationToken cancellation)
    {
        var (days, problem) = await ReadAsync(space, series, from, to, context, history, cancellation);
        if (problem is not null)
            return problem;
        var text = new StringBuilder(HistoryCsv.Header(withNoise: false)).Append(HistoryCsv.LineEnd);
        foreach (var point in days!.Points)
            text.Append(HistoryCsv.Line(point, withNoise: false)).Append(HistoryCsv.LineEnd);
        return TypedResults.Text(text.ToString(), "text/csv; header=present", Encoding.UTF8);
    }

    private static async Task<(OpenDays? Days, IResult? Problem)> ReadAsync(string space, string series, string? from, string? to, HttpContext context, PublicHistory history, CancellationToken cancellation)
    {
        if (series.Length > HistoryAnswers.NameCharsMax || await history.FindAsync(space, cancellation) is not { } known)
            return (null, HistoryAnswers.NotFound());
        var yesterday = (await history.TodayAsync(known, cancellation)).Date.AddDays(-1);
        var (first, last, wrong) = RangeOf(from, to, yesterday);
        if (wrong is not null)
            return (null, wrong);
        var points = new List<HistoryPoint>();
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            var (found, problem) = await history.DayAsync(space, series, CivilDay.Of(day, known.TimeZone), context, cancellation);
            if (problem is not null)
                return (null, problem);
            points.AddRange(found!);
        }

        return (new OpenDays(known, first, last, points), null);
    }

    /// <summary>The days that are asked for: yesterday where none are named; never today.</summary>
    internal static (DateOnly First, DateOnly Last, IResult? Problem) RangeOf(string? from, string? to, DateOnly yesterday)
    {
        var first = DayOf(from, yesterday);
        var last = DayOf(to, yesterday);
        if (first is not { } begin || last is not { } end)
            return Wrong("The days are not well formed", "from, to: days of the space's zone such as 2026-11-22, both included; left out, yesterday.");
        if (begin > end)
            return Wrong("from lies after to", string.Create(CultureInfo.InvariantCulture, $"from is {begin:yyyy-MM-dd} and to is {end:yyyy-MM-dd}; what is left out is yesterday. Name the earlier day first; both are included."));
        if (end.DayNumber - begin.DayNumber >= DaysMax)
            return Wrong("These are too many days at once", string.Create(CultureInfo.InvariantCulture, $"{end.DayNumber - begin.DayNumber + 1} days are asked for, at most {DaysMax} are given: ask for them in parts."));
        return end > yesterday ? (default, default, HistoryAnswers.Invalid("not-out-yet", "That day is not out yet", "A day is open data from the next day on, by the clock of the space.")) : (begin, end, null);
    }

    private static (DateOnly First, DateOnly Last, IResult? Problem) Wrong(string title, string detail) => (default, default, HistoryAnswers.Invalid("not-well-formed", title, detail));

    private static DateOnly? DayOf(string? text, DateOnly otherwise) =>
        text is null ? otherwise : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1970 and < 9000 ? day : null;

    private sealed record OpenDays(PublicSpace Space, DateOnly From, DateOnly To, IReadOnlyList<HistoryPoint> Points);
}

/// <summary>A space as anyone may know it.</summary>
/// <param name="Space">The space.</param>
/// <param name="Name">Its name.</param>
/// <param name="City">City it lies in.</param>
/// <param name="Notice">Path of its notice.</param>
/// <param name="OpenData">Path of its open data; null where nothing is released.</param>
internal sealed record PublicSpaceView(string Space, string Name, string City, string Notice, string? OpenData)
{
    public static PublicSpaceView Of(PublicSpace space)
    {
        var id = Uri.EscapeDataString(space.Id);
        return new PublicSpaceView(space.Id, space.Name, space.City, $"/privacy/{id}", PublicHistory.Releases(space) ? $"/open-data/{id}" : null);
    }
}

/// <summary>What of a space is open data.</summary>
internal sealed record OpenSpaceView(string Space, string Name, string City, string TimeZone, IReadOnlyList<OpenSeriesView> Series);

/// <summary>A series that is open data.</summary>
/// <param name="Series">The series, as in the addresses of its hours.</param>
/// <param name="Name">Name of its counting line or zone, as the site has it now.</param>
/// <param name="Toward">Where the counted passages lead: a zone's name, or <c>outside</c>; null for people in a zone.</param>
/// <param name="Kind">What is counted.</param>
internal sealed record OpenSeriesView(string Series, string Name, string? Toward, HistoryKind Kind)
{
    public static OpenSeriesView Of(HistorySeries series, PublicSpace space)
    {
        var words = SeriesWords.Of(space, series.Series);
        return new OpenSeriesView(series.Series, words.Name, words.Toward, series.Kind);
    }
}

/// <summary>Released hours of one series.</summary>
/// <param name="Space">The space.</param>
/// <param name="Series">The series.</param>
/// <param name="TimeZone">The space's time zone, IANA name.</param>
/// <param name="From">First day in that zone.</param>
/// <param name="To">Last day, included.</param>
/// <param name="Points">The hours, and cells that are longer.</param>
internal sealed record OpenDataView(string Space, string Series, string TimeZone, DateOnly From, DateOnly To, IReadOnlyList<HistoryRow> Points);

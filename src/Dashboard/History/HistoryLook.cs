using System.Security.Claims;
using System.Text.Json;
using Monitoring.Contracts.History;
using Monitoring.Dashboard.Accounts;
using Monitoring.Domain;
using Monitoring.Domain.History;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.History;

/// <summary>Why a page of history has no numbers to show.</summary>
/// <param name="Refusal">A fixed word: those of the history, and <c>no-space</c>, <c>range-unread</c>, <c>range-years</c>, <c>range-reversed</c>, <c>no-events</c>, <c>events-years</c>, <c>too-many-rows</c>.</param>
/// <param name="Detail">What the history says about it.</param>
public sealed record HistoryProblem(string Refusal, string Detail = "");

/// <summary>What a page of history shows: what was asked, and what came.</summary>
public sealed record HistoryLook(HistoryQuery Query)
{
    /// <summary>Most points that a page draws and lists; a file can have more.</summary>
    public const int RowsMax = 3_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(20);

    public IReadOnlyList<PublicSpace> Spaces { get; init; } = [];

    public PublicSpace? Space { get; init; }

    public SpaceTime Time { get; init; } = new(TimeZoneInfo.Utc);

    public IReadOnlyList<HistorySeries> Series { get; init; } = [];

    public HistorySeries? Chosen { get; init; }

    /// <summary>The chosen series as the site calls it.</summary>
    public string ChosenName => Name(Chosen!);

    /// <summary>What the space promises; null where it is not known or nothing is released.</summary>
    public PrivacyReport? Privacy { get; init; }

    public DateTimeOffset From { get; init; }

    public DateTimeOffset To { get; init; }

    public string QueryId { get; init; } = "";

    public IReadOnlyList<ChartRow> Rows { get; init; } = [];

    public WeekProfile? Week { get; init; }

    public (DateTimeOffset First, DateTimeOffset Second) Events { get; init; }

    public HistoryProblem? Problem { get; init; }

    /// <summary>A series as the site calls it.</summary>
    public string Name(HistorySeries series) => SeriesWords.Of(Space!, series.Series).ToString();

    /// <summary>Asks for what a query wants, as far as the asker may see it.</summary>
    internal static async Task<HistoryLook> LoadAsync(HistoryQuery query, ClaimsPrincipal user, SiteSpaces sites, IGrainFactory grains, HubClock clock, CancellationToken cancellation)
    {
        var look = new HistoryLook(query);
        try
        {
            var site = await sites.GetAsync(cancellation);
            look = look with { Spaces = [.. (site?.Spaces ?? []).Where(space => user.Sees(space.Id)).OrderBy(space => space.Name, StringComparer.Ordinal)] };
            var space = string.IsNullOrEmpty(query.Space) ? (look.Spaces.Count > 0 ? look.Spaces[0] : null) : look.Spaces.FirstOrDefault(one => one.Id == query.Space);
            if (space is null)
                return look with { Problem = new("no-space") };
            look = look with { Space = space, Time = new SpaceTime(space.TimeZone) };
            return await look.AskAsync(grains.GetGrain<IHistoryGrain>(0), clock.Now, cancellation);
        }
        catch (Exception error) when (SiloAway.Is(error))
        {
            return look with { Problem = new("away", "The hub's silo does not answer.") };
        }
    }

    private async Task<HistoryLook> AskAsync(IHistoryGrain history, DateTimeOffset now, CancellationToken cancellation)
    {
        var today = Time.Day(now);
        var (privacy, _) = Read<PrivacyReport>(await history.PrivacyAsync(Space!.Id, today, today).WaitAsync(Within, cancellation));
        var (series, problem) = Read<List<HistorySeries>>(await history.SeriesAsync(Space.Id).WaitAsync(Within, cancellation));
        var look = this with { Privacy = privacy, Problem = problem };
        if (series is null)
            return look;
        look = look with { Series = [.. series.OrderBy(one => one.Kind).ThenBy(one => one.Series, StringComparer.Ordinal)] };
        look = look with { Chosen = Query.SeriesNow is { } name ? look.Series.FirstOrDefault(one => one.Series == name) : look.Series.Count > 0 ? look.Series[0] : null };
        if (Query.Span(Time, now, Query.GridNow) is not { } span)
            return look with { Problem = new(Query.SpanFault(Time)!), From = Time.Start(today.AddDays(-1)), To = Time.DayAfter(now) };
        look = look with { From = span.From, To = span.To };
        if (look.Chosen is null)
            return look with { Problem = new(look.Series.Count == 0 ? "nothing-yet" : "not-found") };
        return Query.ViewNow switch
        {
            "week" => await look.AskWeekAsync(history, cancellation),
            "compare" => await look.AskEventsAsync(history, now, cancellation),
            _ => await look.AskCourseAsync(history, cancellation),
        };
    }

    private async Task<HistoryLook> AskCourseAsync(IHistoryGrain history, CancellationToken cancellation)
    {
        var (reply, problem) = await PointsAsync(history, From, To, cancellation);
        var look = this;
        // A range that the page has chosen is moved to a border that every plan has; one that a person has chosen is not.
        if (problem?.Refusal == "not-on-a-border" && Query.RangeNow != "own")
        {
            look = this with { From = Time.Start(Time.Day(From)) };
            (reply, problem) = await PointsAsync(history, look.From, look.To, cancellation);
        }

        return reply is null ? look with { Problem = problem } : look with { Rows = ChartRow.Of(reply.Points), QueryId = reply.QueryId, Problem = reply.Points.Count == 0 ? new("nothing-here") : null };
    }

    private async Task<HistoryLook> AskWeekAsync(IHistoryGrain history, CancellationToken cancellation)
    {
        var look = this;
        var (week, problem) = await WeekAsync(history, From, To, cancellation);
        if (problem?.Refusal == "not-on-a-border" && Query.RangeNow != "own")
        {
            look = this with { From = Time.Start(Time.Day(From)) };
            (week, problem) = await WeekAsync(history, look.From, look.To, cancellation);
        }

        return look with { Week = week, Problem = problem ?? (week!.Hours.All(hour => hour.Hours + hour.HoursMissing == 0) ? new("nothing-here") : null) };
    }

    private async Task<(WeekProfile? Week, HistoryProblem? Problem)> WeekAsync(IHistoryGrain history, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        Read<WeekProfile>(await history.WeekAsync(Question(from, to) with { Grid = "PT1H" }).WaitAsync(Within, cancellation));

    private async Task<HistoryLook> AskEventsAsync(IHistoryGrain history, DateTimeOffset now, CancellationToken cancellation)
    {
        // Without a choice: today and the same day of last week, by the clock on the wall.
        var day = Time.Day(now);
        var isAsked = !string.IsNullOrEmpty(Query.First) || !string.IsNullOrEmpty(Query.Second);
        if (Query.Events(Time) is not { } events)
        {
            events = (Time.Start(day), Time.Start(day.AddDays(-7)));
            if (isAsked)
                return this with { Events = events, Problem = new(Query.EventsFault(Time)!) };
        }

        var length = isAsked || Query.Hours is not null ? TimeSpan.FromHours(Query.HoursNow) : TimeSpan.FromHours(24);
        var look = this with { Events = events };
        var (first, firstProblem) = await PointsAsync(history, events.First, events.First + length, cancellation);
        var (second, secondProblem) = await PointsAsync(history, events.Second, events.Second + length, cancellation);
        if (first is null || second is null)
            return look with { Problem = firstProblem ?? secondProblem };
        return look with
        {
            Rows = ChartRow.Of(first.Points, events.First, second.Points, events.Second),
            QueryId = $"{first.QueryId} {second.QueryId}",
            Problem = first.Points.Count + second.Points.Count == 0 ? new("nothing-here") : null,
        };
    }

    private async Task<(HistoryReply? Reply, HistoryProblem? Problem)> PointsAsync(IHistoryGrain history, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var (reply, problem) = Read<HistoryReply>(await history.ReadAsync(Question(from, to)).WaitAsync(Within, cancellation));
        return reply?.Points.Count > RowsMax ? (null, new("too-many-rows")) : (reply, problem);
    }

    private HistoryQuestion Question(DateTimeOffset from, DateTimeOffset to) => new(Space!.Id, Chosen!.Series, Query.GridNow, from, to);

    private static (T? Found, HistoryProblem? Problem) Read<T>(HistoryAnswer answer)
        where T : class =>
        answer.Json is { } json ? (JsonSerializer.Deserialize<T>(json, Json)!, null) : (null, new(answer.Refusal ?? "away", answer.Detail));
}

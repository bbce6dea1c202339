using Monitoring.Contracts.History;
using Monitoring.Domain.History;
using Monitoring.Domain.Privacy;
using Monitoring.Domain.Spaces;
using Monitoring.Privacy;

namespace Monitoring.Dashboard.History;

/// <summary>Whether a space is quiet, normal or busy.</summary>
/// <param name="Space">The space.</param>
/// <param name="Level">That of the busiest series; <c>unknown</c> where none is known.</param>
/// <param name="Known">Series that are known.</param>
/// <param name="Series">Each series.</param>
internal sealed record OpenLevelView(string Space, string Level, int Known, IReadOnlyList<OpenLevel> Series);

/// <summary><c>/open-data/{space}/level</c>: a sign for the public, from released numbers alone. It is an hour old or more; live numbers have no part in it.</summary>
internal static class OpenLevelApi
{
    /// <summary>Weeks that make the typical week.</summary>
    public const int WeeksBack = 8;

    private static readonly string[] Busiest = ["busy", "normal", "quiet"];

    public static async Task<IResult> GetAsync(string space, HttpContext context, PublicHistory history, CancellationToken cancellation)
    {
        if (await history.FindAsync(space, cancellation) is not { Release.Class: not PlaceClass.Sensitive } known)
            return HistoryAnswers.NotFound("Sensitive places have no public sign.");
        var (series, problem) = (await history.SeriesAsync(space, cancellation)).Read<List<HistorySeries>>(context);
        if (problem is not null)
            return problem;
        var today = await history.TodayAsync(known, cancellation);
        var levels = new List<OpenLevel>();
        foreach (var one in series!)
        {
            var (level, away) = await LevelAsync(known, one.Series, today, context, history, cancellation);
            if (away is not null)
                return away;
            levels.Add(level!);
        }

        return TypedResults.Ok(new OpenLevelView(space, Busiest.FirstOrDefault(word => levels.Exists(level => level.Level == word)) ?? "unknown", levels.Count(level => level.Level != "unknown"), levels));
    }

    private static async Task<(OpenLevel? Level, IResult? Problem)> LevelAsync(PublicSpace space, string series, CivilDay today, HttpContext context, PublicHistory history, CancellationToken cancellation)
    {
        HistoryPoint? newest = null;
        // After midnight the newest hour is one of yesterday's; an older one says nothing about now.
        foreach (var day in (CivilDay[])[today, CivilDay.Of(today.Date.AddDays(-1), space.TimeZone)])
        {
            var (points, problem) = await history.DayAsync(space.Id, series, day, context, cancellation);
            if (problem is not null)
                return (null, problem);
            newest ??= points!.MaxBy(point => point.Key.From);
            if (newest is not null)
                break;
        }

        if (newest is null)
            return (OpenLevel.Of(series, null, null), null);
        // Whole days before the one of the point: the point is not in its own measure.
        var from = CivilDay.Of(newest.LocalDay.AddDays(-7 * WeeksBack), space.TimeZone).From;
        var to = CivilDay.Of(newest.LocalDay, space.TimeZone).From;
        var (week, away) = (await history.WeekAsync(new HistoryQuestion(space.Id, series, "PT1H", from, to), cancellation)).Read<WeekProfile>(context);
        return (week is null ? null : OpenLevel.Of(series, newest, week.Hours.FirstOrDefault(hour => hour.Hour == newest.HourOfWeek)), away);
    }
}

using Microsoft.Extensions.Options;
using Monitoring.Contracts.History;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Domain.History;
using Monitoring.Domain.Privacy;
using Monitoring.Domain.Spaces;
using Monitoring.Privacy;

namespace Monitoring.Dashboard.History;

/// <summary>What anyone may ask of the history: released points in hours, of whole local days.</summary>
/// <remarks>More than a few questions at once are refused: whoever asks from many addresses must not keep those who are signed in from their history.</remarks>
internal sealed class PublicHistory(IGrainFactory grains, HubClock clock, SiteSpaces sites, IOptions<HistoryReadOptions> options) : IDisposable
{
    /// <summary>No point of the public side is shorter.</summary>
    public static readonly TimeSpan ShortestPoint = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _room = new(options.Value.PublicAtOnceMax);

    private IHistoryGrain History => grains.GetGrain<IHistoryGrain>(0);

    /// <summary>Enters; whoever gets in disposes of what is given.</summary>
    /// <returns>Null where too many ask at once.</returns>
    public IDisposable? Enter() => _room.Wait(0) ? new Seat(_room) : null;

    /// <summary>Whether anything of a space is released.</summary>
    public static bool Releases(PublicSpace space) => space.Release.Class != PlaceClass.Closed;

    /// <summary>The spaces of the site, by their names; none while the hub has no site.</summary>
    public async Task<IReadOnlyList<PublicSpace>> SpacesAsync(CancellationToken cancellation) =>
        [.. ((await sites.GetAsync(cancellation))?.Spaces ?? []).OrderBy(space => space.Name, StringComparer.Ordinal)];

    /// <summary>A space in which people are counted; null where there is none. Whoever passes has a right to its notice, also where nothing is released.</summary>
    public async Task<PublicSpace?> FindCountedAsync(string space, CancellationToken cancellation) =>
        (await sites.GetAsync(cancellation))?.Spaces.FirstOrDefault(known => known.Id == space);

    /// <summary>A space of which something is released; null where there is none.</summary>
    public async Task<PublicSpace?> FindAsync(string space, CancellationToken cancellation) =>
        await FindCountedAsync(space, cancellation) is { } known && Releases(known) ? known : null;

    /// <summary>The current day of a space.</summary>
    public async Task<CivilDay> TodayAsync(PublicSpace space, CancellationToken cancellation) =>
        CivilDay.At(clock.Kind == ClockKind.Wall ? clock.Now : await grains.GetGrain<IClockGrain>(0).GetAsync().WaitAsync(cancellation), space.TimeZone);

    /// <summary>The series of a space.</summary>
    public Task<HistoryAnswer> SeriesAsync(string space, CancellationToken cancellation) => History.SeriesAsync(space).WaitAsync(cancellation);

    /// <summary>What a space promises and spent.</summary>
    public Task<HistoryAnswer> PrivacyAsync(string space, DateOnly from, DateOnly to, CancellationToken cancellation) => History.PrivacyAsync(space, from, to).WaitAsync(cancellation);

    /// <summary>The typical week of a series.</summary>
    public Task<HistoryAnswer> WeekAsync(HistoryQuestion question, CancellationToken cancellation) => History.WeekAsync(question).WaitAsync(cancellation);

    /// <summary>Points of one local day: hours, and the cells that are longer than an hour; never anything shorter.</summary>
    /// <returns>The points, or why there are none.</returns>
    public async Task<(IReadOnlyList<HistoryPoint>? Points, IResult? Problem)> DayAsync(string space, string series, CivilDay day, HttpContext context, CancellationToken cancellation)
    {
        var answer = await ReadAsync(space, series, "PT1H", day, cancellation);
        // A day whose cells are all longer has no grid of hours; its cells stand for themselves.
        if (answer.Refusal == "grid-not-released")
            answer = await ReadAsync(space, series, "cell", day, cancellation);
        var (reply, problem) = answer.Read<HistoryReply>(context);
        return (reply?.Points.Where(point => point.To - point.Key.From >= ShortestPoint).ToList(), problem);
    }

    public void Dispose() => _room.Dispose();

    private Task<HistoryAnswer> ReadAsync(string space, string series, string grid, CivilDay day, CancellationToken cancellation) =>
        History.ReadAsync(new HistoryQuestion(space, series, grid, day.From, day.To)).WaitAsync(cancellation);

    private sealed class Seat(SemaphoreSlim room) : IDisposable
    {
        public void Dispose() => room.Release();
    }
}

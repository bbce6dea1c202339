using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Monitoring.Contracts.History;
using Monitoring.Domain.History;
using Monitoring.Privacy;

namespace Monitoring.Silo.History;

/// <summary>Answers questions from the store alone: it has neither the ledger nor a space within its reach.</summary>
/// <param name="store">The store.</param>
/// <param name="factsOf">What a space was on a local day.</param>
internal sealed class HistoryReader(IHistoryStore store, Func<string, DateOnly, SpaceFact> factsOf)
{
    /// <summary>Most points of one answer: more than two years of quarter-hours.</summary>
    public const int PointsMax = 80_000;

    private const long HealthMax = 20_000;

    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public async Task<HistoryAnswer> ReadAsync(HistoryQuestion question, CancellationToken cancellation)
    {
        if (GridName.Of(question.Grid) is not { } grid)
            return new HistoryAnswer(null, "grid-unknown", $"Use one of: {string.Join(", ", GridName.Names)}.");
        return await AnswerAsync(async () =>
        {
            var points = await store.ReadAsync(new HistoryRange(question.Space, question.Series, grid.Grid, question.From, question.To, PointsMax + 1), cancellation);
            if (points.Count > PointsMax)
                return new HistoryAnswer(null, "too-many-points", $"The answer would have more than {PointsMax} points; ask for a shorter time or a coarser grid, or export a file.");
            if (grid.Problem(points, question.From, question.To) is { } problem)
                return new HistoryAnswer(null, problem.Code, Words(problem));
            if (points.Count == 0 && !await IsKnownAsync(question, cancellation))
                return NotFound;
            var zone = ZoneOf(question.Space);
            return Answer(new HistoryReply(question.Space, question.Series, question.Grid, zone, question.From, question.To, IdOf(question, points), points));
        });
    }

    public Task<HistoryAnswer> WeekAsync(HistoryQuestion question, CancellationToken cancellation) => AnswerAsync(async () =>
    {
        // Hours at either end that lie outside too would be in two weeks side by side.
        foreach (var end in (DateTimeOffset[])[question.From, question.To - Instant])
        {
            var points = await store.ReadAsync(new HistoryRange(question.Space, question.Series, HistoryGrid.Hour, end, end + Instant, PointsMax), cancellation);
            if (GridName.Cut(points, question.From, question.To) is { } problem)
                return new HistoryAnswer(null, problem.Code, Words(problem));
        }

        return await WeekOfAsync(question.Space, question.Series, question.From, question.To, cancellation) is { } week ? Answer(week)
            : await IsKnownAsync(question, cancellation) ? Answer(EmptyWeek(question)) : NotFound;
    });

    /// <summary>The weeks of all series of a space of which there is an hour in a span.</summary>
    /// <returns>Null where the store cannot be asked now.</returns>
    public async Task<IReadOnlyList<UsualWeek>?> UsualWeeksAsync(string space, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        try
        {
            var weeks = new List<UsualWeek>();
            foreach (var series in await store.SeriesAsync(space, cancellation))
            {
                if (await WeekOfAsync(space, series.Series, from, to, cancellation) is { } week)
                    weeks.Add(new UsualWeek(series.Kind, to, week));
            }

            return weeks;
        }
        catch (HistoryAwayException)
        {
            return null;
        }
    }

    public Task<HistoryAnswer> SeriesAsync(string space, CancellationToken cancellation) => AnswerAsync(async () => Answer(await store.SeriesAsync(space, cancellation)));

    public Task<HistoryAnswer> HealthAsync(string device, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) => AnswerAsync(async () =>
    {
        var points = await store.HealthAsync(device, from, to, (int)HealthMax + 1, cancellation);
        return points.Count > HealthMax ? new HistoryAnswer(null, "too-many-points", $"The answer would have more than {HealthMax} points; ask for a shorter time.") : Answer(points);
    });

    /// <summary>Opens a file; the caller disposes of it.</summary>
    public async Task<HistoryFile> ExportAsync(HistoryQuestion question, HistoryFormat format, bool withNoise, int max, CancellationToken cancellation)
    {
        if (GridName.Of(question.Grid) is not { } grid)
            throw new HistoryRefusedException("grid-unknown", $"Use one of: {string.Join(", ", GridName.Names)}.");
        try
        {
            return await store.ExportAsync(new HistoryExport(question.Space, question.Series.Length == 0 ? null : question.Series, grid.Grid, question.From, question.To, max, format, withNoise), cancellation)
                ?? throw new HistoryRefusedException("too-many-points", $"The file would have more than {max} points; ask for a shorter time.");
        }
        catch (HistoryAwayException away)
        {
            throw new HistoryRefusedException("away", away.Message);
        }
    }

    private static HistoryAnswer NotFound => new(null, "not-found", "Nothing of such a series has been released. The series of a space are listed under /api/history/{space}.");

    private static async Task<HistoryAnswer> AnswerAsync(Func<Task<HistoryAnswer>> read)
    {
        try
        {
            return await read();
        }
        catch (HistoryAwayException away)
        {
            return new HistoryAnswer(null, "away", away.Message);
        }
    }

    private static HistoryAnswer Answer<T>(T found) => new(JsonSerializer.SerializeToUtf8Bytes(found, Json));

    private async Task<WeekProfile?> WeekOfAsync(string space, string series, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var sums = (await store.WeekAsync(new HistoryRange(space, series, HistoryGrid.Hour, from, to, PointsMax), cancellation)).ToLookup(sum => sum.HourOfWeek);
        if (sums.Count == 0)
            return null;
        var publication = new Publication(factsOf(space, DateOnly.MaxValue).Sensitive);
        return new WeekProfile(space, series, ZoneOf(space), from, to, [.. Enumerable.Range(0, 168).Select(hour => HourOf(hour, [.. sums[hour]], publication))]);
    }

    private WeekProfile EmptyWeek(HistoryQuestion question) =>
        new(question.Space, question.Series, ZoneOf(question.Space), question.From, question.To, [.. Enumerable.Range(0, 168).Select(hour => HourOf(hour, [], new Publication(false)))]);

    private static HourOfWeek HourOf(int hour, IReadOnlyList<HourOfWeekSum> sums, Publication publication)
    {
        var (hours, missing, minutes) = (sums.Sum(sum => sum.Hours), sums.Sum(sum => sum.HoursMissing), sums is [var newest, ..] ? newest.Minutes : (int?)null);
        if (hours == 0)
            return new HourOfWeek(hour, null, ReleaseReason.NoData, null, 0, missing, minutes);
        var shown = publication.OfSum(sums.Sum(sum => sum.Noisy), [.. sums.Where(sum => sum.Cells > 0).Select(sum => (new Epsilon(sum.EpsilonMicro), new Sensitivity(sum.Sensitivity), sum.Cells))]);
        return new HourOfWeek(hour, shown.Value is { } sum ? (double)sum / hours : null, shown.Reason, (double)shown.Err95 / hours, hours, missing, minutes);
    }

    private static string Words(GridProblem problem)
    {
        var span = string.Create(CultureInfo.InvariantCulture, $"{problem.From.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} to {problem.To.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");
        return problem.Code == "not-on-a-border"
            ? $"'from' and 'to' must lie on borders of what is released: {span} is one piece. Move the border to either end."
            : $"No pieces of that length are released from {span}; ask for another grid, or for 'cell'.";
    }

    private static string IdOf(HistoryQuestion question, IReadOnlyList<HistoryPoint> points)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{question.Space} {question.Series} {question.Grid} {question.From.ToUnixTimeMilliseconds()} {question.To.ToUnixTimeMilliseconds()}");
        foreach (var point in points)
            text.Append(CultureInfo.InvariantCulture, $"\n{point.Key.From.ToUnixTimeMilliseconds()} {point.To.ToUnixTimeMilliseconds()} {point.Shown.Value} {point.Shown.Reason} {point.Shown.Err95}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }

    private string ZoneOf(string space) => factsOf(space, DateOnly.MaxValue).TimeZone;

    private async Task<bool> IsKnownAsync(HistoryQuestion question, CancellationToken cancellation) =>
        (await store.SeriesAsync(question.Space, cancellation)).Any(series => series.Series == question.Series);
}

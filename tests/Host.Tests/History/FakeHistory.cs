using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Monitoring.Contracts.History;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain.History;

namespace Monitoring.Host.Tests.History;

/// <summary>A history whose points a test gives; it cuts and refuses by the hub's own rules.</summary>
internal sealed class FakeHistory : IHistoryGrain
{
    public const string Space = "square";

    /// <summary>All points, of every grid.</summary>
    public List<HistoryPoint> Points { get; } = [];

    public PrivacyReport Report { get; set; } = new(Space, "Europe/Brussels", new PrivacyTerms(3, "00:00 whole, 06:00 60 min", 1_000_000, false, [new PrivacyGroup(HistoryKind.Flow, 1_000_000, 4, 12, 3.96, 19, ["gate-1-in", "gate-1-out"])]), [], 761);

    public WeekProfile? Week { get; set; }

    /// <summary>What every question is refused for; null to answer.</summary>
    public string? Refusal { get; set; }

    /// <summary>Runs before each question for points.</summary>
    public Action BeforePoints { get; set; } = () => { };

    /// <summary>Lists of series wait for it.</summary>
    public Task Held { get; set; } = Task.CompletedTask;

    public List<(string Space, DateOnly Day, string By, string Reason)> Withdrawn { get; } = [];

    public int Rebuilt { get; private set; }

    /// <summary>Lists of series that were asked for.</summary>
    public int Asked { get; private set; }

    public Task<HistoryAnswer> ReadAsync(HistoryQuestion question)
    {
        BeforePoints();
        if (Refusal is not null)
            return Task.FromResult(new HistoryAnswer(null, Refusal, "because of the test"));
        var grid = GridName.Of(question.Grid)!;
        var points = Points.Where(point => point.Key.Series == question.Series && point.Key.Grid == grid.Grid && point.Key.From < question.To && point.To > question.From).OrderBy(point => point.Key.From).ToList();
        if (grid.Problem(points, question.From, question.To) is { } problem)
            return Task.FromResult(new HistoryAnswer(null, problem.Code, $"{problem.From:O} to {problem.To:O}"));
        if (Points.TrueForAll(point => point.Key.Series != question.Series))
            return Task.FromResult(new HistoryAnswer(null, "not-found"));
        return Answer(new HistoryReply(question.Space, question.Series, question.Grid, "Europe/Brussels", question.From, question.To, "0123456789abcdef", points));
    }

    public Task<HistoryAnswer> WeekAsync(HistoryQuestion question) => Week is null ? Task.FromResult(new HistoryAnswer(null, "not-found")) : Answer(Week);

    public async Task<HistoryAnswer> SeriesAsync(string space)
    {
        Asked++;
        await Held;
        return await Answer(Points.Where(point => point.Key.Space == space).GroupBy(point => point.Key.Series).Select(series => new HistorySeries(space, series.Key, HistoryKind.Flow, series.Min(point => point.Key.From), series.Max(point => point.To))));
    }

    public Task<HistoryAnswer> HealthAsync(string device, DateTimeOffset from, DateTimeOffset to) =>
        Answer<HealthPoint[]>([new HealthPoint(Space, device, from, "ok", 12, new Dictionary<string, double> { ["batteryPercent"] = 88 })]);

    public async IAsyncEnumerable<byte[]> ExportAsync(HistoryQuestion question, HistoryFormat format, bool withNoise, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.Yield();
        BeforePoints();
        if (Refusal is not null)
            throw new HistoryRefusedException(Refusal, "because of the test");
        yield return Encoding.UTF8.GetBytes(HistoryCsv.Header(withNoise) + HistoryCsv.LineEnd);
        foreach (var point in Points.Where(point => (question.Series.Length == 0 || point.Key.Series == question.Series) && point.Key.From >= question.From && point.To <= question.To))
            yield return Encoding.UTF8.GetBytes(HistoryCsv.Line(point, withNoise) + HistoryCsv.LineEnd);
    }

    public Task<HistoryAnswer> PrivacyAsync(string space, DateOnly from, DateOnly to) => Answer(Report);

    public Task<int> WithdrawAsync(string space, DateOnly day, string by, string reason)
    {
        if (space != Space)
            throw new HistoryRefusedException("not-found", "nothing was taken back");
        Withdrawn.Add((space, day, by, reason));
        return Task.FromResult(7);
    }

    public Task RebuildAsync()
    {
        Rebuilt++;
        return Refusal is null ? Task.CompletedTask : Task.FromException(new HistoryRefusedException(Refusal, "because of the test"));
    }

    public Task<byte[]> CopiesAsync() => Task.FromResult(JsonSerializer.SerializeToUtf8Bytes<CopyStatus[]>([new CopyStatus("duckdb", 0, null, false, false)], JsonSerializerOptions.Web));

    private static Task<HistoryAnswer> Answer<T>(T value) => Task.FromResult(new HistoryAnswer(JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web)));
}

/// <summary>A stored site.</summary>
internal sealed class FakeSite(string yaml) : ISiteGrain
{
    public Task<VersionedSite?> GetAsync() => Task.FromResult<VersionedSite?>(new VersionedSite(1, new SiteDocument("site.yaml", yaml, new Dictionary<string, string>())));

    public Task<int> GetVersionAsync() => Task.FromResult(1);

    public Task<int> ImportAsync(SiteDocument document) => throw new NotSupportedException();

    public Task<int?> ReplaceAsync(int expected, SiteDocument document, string by) => throw new NotSupportedException();
}

/// <summary>The clock of a replay that stands still.</summary>
internal sealed class FakeClock(DateTimeOffset now) : IClockGrain
{
    public Task<DateTimeOffset> GetAsync() => Task.FromResult(now);

    public Task<DateTimeOffset> AdvanceAsync(DateTimeOffset to) => throw new NotSupportedException();
}

/// <summary>Points of a test.</summary>
internal static class SomePoints
{
    /// <summary>Midnight of 22 November 2026 in Brussels.</summary>
    public static readonly DateTimeOffset Midnight = new(2026, 11, 21, 23, 0, 0, TimeSpan.Zero);

    /// <summary>One point.</summary>
    public static HistoryPoint Of(HistoryGrid grid, DateTimeOffset from, TimeSpan length, long? value, string? reason = null, string series = "gate-1-in")
    {
        var local = from.ToOffset(TimeSpan.FromHours(1));
        return new HistoryPoint(
            new HistoryKey(FakeHistory.Space, series, grid, from),
            from + length,
            HistoryKind.Flow,
            DateOnly.FromDateTime(local.DateTime),
            (((int)local.DayOfWeek + 6) % 7 * 24) + local.Hour,
            new ShownValue(value, reason, 12),
            new HistoryCoverage(1, 1, false, 1, value is null ? 0 : 1),
            new HistoryNoise(value ?? -3, 1_000_000, 4),
            3);
    }

    /// <summary>A day as a plan of hours with a night block has it: the block and 18 hours, as cells and as hours.</summary>
    public static IEnumerable<HistoryPoint> Day(DateTimeOffset midnight, string series = "gate-1-in")
    {
        foreach (var grid in (HistoryGrid[])[HistoryGrid.Cell, HistoryGrid.Hour])
        {
            yield return Of(grid, midnight, TimeSpan.FromHours(6), null, "suppressed", series);
            for (var hour = 6; hour < 24; hour++)
                yield return Of(grid, midnight.AddHours(hour), TimeSpan.FromHours(1), 100 + hour, series: series);
        }
    }
}

using System.Reflection;
using Monitoring.Contracts.History;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain.History;
using Monitoring.Domain.Spaces;
using Monitoring.Harness;
using Monitoring.Silo.History;

namespace Monitoring.Host.Tests.History;

/// <summary>The usual week that copies get: once a night, of the last twelve weeks, and the same numbers that the API gives.</summary>
public sealed class UsualWeeksTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 11, 21, 23, 0, 0, TimeSpan.Zero);

    private readonly PublicSpace _space = CompiledSite.Compile(new SiteDocument("site.yaml", FixtureSites.Square(1, 60), new Dictionary<string, string>())).Site!.Site.Spaces[0];
    private readonly WeekStore _store = WeekStore.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_due_once_a_day_seven_hours_after_midnight_and_after_a_rebuild()
    {
        var weeks = new UsualWeeks(Reader());
        Assert.NotNull(await weeks.DueAsync(_space, Midnight.AddHours(7), Cancellation));
        // Twelve weeks of local days: the first of them began in summer time.
        Assert.Equal((new DateTimeOffset(2026, 8, 29, 22, 0, 0, TimeSpan.Zero), Midnight), (_store.Asked[0].From, _store.Asked[0].To));
        weeks.Written(_space, Midnight.AddHours(7));
        Assert.Null(await weeks.DueAsync(_space, Midnight.AddHours(31).AddTicks(-1), Cancellation));
        Assert.NotNull(await weeks.DueAsync(_space, Midnight.AddHours(31), Cancellation));
        Assert.Equal(Midnight.AddDays(1), _store.Asked[^1].To);
        weeks.Written(_space, Midnight.AddHours(31));
        weeks.Forget();
        Assert.NotNull(await weeks.DueAsync(_space, Midnight.AddHours(31), Cancellation));
    }

    [Fact]
    public async Task It_says_what_the_API_says_and_nothing_while_the_store_is_away()
    {
        var (reader, cancellation) = (Reader(), Cancellation);
        var week = Assert.Single((await new UsualWeeks(reader).DueAsync(_space, Midnight.AddHours(9), cancellation))!);
        var answer = await reader.WeekAsync(new HistoryQuestion("square", "gate-1-in", "PT1H", week.Week.From, week.Week.To), cancellation);
        var told = System.Text.Json.JsonSerializer.Deserialize<WeekProfile>(answer.Json, System.Text.Json.JsonSerializerOptions.Web)!;
        Assert.Equal(told.Hours, week.Week.Hours);
        Assert.Equal((Midnight, 40.5, 60), (week.At, week.Week.Hours[17].Mean, week.Week.Hours[17].Minutes));
        Assert.Null(week.Week.Hours[16].Minutes);

        _store.Away = true;
        Assert.Null(await new UsualWeeks(reader).DueAsync(_space, Midnight.AddHours(9), cancellation));
    }

    [Fact]
    public async Task A_week_that_would_count_an_hour_which_it_has_not_in_whole_is_refused()
    {
        _store.Hours.Add(SomePoints.Of(HistoryGrid.Hour, Midnight, TimeSpan.FromHours(6), 40));
        foreach (var (from, to, refusal) in ((int, int, string?)[])[(1, 24, "not-on-a-border"), (-24, 5, "not-on-a-border"), (0, 24, null), (-24, 6, null), (-24, 0, null)])
        {
            var answer = await Reader().WeekAsync(new HistoryQuestion("square", "gate-1-in", "PT1H", Midnight.AddHours(from), Midnight.AddHours(to)), Cancellation);
            Assert.Equal(refusal, answer.Refusal);
        }
    }

    private HistoryReader Reader() => new((IHistoryStore)(object)_store, (_, _) => new SpaceFact(DateOnly.MinValue, "Europe/Brussels", false));

    /// <summary>A store with one series of one hour.</summary>
    public class WeekStore : DispatchProxy
    {
        public List<HistoryRange> Asked { get; } = [];

        public List<HistoryPoint> Hours { get; } = [];

        public bool Away { get; set; }

        public static WeekStore Create() => (WeekStore)(object)Create<IHistoryStore, WeekStore>();

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (Away)
                throw new HistoryAwayException("It is away.");
            if (targetMethod!.Name == nameof(IHistoryStore.SeriesAsync))
                return Task.FromResult<IReadOnlyList<HistorySeries>>([new HistorySeries("square", "gate-1-in", HistoryKind.Flow, Midnight.AddDays(-9), Midnight)]);
            var range = (HistoryRange)args![0]!;
            if (targetMethod.Name == nameof(IHistoryStore.ReadAsync))
                return Task.FromResult<IReadOnlyList<HistoryPoint>>([.. Hours.Where(hour => hour.Key.From < range.To && hour.To > range.From)]);
            Asked.Add(range);
            return Task.FromResult<IReadOnlyList<HourOfWeekSum>>([new HourOfWeekSum(17, 81, 2, 8, 1, 1_000_000, 4, 60)]);
        }
    }
}

using Monitoring.Domain.History;
using Monitoring.Harness;
using Monitoring.Host.Tests.Privacy;
using Monitoring.Privacy;
using Monitoring.Silo.History;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host.Tests.History;

/// <summary>Hours are put together from cells so that each cell is in one of them, whatever the clocks of the place do.</summary>
public sealed class PointAssemblyTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TemporaryFolder _folder = new();
    private readonly ReleaseStore _ledger;
    private readonly Dictionary<string, TimeZoneInfo> _zones = [];

    public PointAssemblyTests() => _ledger = new ReleaseStore(ReleaseStore.FileIn(_folder.Path));

    public void Dispose()
    {
        _ledger.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_hours_of_a_day_are_a_partition_of_it_in_all_zones_on_all_days_on_which_clocks_change()
    {
        var days = Courses().SelectMany(_ => (ReleasePlan[])[ReleasePlan.P5, ReleasePlan.P15, ReleasePlan.P15.WithNightBlock(), ReleasePlan.P60, ReleasePlan.P60.WithNightBlock()], (course, plan) => Terms(course.Zone, plan).On(course.Date)).ToList();
        Assert.Contains(days, day => _zones[day.Terms.Space].Id == "Australia/Lord_Howe");
        _ledger.Release([.. days.SelectMany(day => day.Cells().Select(cell => (day, cell)))], days.Max(day => day.Day.To));
        var rows = _ledger.All();
        var hours = new PointAssembly(_ledger, (space, _) => new SpaceFact(DateOnly.MinValue, _zones[space].Id, Sensitive: false))
            .Of(rows, days.Max(day => day.Day.To).AddDays(1)).Where(point => point.Key.Grid == HistoryGrid.Hour).ToLookup(point => point.Key.Space);

        Assert.All(days, day =>
        {
            var at = day.Day.From;
            foreach (var hour in hours[day.Terms.Space].OrderBy(hour => hour.Key.From))
            {
                Assert.True(hour.Key.From == at, $"{_zones[day.Terms.Space].Id} {day.Day.Date:O}: an hour begins at {hour.Key.From:O}, after one that ends at {at:O}");
                Assert.True(hour.To - at <= Hour || hour.Coverage.Cells == 1, $"{_zones[day.Terms.Space].Id} {day.Day.Date:O}: {hour.To - at} from {at:O} of {hour.Coverage.Cells} cells");
                at = hour.To;
            }

            Assert.True(at == day.Day.To, $"{_zones[day.Terms.Space].Id} {day.Day.Date:O}: hours end at {at:O}");
            Assert.Equal(day.Cells().Count, hours[day.Terms.Space].Sum(hour => hour.Coverage.Cells));
        });
    }

    [Fact]
    public void Half_an_hour_that_clocks_cut_off_is_an_hour_for_itself()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Australia/Lord_Howe");

        // At 02:00 it is 02:30, and half a year later 01:30 again.
        Assert.Equal([(0, 60), (60, 60), (120, 30), (150, 60)], Lengths(new DateOnly(2026, 10, 4)).Take(4));
        Assert.Equal([(0, 60), (60, 60), (120, 30), (150, 60)], Lengths(new DateOnly(2027, 4, 4)).Take(4));

        List<(int From, int Minutes)> Lengths(DateOnly date)
        {
            var day = Terms(zone, ReleasePlan.P15).On(date);
            _ledger.Fill(day);
            return [.. new PointAssembly(_ledger, (_, _) => new SpaceFact(DateOnly.MinValue, zone.Id, Sensitive: false)).Of([.. _ledger.All().Where(row => row.Release.Key.Space == day.Terms.Space)], day.Day.To.AddDays(1))
                .Where(point => point.Key.Grid == HistoryGrid.Hour).OrderBy(point => point.Key.From)
                .Select(point => ((int)(point.Key.From - day.Day.From).TotalMinutes, (int)(point.To - point.Key.From).TotalMinutes))];
        }
    }

    [Fact]
    public void A_month_is_shown_as_its_cells_together_would_be_also_when_their_noise_changed_within_it()
    {
        var date = new DateOnly(2026, 6, 15);
        var cells = _ledger.Fill(Ledgers.On(date)).Concat(_ledger.Fill(Ledgers.On(date.AddDays(1), version: 2, epsilon: 200_000))).ToList();
        _ledger.Forget(new DateOnly(2026, 7, 1));

        var month = new PointAssembly(_ledger, (_, _) => new SpaceFact(DateOnly.MinValue, Ledgers.Zone.Id, Sensitive: false)).Of(Assert.Single(_ledger.Months(Ledgers.Space)))!;
        var together = new Publication().Of(cells);
        Assert.Equal(new ShownValue(together.Value, together.Reason, together.Err95), month.Shown);
        Assert.Equal((new HistoryKey(Ledgers.Space, Ledgers.Series, HistoryGrid.Month, cells[0].Key.From), cells[^1].To), (month.Key, month.To));
        Assert.Equal((new HistoryCoverage(1, 1, false, 48, 48), new HistoryNoise(cells.Sum(cell => cell.Value), 200_000, Sensitivity.FlowDefault.Bound)), (month.Coverage, month.Noise));
        Assert.True(month.Shown.Err95 > new Publication().Of(cells[..24]).Err95);
    }

    [Theory]
    [InlineData("2026-06-02", "suppressed")]
    [InlineData("2026-07-01", null)]
    public void A_month_with_gaps_is_the_sum_of_the_rest_and_one_that_ended_sensitive_has_the_higher_threshold(string sensitiveFrom, string? reason)
    {
        // With this little noise the sum of a few cells is nearly true.
        var day = new ReleaseTerms(Ledgers.Space, 1, Ledgers.Zone, new Epsilon(3_000_000), [new ReleaseGroup(ReleaseKind.Flow, new Epsilon(3_000_000), new Sensitivity(1), ReleasePlan.P60, new SeriesMap(new Series(Ledgers.Series, new StreamId("square/gate"))), 10_000)]).On(new DateOnly(2026, 6, 1));
        _ledger.Release(day, [.. day.CellsOf(ReleaseKind.Flow).Take(3).Select((cell, i) => new SealedCell(Ledgers.Series, cell, 15, new CellCoverage(i == 0 ? 0 : 1, 1)))], day.Day.To);
        _ledger.Forget(new DateOnly(2026, 7, 1));

        var month = new PointAssembly(_ledger, (_, date) => new SpaceFact(DateOnly.MinValue, Ledgers.Zone.Id, Sensitive: date >= DateOnly.Parse(sensitiveFrom, null))).Of(Assert.Single(_ledger.Months(Ledgers.Space)))!;
        Assert.Equal((reason, reason is null, 3, 2), (month.Shown.Reason, month.Shown.Value is not null, month.Coverage.Cells, month.Coverage.CellsReleased));
        Assert.InRange(month.Noise.Noisy!.Value, 15, 45);
    }

    // Each way in which the clocks of a zone go through a day on which they change, once: zones that go through it alike have the same cells.
    private static List<(TimeZoneInfo Zone, DateOnly Date)> Courses()
    {
        var courses = new Dictionary<string, (TimeZoneInfo, DateOnly)>();
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones())
        {
            for (var date = new DateOnly(2024, 1, 1); date.Year <= 2030; date = date.AddDays(1))
            {
                var day = CivilDay.Of(date, zone);
                if (zone.GetUtcOffset(day.From) != zone.GetUtcOffset(day.To))
                    courses.TryAdd(string.Join(' ', Enumerable.Range(0, (int)(day.To - day.From).TotalMinutes / 15).Select(quarter => zone.GetUtcOffset(day.From.AddMinutes(15 * quarter)).TotalMinutes).Prepend(day.From.TimeOfDay.TotalMinutes)), (zone, date));
            }
        }

        return [.. courses.Values];
    }

    // A space for each day and plan.
    private ReleaseTerms Terms(TimeZoneInfo zone, ReleasePlan plan)
    {
        var space = $"square-{_zones.Count}";
        _zones[space] = zone;
        return new ReleaseTerms(space, 1, zone, new Epsilon(1_000_000), [new ReleaseGroup(ReleaseKind.Flow, new Epsilon(1_000_000), Sensitivity.FlowDefault, plan, new SeriesMap(new Series(Ledgers.Series, new StreamId($"{space}/gate"))), 10_000)]);
    }
}

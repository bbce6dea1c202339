using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Privacy;
using Monitoring.Harness;
using Monitoring.Silo.History;

namespace Monitoring.Host.Tests.History;

/// <summary>Where copies cut off what the ledger forgets.</summary>
public sealed class HistoryStateTests
{
    private static readonly DateOnly Day = new(2026, 3, 29);

    [Fact]
    public void A_day_begins_at_the_midnight_of_its_zone() => Assert.Equal(Utc(28, 23), State("Europe/Zurich").StartOf(Day));

    [Fact]
    public void Where_zones_differ_it_begins_where_it_begins_first()
    {
        Assert.Equal(Utc(28, 22), State("Europe/London", "Europe/Helsinki", "Europe/Zurich").StartOf(Day));
        Assert.Equal(Utc(29, 0), State("Europe/London").StartOf(Day));
    }

    [Fact]
    public void Without_spaces_it_is_the_day_of_UTC() => Assert.Equal(Utc(29, 0), new HistoryState().StartOf(Day));

    [Fact]
    public void A_month_is_kept_until_its_last_day_is_older_than_days_are_kept()
    {
        // 31 January ended at 23:00 UTC; 30 days later, on 2 March, it is still one of the last 30 days before that day.
        var state = State("Europe/Zurich");
        Assert.Equal(new DateOnly(2026, 1, 1), state.KeptFrom(new DateTimeOffset(2026, 3, 2, 22, 59, 59, TimeSpan.Zero), 30));
        Assert.Equal(new DateOnly(2026, 2, 1), state.KeptFrom(new DateTimeOffset(2026, 3, 2, 23, 0, 0, TimeSpan.Zero), 30));
        Assert.Equal(new DateOnly(2026, 2, 1), state.KeptFrom(new DateTimeOffset(2026, 3, 30, 12, 0, 0, TimeSpan.Zero), 30));
    }

    [Fact]
    public void Where_zones_differ_the_earliest_date_counts()
    {
        var now = new DateTimeOffset(2026, 3, 3, 5, 0, 0, TimeSpan.Zero);
        Assert.Equal(new DateOnly(2026, 2, 1), State("Europe/Zurich", "Pacific/Auckland").KeptFrom(now, 30));
        Assert.Equal(new DateOnly(2026, 1, 1), State("Europe/Zurich", "Pacific/Honolulu").KeptFrom(now, 30));
        Assert.Equal(new DateOnly(2026, 2, 1), new HistoryState().KeptFrom(now, 30));
    }

    [Fact]
    public void What_changes_holds_from_the_first_day_whose_terms_are_not_taken_over_yet()
    {
        var (state, space) = (new HistoryState(), CompiledSite.Compile(new SiteDocument("site.yaml", FixtureSites.Square(1, 60), new Dictionary<string, string>())).Site!.Site.Spaces[0]);
        Assert.True(state.Note(space, Day));
        Assert.False(state.Note(space, Day));
        Assert.True(state.Note(space with { Release = space.Release with { Class = PlaceClass.Sensitive } }, Day.AddDays(1)));
        Assert.Equal([false, false, true], ((int[])[0, 1, 2]).Select(days => state.On(space.Id, Day.AddDays(days)).Sensitive));
    }

    private static HistoryState State(params string[] zones) => new() { Spaces = zones.ToDictionary(zone => zone, zone => new List<SpaceFact> { new(DateOnly.MinValue, zone, false) }) };

    private static DateTimeOffset Utc(int day, int hour) => new(2026, 3, day, hour, 0, 0, TimeSpan.Zero);
}

using System.Text.Json;
using Monitoring.Contracts.Privacy;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Privacy;
using Monitoring.Domain.Spaces;
using Monitoring.Harness;
using Monitoring.Silo.History;

namespace Monitoring.Host.Tests.History;

/// <summary>The notice tells the terms that a day has, and from when on others hold.</summary>
public sealed class PromisedTermsTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);

    [Fact]
    public void The_terms_of_today_stand_whatever_the_site_says_by_now_and_the_new_ones_begin_on_the_first_day_without_terms()
    {
        var (before, after) = (SpaceOf("plan: P15"), SpaceOf("plan: P60, epsilon: 2"));
        var days = new Dictionary<DateOnly, DayTerms> { [Today.AddDays(-1)] = SpaceTerms.Now(before, 3), [Today] = SpaceTerms.Now(before, 4) };
        var terms = PromisedTerms.Of(after, 5, JsonSerializer.SerializeToUtf8Bytes(days));

        Assert.Equal((4, 1_000_000L), (terms.On(Today)!.Version, terms.On(Today)!.EpsilonMicro));
        var next = terms.After(Today)!;
        Assert.Equal((Today.AddDays(1), 5, 2_000_000L), (next.From, next.Terms!.Version, next.Terms.EpsilonMicro));
        Assert.NotEqual(terms.On(Today)!.Plan, next.Terms.Plan);
    }

    [Fact]
    public void Half_an_hour_before_midnight_tomorrow_has_its_terms_and_the_new_ones_begin_a_day_later()
    {
        var (before, after) = (SpaceOf("plan: P15"), SpaceOf("class: closed"));
        var days = new Dictionary<DateOnly, DayTerms> { [Today] = SpaceTerms.Now(before, 4), [Today.AddDays(1)] = SpaceTerms.Now(before, 4) };
        var next = new PromisedTerms(after, 5, days).After(Today)!;
        Assert.Equal((Today.AddDays(2), null), (next.From, next.Terms));

        // Tomorrow has others already.
        days[Today.AddDays(1)] = SpaceTerms.Now(SpaceOf("plan: P60"), 5);
        Assert.Equal(Today.AddDays(1), new PromisedTerms(after, 6, days).After(Today)!.From);
    }

    [Fact]
    public void A_new_version_of_the_site_that_changes_no_promise_is_no_change_and_a_day_without_terms_has_the_newest()
    {
        var space = SpaceOf("plan: P15");
        Assert.Null(new PromisedTerms(space, 9, new Dictionary<DateOnly, DayTerms> { [Today] = SpaceTerms.Now(space, 4) }).After(Today));
        var unpinned = new PromisedTerms(space, 9, new Dictionary<DateOnly, DayTerms>());
        Assert.Equal(9, unpinned.On(Today)!.Version);
        Assert.Null(unpinned.After(Today));
        Assert.Null(new PromisedTerms(SpaceOf("class: closed"), 9, new Dictionary<DateOnly, DayTerms>()).On(Today));
    }

    private static PublicSpace SpaceOf(string release) => CompiledSite.Compile(new SiteDocument(
        "site.yaml",
        FixtureSites.Square(1, 60).Replace("    timeZone:", $"    release: {{ {release} }}\n    timeZone:", StringComparison.Ordinal),
        new Dictionary<string, string>())).Site!.Site.Spaces[0];
}

using System.Text.Json;
using Monitoring.Contracts.Privacy;
using Monitoring.Domain.History;
using Monitoring.Domain.Privacy;
using Monitoring.Domain.Spaces;
using Monitoring.Privacy;

namespace Monitoring.Silo.History;

/// <summary>What is promised for a day: the terms that the day has, not those that the site names by now.</summary>
/// <param name="space">The space as the site describes it.</param>
/// <param name="siteVersion">Version of the site.</param>
/// <param name="days">Terms that days have, by local day.</param>
internal sealed class PromisedTerms(PublicSpace space, int siteVersion, IReadOnlyDictionary<DateOnly, DayTerms> days)
{
    private readonly DayTerms _newest = SpaceTerms.Now(space, siteVersion);

    /// <summary>Reads what a space says of its days.</summary>
    /// <param name="space">The space as the site describes it.</param>
    /// <param name="siteVersion">Version of the site.</param>
    /// <param name="days">Its answer; null where it has not answered yet.</param>
    public static PromisedTerms Of(PublicSpace space, int siteVersion, byte[]? days) =>
        new(space, siteVersion, days is null ? new Dictionary<DateOnly, DayTerms>() : JsonSerializer.Deserialize<Dictionary<DateOnly, DayTerms>>(days) ?? []);

    /// <summary>The terms of a day; null where nothing is released of it.</summary>
    /// <param name="day">The local day.</param>
    public PrivacyTerms? On(DateOnly day) => ViewOf(OfDay(day));

    /// <summary>What takes effect after a day and differs from what holds on it; null where nothing does.</summary>
    /// <param name="day">The local day.</param>
    public NextTerms? After(DateOnly day)
    {
        var held = ContentOf(OfDay(day));
        foreach (var later in days.Keys.Where(later => later > day).Order())
        {
            if (ContentOf(days[later]) != held)
                return new NextTerms(later, ViewOf(days[later]));
        }

        // The first day that has no terms yet gets the newest.
        var first = days.Keys.Append(day).Max().AddDays(1);
        return ContentOf(_newest) == held ? null : new NextTerms(first, ViewOf(_newest));
    }

    private DayTerms OfDay(DateOnly day) => days.GetValueOrDefault(day) ?? _newest;

    // A site gets a new version also by changes that no promise depends on, such as another counter at the same line.
    private string ContentOf(DayTerms terms) => JsonSerializer.Serialize(ViewOf(terms) is { } view ? view with { Version = 0 } : null);

    private PrivacyTerms? ViewOf(DayTerms terms) => SpaceTerms.Of(space.Id, terms) is { } promise
        ? new PrivacyTerms(promise.Version, promise.Groups[0].Plan.ToString(), promise.Budget.Micro, promise.Sensitive, [.. promise.Groups.Select(group => ViewOf(group, promise.Sensitive))])
        : null;

    private static PrivacyGroup ViewOf(ReleaseGroup group, bool sensitive)
    {
        var accuracy = new NoiseAccuracy(group.Epsilon, group.Sensitivity);
        var least = new Publication(sensitive).LeastShown(group.Epsilon, group.Sensitivity);
        return new PrivacyGroup(PointAssembly.KindOf(group.Kind), group.Epsilon.Micro, group.Sensitivity.Bound, accuracy.Err95, accuracy.TypicalMin / 10.0, least, [.. group.Series.Series.Select(series => series.Name)]);
    }
}
